// What the page itself watches over; forms, exhibits and the header are widgets and look after themselves.
//
// Before the kernel is up, the page shows the picture that came along: what each part showed when somebody last saw this
// revision, made by the very scripts that will show it live, from charts that are drawn already. A part gives way to its live one as soon as that is drawn,
// in one frame; until then the live one is laid out in the same width behind it.

const PATIENCE_MS = 45000;
const LIVE = { start: ".wb-header", form: ".wb-form, .wb-console, .wb-exhibit[data-drawn]", exhibit: ".wb-exhibit[data-drawn]" };
const FAILED = '.wb-failed-part, [data-mime-type*="error"], [data-mime-type*="stderr"]';

const dead = document.querySelector(".wb-dead");
const start = document.querySelector(".wb-cell-start .wb-output");

function sayDead() {
  const words = dead.querySelector("span");
  if (!dead.hidden) return;
  words.textContent = dead.dataset.words;
  dead.hidden = false;
}

dead.querySelector(".wb-again").addEventListener("click", () => {
  document.documentElement.dataset.reloading = "true";
  location.reload();
});

// The header says for itself when its kernel is lost. Where no header ever came, the kernel did not start.
setTimeout(() => { if (start && !start.querySelector(".wb-header")) sayDead(); }, PATIENCE_MS);

// Voila's script takes an address for one below the machine's own root: it is told where the page's addresses really begin.
const voila = !document.getElementById("workbook-widgets");
if (voila) {
  const told = document.getElementById("jupyter-config-data");
  const config = JSON.parse(told.textContent);
  for (const name of ["baseUrl", "fullStaticUrl", "fullLabextensionsUrl", "fullMathjaxUrl"]) {
    config[name] = new URL(config[name], document.baseURI).pathname;
  }
  told.textContent = JSON.stringify(config);
}

// The kernel of a page that is left has nobody to talk to. Voila's script, where there is one, says so itself.
addEventListener("pagehide", () => {
  const { kernelId, markCookie } = JSON.parse(document.getElementById("jupyter-config-data").textContent);
  const xsrf = new RegExp(`(?:^|; )${markCookie}=([^;]*)`).exec(document.cookie)?.[1];
  if (!xsrf || (voila && (!start || start.childElementCount))) return;
  const said = new FormData();
  said.append("_xsrf", xsrf);
  navigator.sendBeacon(`../../voila/api/shutdown/${kernelId}`, said);
});

// The kernel ended when the page was left; a page brought back from the browser's memory has none.
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

/* The picture */

/** What a widget's script takes for its model: it holds what is drawn, and only answers that all is well. */
class Still {
  still = true;
  constructor(values) {
    Object.assign(this, { values, heard: new Set() });
  }
  get = (name) => this.values[name];
  on = (event, listener) => event === "msg:custom" && this.heard.add(listener);
  off = (_event, listener) => this.heard.delete(listener);
  send = (message) => message?.kind === "ping" && queueMicrotask(() => this.heard.forEach((tell) => tell({ kind: "pong" })));
}

/** Draw the picture, and return by cell what ends its parts. */
async function drawPicture({ slots, scripts }) {
  const part = async (name) => (await import(new URL(scripts[name], document.baseURI))).default;
  const [header, form, exhibit] = await Promise.all(["header", "form", "exhibit"].map(part));
  for (const slot of slots) {
    const picture = document.querySelector(`[cell-index="${slot.cell}"] > .wb-picture`);
    if (!picture) continue; // live already
    const draw = (script, values) => script.render({ model: new Still(values), el: picture });
    const drawing = picture.querySelector(".wb-drawing");
    const status = { state: "saving", text: picture.dataset.words };
    picture.replaceChildren();
    // An exhibit can be read, and its table opened; a form that nobody listens to cannot be filled in.
    picture.inert = slot.kind === "form";
    picture.parts =
      slot.kind === "start" ? [draw(header, { content: { ...slot.header, status } })]
      : slot.kind === "form" ? slot.forms.map((content) => draw(form, { content }))
      : [draw(exhibit, { ...slot, drawing })];
  }
}

/* Going live */

/**
 * For the next visit: what the picture of a page will be seen in. Not asked while a page comes, when its width costs a
 * layout, nor while it goes, when a browser may have put the system's colours aside already.
 */
function noteWindow() {
  const { theme } = document.documentElement.dataset;
  const dark = theme ? theme === "dark" : system.matches;
  document.cookie = `workbook-window=${innerWidth}.${dark ? "dark" : "light"}; path=/; SameSite=Strict; max-age=31536000`;
}
const system = matchMedia("(prefers-color-scheme: dark)");
let noting;
const noteSoon = () => {
  clearTimeout(noting);
  noting = setTimeout(noteWindow, 500);
};
requestAnimationFrame(() => setTimeout(noteWindow));
addEventListener("resize", noteSoon);
system.addEventListener("change", noteSoon);
new MutationObserver(noteWindow).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });

const waiting = new Set(document.querySelectorAll("[cell-index]"));

/** Show what is live in the place of its picture. */
function goLive(cell, output) {
  const picture = cell.querySelector(":scope > .wb-picture");
  if (picture) {
    // A table that was opened in the picture is open in what follows it.
    const opened = picture.querySelector('.wb-table-button[aria-expanded="true"]');
    if (opened) output.querySelector('.wb-table-button[aria-expanded="false"]')?.click(); // one without a chart is open anyway
    const focused = picture.contains(document.activeElement);
    const banner = document.documentElement.style.getPropertyValue("--wb-banner");
    picture.remove();
    picture.parts?.forEach((end) => end?.());
    // The header of the picture takes its measure of the banner along.
    if (banner) document.documentElement.style.setProperty("--wb-banner", banner);
    if (focused) output.querySelector("button, a")?.focus({ preventScroll: true });
  }
  waiting.delete(cell);
  // For whoever waits for the page: nothing on it is a picture any more.
  if (!waiting.size) document.documentElement.dataset.live = "true";
}

for (const cell of waiting) {
  const output = cell.querySelector(":scope > .wb-output");
  const kind = Object.keys(LIVE).find((name) => cell.classList.contains(`wb-cell-${name}`));
  const observer = new MutationObserver(() => {
    if (!output.querySelector(`${LIVE[kind]}, ${FAILED}`)) return;
    observer.disconnect();
    goLive(cell, output);
  });
  observer.observe(output, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-drawn"] });
}

const kept = document.getElementById("workbook-picture");
if (kept) {
  drawPicture(JSON.parse(kept.textContent)).catch((error) => {
    console.warn("picture", error);
    document.querySelectorAll(".wb-picture").forEach((picture) => picture.remove());
  });
}
