// What the page itself watches over; forms, exhibits and the header are widgets and look after themselves.

const PATIENCE_MS = 45000;
const dead = document.querySelector(".wb-dead");
const start = document.querySelector(".wb-cell-start");

function sayDead() {
  const words = dead.querySelector("span");
  if (!dead.hidden) return;
  words.textContent = dead.dataset.words;
  dead.hidden = false;
}

dead.querySelector(".wb-again").addEventListener("click", () => location.reload());

// The header says for itself when its kernel is lost. Where no header ever came, the kernel did not start.
setTimeout(() => { if (start && !start.querySelector(".wb-header")) sayDead(); }, PATIENCE_MS);

// The kernel ended when the page was left; a page brought back from the browser's memory has none.
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
