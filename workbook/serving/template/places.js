// Where was I? A page notes for its plan which part of it is being read; the list of plans leads back there. Kept in this
// browser only, and only as far as it is this server's own address, which is noted as the list of plans sees it.

const HOME = new URL(document.querySelector("main[data-plan]") ? "../../" : "./", document.baseURI).pathname;
const KEY = `workbook-places${HOME === "/" ? "" : HOME}`;
const PAGE = /^voila\/render\/\w+\.ipynb\?[^#]*#section-\d+$/;
const HEAD = 150; // pixels: what stands under the head counts as being read

function places() {
  try {
    return Object(JSON.parse(localStorage.getItem(KEY)));
  } catch {
    return {};
  }
}

function keep(plan, place) {
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...places(), [plan]: place }));
  } catch {
    // where nothing may be kept, the next visit begins at the top
  }
}

/* On a page: note the part being read; led back to one, stay there while the page grows. */

const main = document.querySelector("main[data-plan]");

function note() {
  const sections = [...main.querySelectorAll(".wb-section[id]")];
  const read = sections.findLast((section) => section.getBoundingClientRect().top < HEAD) ?? sections[0];
  if (!read) return;
  const part = read === sections[0] ? "" : (read.querySelector("h2")?.textContent ?? "");
  const href = `${location.pathname.slice(HOME.length)}${location.search || "?"}#${read.id}`;
  keep(main.dataset.plan, { href, words: [main.dataset.words, part].filter(Boolean).join(": "), at: Date.now() });
}

function stay(section) {
  let until = Date.now() + 8000;
  const stop = () => (until = 0);
  for (const name of ["wheel", "touchmove", "keydown", "pointerdown"]) addEventListener(name, stop, { once: true, passive: true });
  const sizes = new ResizeObserver(() => {
    if (Date.now() > until) return sizes.disconnect();
    section.scrollIntoView();
  });
  sizes.observe(main);
}

if (main) {
  let timer;
  let unnoted = true;
  const noteIn = (ms) => {
    clearTimeout(timer);
    timer = setTimeout(() => ((unnoted = false), note()), ms);
  };
  addEventListener("scroll", () => ((unnoted = true), noteIn(300)), { passive: true });
  // To look where the parts are takes a layout, for which neither a page that comes nor the one after it should wait.
  addEventListener("pagehide", () => unnoted && note());
  const asked = /^#section-\d+$/.test(location.hash) && document.getElementById(location.hash.slice(1));
  if (asked) stay(asked);
  else noteIn(1000);
}

/* On the list of plans: the way back, for each plan and, above them, for the one visited last. */

const language = document.documentElement.lang;

function lead(link, { href, words }) {
  const address = new URL(href, location.origin + HOME);
  address.searchParams.set("language", language);
  link.href = address.pathname + address.search + address.hash;
  link.querySelector("span").textContent = words;
  link.hidden = false;
}

const known = Object.entries(places()).filter(([, place]) => PAGE.test(place?.href));
for (const card of document.querySelectorAll(".wb-plan-card[data-plan]")) {
  const place = known.find(([plan]) => plan === card.dataset.plan)?.[1];
  const link = card.querySelector(".wb-resume");
  if (place && link) lead(link, { href: place.href, words: String(place.words ?? "") });
}
