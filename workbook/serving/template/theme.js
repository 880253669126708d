// Before the first paint: the colours the reader chose (header.js keeps the choice), else the system's.

try {
  const theme = localStorage.getItem("workbook-theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // where nothing may be kept, the system's colours
}
