// Narrows the list of reports to those that fit every field.
const form = document.querySelector(".wb-filters");
const count = document.querySelector(".wb-count");
const rows = [...document.querySelectorAll("tbody tr")];

function fits(row, by, wanted) {
  if (by === "words") return wanted.split(/\s+/).every((word) => row.dataset.words.includes(word));
  if (by === "day") return row.dataset.day >= wanted;
  return row.dataset[by] === wanted;
}

function narrow() {
  const asked = [...form.querySelectorAll("[data-by]")]
    .map((field) => [field.dataset.by, field.dataset.by === "words" ? field.value.trim().toLowerCase() : field.value])
    .filter(([, value]) => value);
  let shown = 0;
  for (const row of rows) {
    row.hidden = !asked.every(([by, wanted]) => fits(row, by, wanted));
    shown += row.hidden ? 0 : 1;
  }
  const said = shown === 0 ? count.dataset.none : shown === 1 ? count.dataset.one : count.dataset.many;
  count.textContent = said.replace("%", shown.toLocaleString(document.documentElement.lang));
}

form.hidden = false;
form.addEventListener("input", narrow);
form.addEventListener("submit", (event) => event.preventDefault());
// A browser may bring what was typed back with the page.
narrow();
