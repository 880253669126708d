// Before the first paint: the colours the reader chose, else the system's. The head of a step's page has a button of its
// own that keeps the choice in the same way (header.js); on the other pages it is here.

try {
  const theme = localStorage.getItem("workbook-theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // where nothing may be kept, the system's colours
}

addEventListener("DOMContentLoaded", () => {
  const button = document.querySelector("button.wb-theme");
  if (!button) return;
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const dark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);
  const tell = () => button.setAttribute("aria-pressed", String(dark()));
  button.addEventListener("click", () => {
    const theme = dark() ? "light" : "dark";
    const own = theme === (system.matches ? "dark" : "light"); // the system's own is no choice to remember
    if (own) delete root.dataset.theme;
    else root.dataset.theme = theme;
    try {
      if (own) localStorage.removeItem("workbook-theme");
      else localStorage.setItem("workbook-theme", theme);
    } catch {
      // the choice holds for this page
    }
    tell();
  });
  system.addEventListener("change", tell);
  tell();
});
