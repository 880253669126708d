/*
 * Draws exhibits: the same code for the live page (an anywidget) and for the HTML report.
 *
 * drawExhibit(element, payload, words, ask) draws into element, or brings what it drew there up to date in place;
 * forgetExhibit(element) lets go of it. Whatever a person typed reaches the page by textContent or as Vega text only.
 * view.py puts the look, {light: {...}, dark: {...}}, in the place of the next string.
 */
const LOOK = "%LOOK%";

const RUNTIME = "__workbook_vega";
const NARROW = 480;
const PRINTED_WIDTH = 640;
const MULTIPLE = 180;
const UNNAMED = 44; // about what the figures of an upright axis take
const LINE = 15;
const WORDY = 36; // characters of a cell that keeps room for a few words a line, however narrow the page
const BRIEF = 70; // characters of a method that stands beside the tags; a longer one gets the width of the card
const PATIENCE = 15000;
const ATTEMPTS = 4;
const QUIET_MS = 1500;

// Shared by all copies of this script on a page: the one that drew its picture, and the one that makes it live.
const cards = (globalThis.__workbook_cards ??= new WeakMap());
const alive = new Set();
let printing = false;

export function drawExhibit(element, payload, words = {}, ask = null, adopted = null, drawing = null) {
  if (!cards.has(element)) cards.set(element, new Card(element, ask, drawing));
  Object.assign(cards.get(element), { ask, adopted });
  return cards.get(element).show(payload, words);
}

export function forgetExhibit(element) {
  cards.get(element)?.forget();
  cards.delete(element);
}

export default {
  render({ model, el }) {
    const ask = () => askKernel(model);
    const draw = () => {
      const adopt = (to) => model.send({ kind: "adopt", to });
      const shown = drawExhibit(el, model.get("payload"), model.get("words"), ask, adopt, model.get("drawing"));
      if (!model.still) cards.get(el).sendsDrawing(model);
      return shown;
    };
    let waiting = false;
    // Payload and words may change in one message: two events, one drawing.
    const changed = () => {
      if (waiting) return;
      waiting = true;
      queueMicrotask(() => { waiting = false; draw(); });
    };
    model.on("change:payload", changed);
    model.on("change:words", changed);
    const place = model.still ? null : pictureOf(model.get("payload"));
    if (place) whenOnPage(el, () => (takeOver(place, el), draw()));
    else draw();
    const watch = model.still ? null : watched(model, el);
    if (!model.still) whenSomebodyIsThere(() => model.send({ kind: "sign" }));
    return () => {
      watch?.disconnect();
      model.off("change:payload", changed);
      model.off("change:words", changed);
      forgetExhibit(el);
    };
  },
};

/** Tell the kernel whether somebody sees the exhibit: what nobody sees can wait. */
function watched(model, el) {
  const watch = new IntersectionObserver(
    (changes) => model.send({ kind: "seen", seen: changes.at(-1).isIntersecting }),
    { rootMargin: "25%" },
  );
  watch.observe(el);
  return watch;
}

/** The place on the page where just this payload was drawn before its kernel was up. */
function pictureOf(payload) {
  const wanted = JSON.stringify(payload);
  return [...document.querySelectorAll(".wb-picture")].find((place) => {
    const card = cards.get(place);
    return card?.drawn && card.payload.name === payload.name && JSON.stringify(card.payload) === wanted;
  });
}

/** Move the card of the picture into `el`, so that nothing is drawn twice. */
function takeOver(place, el) {
  const card = cards.get(place);
  if (!card || cards.has(el)) return;
  cards.delete(place);
  cards.set(el, card);
  el.append(card.root);
  card.stands = true;
}

function whenOnPage(el, done, frames = 120) {
  if (el.isConnected || !frames) done();
  else requestAnimationFrame(() => whenOnPage(el, done, frames - 1));
}

/* The card */

class Card {
  constructor(element, ask, drawing) {
    this.ask = ask;
    this.drawing = drawing; // as another browser drew it, until it has to be drawn here
    this.drawn = 0;
    this.turn = 0;
    this.width = 0;
    this.root = element.matches(".wb-exhibit") ? element : element.appendChild(make("figure", "wb-exhibit"));
    this.finding = make("h3", "wb-finding");
    this.chart = make("div", "wb-chart");
    this.chart.setAttribute("role", "img");
    this.facts = make("div", "wb-facts");
    this.tree = make("div", "wb-tree");
    this.failed = make("p", "wb-failed");
    this.failed.setAttribute("role", "status");
    this.tags = make("ul", "wb-tags");
    this.tags.setAttribute("role", "list");
    this.method = make("p", "wb-method");
    this.button = make("button", "wb-button wb-table-button");
    this.button.type = "button";
    this.button.addEventListener("click", () => this.open(!this.isOpen));
    this.adopt = make("div", "wb-adopt");
    this.foot = make("div", "wb-foot");
    this.files = make("div", "wb-files");
    this.foot.append(this.tags, this.method, this.adopt, this.files, this.button);
    this.table = make("div", "wb-table");
    this.table.id = "wb-table-" + Math.random().toString(36).slice(2);
    this.table.tabIndex = 0;
    this.table.setAttribute("role", "region");
    // Finding words on the page opens the table they stand in.
    this.table.addEventListener("beforematch", () => this.open(true));
    this.button.setAttribute("aria-controls", this.table.id);
    this.root.replaceChildren(this.finding, this.chart, this.facts, this.tree, this.failed, this.foot, this.table);
    this.open(false);
    this.observer = new ResizeObserver(() => requestAnimationFrame(() => this.refit()));
    this.observer.observe(this.chart);
    alive.add(this);
    followPage();
  }

  show(payload, words) {
    this.payload = payload ?? {};
    this.words = words ?? {};
    const { finding = "", tags = [], method = "", n = null, table = null, empty = false, name = "" } = this.payload;
    const facts = this.payload.cards ?? [];
    // Where the table is all there is to see, there is nothing to fold it behind.
    const bare = Boolean(table) && !this.payload.chart && !facts.length && !this.payload.branches?.length;
    this.root.dataset.name = name;
    this.root.lang = this.payload.language ?? "";
    this.root.classList.toggle("wb-empty", Boolean(empty));
    setText(this.finding, finding);
    this.chart.setAttribute("aria-label", finding);
    this.table.setAttribute("aria-label", finding);
    this.tags.replaceChildren(...tags.map(tagPill));
    this.tags.hidden = !tags.length;
    const sample = n === null ? "" : sampleOf(n, this.words, this.payload.language);
    // In a document the methods stand at its end, each once.
    const note = /^#note-\d+$/.test(this.payload.note ?? "") ? make("a", "", method) : null;
    if (note) note.setAttribute("href", this.payload.note);
    if (note) this.method.replaceChildren(note, sample && ` ${sample}`);
    else setText(this.method, [method, sample].filter(Boolean).join(" "));
    this.foot.classList.toggle("wb-brief", this.method.textContent.length < BRIEF);
    setText(this.button, this.words.table ?? "Table");
    this.button.hidden = !table || bare;
    // Only a live page can write into the plan; elsewhere there is nobody to hear the button.
    const acts = this.adopted ? this.payload.adopt ?? [] : [];
    this.adopt.replaceChildren(...adoptButtons(acts, (to) => this.adopted?.(to), this.words.says ?? ""));
    this.adopt.hidden = !acts.length;
    const files = this.payload.files ?? [];
    this.files.replaceChildren(...files.map(fileButton));
    this.files.hidden = !files.length;
    this.facts.replaceChildren(...facts.map(factsOf));
    this.facts.hidden = !facts.length;
    this.grow(this.payload.branches ?? []);
    this.table.replaceChildren(...(table ? [tableOf(table, finding)] : []));
    this.foot.hidden = !tags.length && !this.method.textContent && this.button.hidden && this.adopt.hidden && this.files.hidden;
    this.open(bare || (this.isOpen && Boolean(table)));
    const { stands } = this;
    this.stands = false; // what was taken over as it is needs no look at its width
    return stands ? this.announce() : this.draw();
  }

  /** Draw what can be opened; what somebody has opened stays open. */
  grow(branches) {
    const text = JSON.stringify([branches, this.words.stale]);
    this.tree.hidden = !branches.length;
    if (text === this.grown) return;
    this.grown = text;
    const isOpen = new Set([...this.tree.querySelectorAll("details[open]")].map((node) => node.dataset.way));
    this.tree.replaceChildren(...(branches.length ? [branchesOf(branches, this.words, isOpen)] : []));
  }

  open(wanted) {
    this.isOpen = wanted;
    this.button.setAttribute("aria-expanded", String(wanted));
    if (wanted) this.table.removeAttribute("hidden");
    else this.table.setAttribute("hidden", "until-found");
  }

  async draw() {
    const turn = ++this.turn;
    this.root.dataset.wbTheme = themeName();
    const hasChart = Boolean(this.payload.chart) && !this.payload.empty;
    this.chart.hidden = !hasChart;
    setText(this.failed, "");
    if (!hasChart) {
      this.clear();
      return this.announce();
    }
    if (this.drawing) {
      if (!this.drawing.isConnected) this.chart.replaceChildren(this.drawing);
      await null; // first all cards of a page are made, then all are measured: one layout, not one each
      if (turn !== this.turn) return undefined;
      if (this.keepsDrawing()) return this.announce();
    }
    try {
      if (!this.runtime) {
        const runtime = await vegaRuntime(this.ask);
        if (turn !== this.turn) return undefined;
        this.runtime = prepareRuntime(runtime);
      }
      return await this.paint();
    } catch (error) {
      if (turn === this.turn) this.fail(error);
      return undefined;
    }
  }

  /** Whether the drawing that came with the page is what would be drawn here, now: then it stands, without any Vega. */
  keepsDrawing() {
    const { width, theme, measure } = this.drawing.dataset;
    const chart = JSON.stringify([this.payload.chart, this.payload.data, this.payload.language]);
    const fits = Number(width) === Math.floor(this.chart.clientWidth) && theme === themeName() && Number(measure) === fontMeasure();
    const stands = fits && chart === (this.drawnFrom ??= chart);
    if (stands) {
      this.width = Number(width);
      if (!drawnElsewhere.has(this)) whenSomebodyIsThere(() => drawHere(this));
      drawnElsewhere.add(this);
    } else {
      this.wake();
    }
    return stands;
  }

  /** Have the chart drawn here from now on; the other drawing stands until that is done. */
  wake() {
    drawnElsewhere.delete(this);
    this.drawing = null;
  }

  /** Hand the drawing of this chart to the kernel, for whoever opens the page next, once all is quiet. */
  sendsDrawing(model = this.model) {
    this.model = model;
    clearTimeout(this.sending);
    this.sending = setTimeout(() => {
      const svg = this.view && this.chart.querySelector("svg");
      if (!svg || this.painting || printing || !alive.has(this) || document.hidden) return;
      const key = `${model.get("turn")} ${this.width} ${this.root.dataset.wbTheme}`;
      if (key === this.sent || Math.floor(this.chart.clientWidth) !== this.width) return;
      this.sent = key;
      model.send({
        kind: "drawing", of: model.get("turn"), width: this.width, screen: innerWidth, theme: themeName(),
        measure: fontMeasure(), svg: new XMLSerializer().serializeToString(svg),
      });
    }, QUIET_MS);
  }

  /** Draw now, or as soon as the drawing under way is done. */
  async paint() {
    this.again = Boolean(this.painting);
    if (this.painting) return this.painting;
    this.painting = this.paintOnce();
    try {
      await this.painting;
    } finally {
      this.painting = null;
    }
    return this.again ? this.paint() : undefined;
  }

  /** All waits in here are microtasks, so that no frame shows a half-drawn chart, not even before printing. */
  async paintOnce() {
    const width = Math.floor(printing ? Math.min(this.chart.clientWidth, PRINTED_WIDTH) : this.chart.clientWidth);
    this.root.dataset.wbTheme = themeName();
    // Without a width (a closed section), the observer draws once there is one.
    if (width < 1 || !this.payload.chart || this.payload.empty) return;
    const { spec, tables } = laidOut(this.payload, width);
    const key = JSON.stringify([spec, width, themeName(), this.payload.language]);
    if (key !== this.key || !(await this.swap(tables))) await this.embed(spec, tables, width);
    this.key = key;
    this.width = width;
    this.announce();
  }

  /** Put new figures into the running chart; false when that cannot be done. */
  async swap(tables) {
    if (!this.view) return false;
    try {
      let changed = false;
      for (const [name, rows] of Object.entries(tables)) {
        const text = JSON.stringify(rows);
        if (text === this.shown[name]) continue;
        this.view.data(name, parsedRows(this.runtime.vega, JSON.parse(text), this.formats[name]));
        this.shown[name] = text;
        changed = true;
      }
      if (changed) await settled(this.view);
      return true;
    } catch {
      return false;
    }
  }

  async embed(spec, tables, width) {
    const made = await drawnView(this.runtime, spec, tables, width, LOOK[themeName()], this.payload.language);
    if (!alive.has(this)) return made.view.finalize();
    // The next chart is complete before the last one goes: nothing flickers, nothing jumps.
    this.chart.replaceChildren(made.holder);
    this.view?.finalize();
    this.view = made.view;
    this.formats = made.formats;
    this.shown = Object.fromEntries(Object.entries(tables).map(([name, rows]) => [name, JSON.stringify(rows)]));
    return undefined;
  }

  refit() {
    if (this.drawing && this.root.isConnected && this.chart.clientWidth && !printing) {
      if (Math.abs(this.chart.clientWidth - this.width) >= 1) this.draw();
      return;
    }
    if (!this.root.isConnected || !this.runtime || !this.payload?.chart || this.payload.empty || printing) return;
    if (Math.abs(this.chart.clientWidth - this.width) >= 1) this.repaint();
  }

  async repaint() {
    if (this.drawing) return printing ? undefined : this.draw();
    if (!this.runtime || !this.payload?.chart || this.payload.empty) {
      this.root.dataset.wbTheme = themeName();
      return;
    }
    try {
      await this.paint();
    } catch (error) {
      this.fail(error);
    }
  }

  fail(error) {
    console.warn("exhibit", this.payload.name, error);
    this.clear();
    this.chart.hidden = true;
    setText(this.failed, this.words.failed ?? "");
    if (this.payload.table) this.open(true);
    this.announce();
  }

  clear() {
    this.wake();
    this.view?.finalize();
    this.view = this.key = null;
    this.chart.replaceChildren();
  }

  announce() {
    this.root.dataset.drawn = String(++this.drawn);
    if (this.model) this.sendsDrawing();
    performance.mark("wb-exhibit-drawn", { detail: this.payload.name });
  }

  forget() {
    this.turn++;
    clearTimeout(this.sending);
    this.observer.disconnect();
    alive.delete(this);
    drawnElsewhere.delete(this);
    this.view?.finalize();
    this.view = null;
    hideTip();
  }
}

function make(tag, classes, text) {
  const element = document.createElement(tag);
  if (classes) element.className = classes;
  if (text !== undefined) element.textContent = text;
  return element;
}

function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
  element.hidden = !text;
}

function adoptButtons(acts, adopt, says) {
  if (!acts.length) return [];
  const buttons = acts.map(({ to, label }) => {
    const button = make("button", "wb-button wb-adopt-button", label);
    button.type = "button";
    button.addEventListener("click", () => adopt(to));
    return button;
  });
  // What a button will write can be read before it is pressed.
  const details = make("details", "wb-adopt-says");
  const list = make("ul");
  list.append(...acts.flatMap((act) => act.says).map((line) => make("li", "", line)));
  details.append(make("summary", "", says), list);
  return [...buttons, details];
}

const TAG_KINDS = ["assumed", "observed", "tested", "proof", "stale", "note"];

function tagPill({ kind, text }) {
  return make("li", `wb-tag wb-tag-${TAG_KINDS.includes(kind) ? kind : "note"}`, text);
}

function factsOf({ title, subtitle, facts, tags, wide }) {
  const card = make("section", wide ? "wb-facts-card wb-facts-wide" : "wb-facts-card");
  if (title) card.append(make("h4", "", title));
  if (subtitle) card.append(make("p", "wb-facts-subtitle", subtitle));
  const list = make("dl");
  for (const { label, lines, sentences } of facts) {
    list.append(make("dt", "", label), ...lines.map((line) => make("dd", sentences ? "wb-said" : "", line)));
  }
  card.append(list);
  if (tags.length) {
    const pills = make("ul", "wb-tags");
    pills.setAttribute("role", "list");
    pills.append(...tags.map(tagPill));
    card.append(pills);
  }
  return card;
}

/** A button that saves a file made on the page itself: nobody is asked for it. */
function fileButton({ name, label, type, content }) {
  const button = make("button", "wb-button wb-file-button", label);
  button.type = "button";
  button.addEventListener("click", () => {
    const link = make("a");
    link.href = URL.createObjectURL(new Blob([content], { type }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });
  return button;
}

function branchesOf(branches, words, isOpen, way = "") {
  const list = make("ul", "wb-branches");
  list.setAttribute("role", "list");
  list.append(...branches.map(({ label, text, stale, branches: below }) => {
    const parts = [make("span", "wb-branch-name", label), make("span", "wb-branch-text", text)];
    if (stale) parts.push(make("span", "wb-tag wb-tag-stale", words.stale ?? "stale"));
    const row = make("li");
    if (below.length) {
      const details = make("details");
      details.dataset.way = `${way}/${label}`;
      details.open = isOpen.has(details.dataset.way);
      const summary = make("summary");
      summary.append(...parts);
      details.append(summary, branchesOf(below, words, isOpen, details.dataset.way));
      row.append(details);
    } else {
      row.append(...parts);
    }
    return row;
  }));
  return list;
}

function tableOf({ columns, shown }, caption) {
  const table = make("table");
  table.append(make("caption", "wb-unseen", caption));
  const head = table.createTHead().insertRow();
  for (const column of columns) {
    const cell = make("th", column.kind === "text" ? "" : "wb-number", column.label);
    cell.scope = "col";
    head.append(cell);
  }
  const body = table.createTBody();
  for (const values of shown) {
    const row = body.insertRow();
    values.forEach((value, i) => {
      const heads = i === 0 && columns[i].kind === "text";
      const cell = make(heads ? "th" : "td", columns[i].kind === "text" ? "" : "wb-number", value);
      if (columns[i].kind === "text") cell.classList.toggle("wb-words", String(value ?? "").length > WORDY);
      if (heads) cell.scope = "row";
      row.append(cell);
    });
  }
  return table;
}

function sampleOf(n, words, language) {
  const locale = language === "en" ? "en-GB" : language;
  const counted = new Intl.NumberFormat(locale, { useGrouping: "always" }).format(n);
  return (words.n ?? "n = {n}").replace("{n}", counted).replaceAll(" ", "\u00a0");
}

/* What the page looks like, and when that changes */

let ours = false;

function themeName() {
  if (printing) return "light";
  const chosen = document.documentElement.dataset.theme;
  if (chosen === "dark" || chosen === "light") return chosen;
  // Lab has a theme of its own; a page of ours has our colours on its root and follows the reader. It will not change.
  ours ||= Boolean(getComputedStyle(document.documentElement).getPropertyValue("--wb-paper"));
  const lab = document.body?.dataset.jpThemeLight;
  if (!ours && lab) return lab === "false" ? "dark" : "light";
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

let following = false;

function followPage() {
  if (following) return;
  following = true;
  let last = themeName();
  const look = () => {
    if (themeName() === last) return;
    last = themeName();
    repaintAll();
  };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", look);
  const attributes = { attributes: true, attributeFilter: ["data-theme", "data-jp-theme-light"] };
  const observer = new MutationObserver(look);
  for (const element of [document.documentElement, document.body]) observer.observe(element, attributes);
  addEventListener("beforeprint", () => { printing = true; repaintAll(); });
  addEventListener("afterprint", () => { printing = false; repaintAll(); });
}

function repaintAll() {
  hideTip();
  for (const card of alive) if (card.root.isConnected) card.repaint();
}

/* Charts that came with the page, drawn by another browser: drawn here when somebody is there to point at them */

const drawnElsewhere = new Set();
let near = null;
const SIGNS = ["pointermove", "pointerdown", "keydown", "focusin", "wheel", "touchstart"];
let awaited = null;

/** Call `act` at the next sign that somebody is there. */
function whenSomebodyIsThere(act) {
  if (!awaited) {
    const acts = (awaited = []);
    const heard = () => {
      awaited = null;
      SIGNS.forEach((sign) => removeEventListener(sign, heard, true));
      acts.forEach((one) => one());
    };
    SIGNS.forEach((sign) => addEventListener(sign, heard, { capture: true, passive: true }));
  }
  awaited.push(act);
}

/** Draw here what is on the screen, one at a time when nothing else is to do, and the rest as it comes. */
function drawHere(card) {
  if (!drawnElsewhere.has(card)) return;
  near ??= new IntersectionObserver((changes) => changes.forEach(({ isIntersecting, target }) => {
    if (!isIntersecting) return;
    near.unobserve(target);
    const found = [...drawnElsewhere].find((one) => one.root === target);
    whenIdle(() => found && drawnElsewhere.has(found) && (found.wake(), found.draw()));
  }), { rootMargin: "50%" });
  near.observe(card.root);
}

function whenIdle(act) {
  if (globalThis.requestIdleCallback) requestIdleCallback(act, { timeout: 500 });
  else setTimeout(act, 50);
}

/** A length that differs where a text is set in other fonts. */
function fontMeasure() {
  return Math.round(textWidth("Hamburgefonstiv 0123456789 €%", 100) * 100) / 100;
}

/* The one Vega runtime of the page */

async function vegaRuntime(ask) {
  for (let attempts = 0; ; ) {
    const mine = !globalThis[RUNTIME];
    if (mine) {
      attempts++;
      globalThis[RUNTIME] = startRuntime(ask);
    }
    const shared = globalThis[RUNTIME];
    try {
      const runtime = await shared;
      if (runtime?.vega && runtime?.vegaLite) return runtime;
      throw new Error("not a Vega runtime");
    } catch (error) {
      if (globalThis[RUNTIME] === shared) delete globalThis[RUNTIME];
      if (mine && (attempts >= ATTEMPTS || (!ask && !announcedUrl()))) throw error;
      // Let another card ask: its kernel may be a better one.
      if (mine) await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

function announcedUrl() {
  const content = document.querySelector('meta[name="workbook-vega"]')?.content;
  const url = content ? new URL(content, document.baseURI) : null;
  return url && url.origin === location.origin ? url.href : null;
}

async function startRuntime(ask) {
  const url = announcedUrl();
  if (url) {
    try {
      return await importRuntime(url);
    } catch (error) {
      if (!ask) throw error;
    }
  }
  if (!ask) throw new Error("no Vega runtime on this page");
  const script = await inTime(ask());
  const blob = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  try {
    return await importRuntime(blob);
  } finally {
    URL.revokeObjectURL(blob);
  }
}

async function importRuntime(url) {
  const before = globalThis[RUNTIME];
  await import(/* @vite-ignore */ url);
  // The script has put its own promise in the place of ours; a second import of one address runs nothing.
  if (globalThis[RUNTIME] === before) throw new Error("the script brought no Vega runtime");
  return globalThis[RUNTIME];
}

function inTime(promise) {
  return Promise.race([
    promise,
    new Promise((_, reject) => setTimeout(() => reject(new Error("no answer from the kernel")), PATIENCE)),
  ]);
}

function askKernel(model) {
  return new Promise((resolve) => {
    const heard = (message, buffers) => {
      if (message?.kind !== "vega" || !buffers?.length) return;
      model.off("msg:custom", heard);
      resolve(buffers[0]);
    };
    model.on("msg:custom", heard);
    model.send({ kind: "vega" });
  });
}

/* From a payload to a specification at a width */

function laidOut(payload, width) {
  let spec = structuredClone(payload.chart);
  const narrow = spec.usermeta?.narrow;
  if (width < NARROW && narrow) spec = mergePatch(spec, narrow);
  delete spec.usermeta;
  const tables = namedTables(spec, payload.data ?? {});
  if (width < NARROW && spec.hconcat) {
    spec.vconcat = spec.hconcat;
    delete spec.hconcat;
  }
  wrapColumns(spec, tables, width);
  const step = roomyStep(spec, tables, width);
  if (step && !composed(spec)) spec.height = { step };
  return { spec, tables };
}

/** JSON merge patch (RFC 7396). */
function mergePatch(target, patch) {
  if (patch === null || typeof patch !== "object" || Array.isArray(patch)) return patch;
  const merged = target && typeof target === "object" && !Array.isArray(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = mergePatch(merged[key], value);
  }
  return merged;
}

/**
 * Name the tables by their order in the spec and return them. Altair names them by a hash of their content, so that
 * otherwise no two specs would ever be the same apart from data.
 */
function namedTables(spec, data) {
  const names = new Map();
  const tables = {};
  const visit = (node) => {
    if (node === null || typeof node !== "object") return;
    if (!Array.isArray(node) && node.data && typeof node.data === "object") {
      const { name, values } = node.data;
      const known = name !== undefined && Object.hasOwn(data, name);
      if (known || Array.isArray(values)) {
        const old = known ? name : values;
        if (!names.has(old)) names.set(old, `table_${names.size}`);
        tables[names.get(old)] = known ? data[name] : values;
        node.data = { ...node.data, name: names.get(old) };
        delete node.data.values;
      }
    }
    for (const [key, value] of Object.entries(node)) if (key !== "data") visit(value);
  };
  visit(spec);
  return tables;
}

/** Small multiples side by side go over several rows where they would be too narrow to read. */
function wrapColumns(spec, tables, width) {
  for (const place of [spec.encoding, spec.facet]) {
    const column = place?.column;
    if (!column?.field || place.row || distinct(tables, column.field) * MULTIPLE <= width) continue;
    delete place.column;
    if (place === spec.facet) spec.facet = column;
    else place.facet = column;
  }
}

function composed(spec) {
  const { facet, row, column } = spec.encoding ?? {};
  return Boolean(spec.facet || spec.repeat || spec.concat || spec.hconcat || spec.vconcat || facet || row || column);
}

function units(spec) {
  const inner = [...(spec.layer ?? []), ...(spec.vconcat ?? []), ...(spec.hconcat ?? []), ...(spec.concat ?? [])];
  if (spec.spec) inner.push(spec.spec);
  return [spec, ...inner.flatMap(units)];
}

/** How wide the names on a vertical axis may be before they break into lines. */
function nameLimit(width) {
  return Math.round(Math.min(300, Math.max(96, width * (width < NARROW ? 0.45 : 0.38))));
}

/** The height of a row that its longest name needs when broken into lines; null where the spec's own will do. */
function roomyStep(spec, tables, width) {
  const fields = new Set();
  for (const unit of units(spec)) {
    const { field, type, axis } = unit.encoding?.y ?? {};
    if (typeof field === "string" && (type === "nominal" || type === "ordinal") && axis !== null) fields.add(field);
  }
  if (!fields.size) return null;
  const rowCount = Math.max(...[...fields].map((field) => distinct(tables, field)));
  const { height = { step: 30 } } = spec;
  const own = typeof height === "number" ? height / rowCount : height?.step ?? null;
  if (own === null) return null;
  let lines = 1;
  for (const rows of Object.values(tables)) {
    for (const row of rows) {
      for (const field of fields) {
        if (typeof row[field] === "string") lines = Math.max(lines, brokenLines(row[field], nameLimit(width)).length);
      }
    }
  }
  const needed = lines * LINE + 10;
  if (lines > 1 && needed > own) return needed;
  return typeof spec.height === "number" ? null : own;
}

/** About how much of the width the words at the left of the plot take. */
function besideWidth(spec, tables, width) {
  const names = new Set();
  for (const { encoding } of units(spec)) {
    if (encoding?.y?.type !== "nominal" && encoding?.y?.type !== "ordinal") continue;
    for (const row of Object.values(tables).flat()) names.add(String(row[encoding.y.field] ?? ""));
  }
  return names.size ? Math.min(nameLimit(width), Math.max(...Array.from(names, (name) => widestLine(name, nameLimit(width))))) + 10 : UNNAMED;
}

/** Whether the names under a chart have words that are wider than their place. */
function crowdedNames(spec, tables, plotWidth) {
  for (const unit of units(spec)) {
    const { field, type, axis } = unit.encoding?.x ?? {};
    if (typeof field !== "string" || (type !== "nominal" && type !== "ordinal") || axis === null) continue;
    const room = plotWidth / distinct(tables, field) - 6;
    for (const row of Object.values(tables).flat()) {
      if (typeof row[field] === "string" && row[field].split(/\s+/).some((word) => textWidth(word) > room)) return true;
    }
  }
  return false;
}

let pen = null;

function textWidth(text, size = 12) {
  pen ??= document.createElement("canvas").getContext("2d");
  pen.font = `${size}px ${LOOK.light.config.font}`;
  return pen.measureText(text).width;
}

const widestLine = (text, limit) => Math.max(...brokenLines(text, limit).map((line) => textWidth(line)));

const broken = new Map();

/** Break a text at its spaces into lines of at most ``limit`` pixels; past ``most`` lines it ends in an ellipsis. */
function brokenLines(text, limit, most = 5) {
  const key = `${Math.round(limit)} ${most} ${text}`;
  if (broken.has(key)) return broken.get(key);
  const lines = [];
  for (const word of String(text).split(/\s+/)) {
    const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
    if (lines.length && textWidth(longer) <= limit) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  if (lines.length > most) {
    let last = lines[most - 1];
    while (last && textWidth(`${last}…`) > limit) last = last.slice(0, -1);
    lines.splice(most - 1, lines.length, `${last}…`);
  }
  if (broken.size > 5000) broken.clear();
  broken.set(key, lines);
  return lines;
}

/* From a specification to a drawing */

const refuse = () => Promise.reject(new Error("an exhibit loads nothing"));
const LOADER = { load: refuse, sanitize: refuse, http: refuse, file: refuse };

const LOCALES = "%LOCALES%";

function speak(vega, language) {
  const { figures, dates } = LOCALES[language] ?? LOCALES.en;
  vega.resetDefaultLocale();
  vega.formatLocale(figures);
  if (dates) vega.timeFormatLocale(dates);
}

async function drawnView(runtime, spec, tables, width, theme, language) {
  const config = structuredClone(theme.config);
  config.view.continuousHeight = width < NARROW ? 230 : 280;
  const beside = besideWidth(spec, tables, width);
  const slanted = crowdedNames(spec, tables, width - beside);
  const named = beside !== UNNAMED;
  const look = { ...theme, config, width, beside, named, slanted, composed: composed(spec) };
  if (!composed(spec)) {
    const autosize = { type: "fit-x", contains: "padding", resize: true };
    return compiledView(runtime, { ...spec, width, autosize }, tables, look, language);
  }
  // Above an axis of small multiples stands their name.
  delete config.axisLeft;
  delete config.axisRight;
  // Vega fits no composed chart into a width: draw it, see what axes and headers took, and draw it again.
  const columns = across(spec, tables, width);
  let each = Math.max(60, width / columns - 60);
  let made = null;
  for (let round = 0; round < 3; round++) {
    made?.view.finalize();
    config.header.labelLimit = Math.round(each);
    made = await compiledView(runtime, withWidths(spec, each, columns), tables, look, language);
    const over = made.holder.querySelector("svg").getAttribute("width") - width;
    if (Math.abs(over) < 2 || each <= 60) break;
    each = Math.max(60, each - over / columns);
  }
  return made;
}

function across(spec, tables, width) {
  if (spec.hconcat) return spec.hconcat.length;
  if (spec.vconcat) return 1;
  const field = spec.encoding?.column?.field ?? spec.facet?.column?.field;
  const wrapped = spec.encoding?.facet ?? (spec.facet?.field ? spec.facet : null);
  const wanted = field ? distinct(tables, field) : wrapped ? distinct(tables, wrapped.field) : spec.concat?.length ?? 1;
  const most = spec.columns ?? wrapped?.columns ?? Infinity;
  return field ? wanted : Math.max(1, Math.min(wanted, most, Math.floor(width / MULTIPLE)));
}

function distinct(tables, field) {
  const different = (rows) => new Set(rows.filter((row) => field in row).map((row) => row[field])).size;
  return Math.max(1, ...Object.values(tables).map(different));
}

function withWidths(spec, width, columns) {
  const sized = { ...spec };
  for (const kind of ["hconcat", "vconcat", "concat"]) {
    if (sized[kind]) sized[kind] = sized[kind].map((part) => withWidths(part, width, 1));
  }
  if (sized.spec) sized.spec = withWidths(sized.spec, width, 1);
  if (sized.concat || sized.facet?.field) sized.columns = columns;
  if (sized.encoding?.facet) sized.encoding = { ...sized.encoding, facet: { ...sized.encoding.facet, columns } };
  if (!sized.hconcat && !sized.vconcat && !sized.concat && !sized.spec) sized.width = Math.round(width);
  return sized;
}

async function compiledView({ vega, vegaLite, interpreter }, spec, tables, look, language) {
  const datasets = structuredClone(tables);
  const { spec: compiled } = vegaLite.compile({ ...spec, datasets }, { config: look.config, logger: SILENT });
  finished(compiled, look);
  speak(vega, language);
  const view = new vega.View(vega.parse(compiled, null, { ast: true }), {
    renderer: "svg",
    expr: interpreter,
    loader: LOADER,
    logger: SILENT,
    tooltip: showTip,
  });
  const holder = make("div", "wb-drawing");
  await settled(view.initialize(holder));
  const svg = holder.querySelector("svg");
  svg?.setAttribute("aria-hidden", "true");
  svg?.setAttribute("focusable", "false");
  const formats = Object.fromEntries((compiled.data ?? []).map((source) => [source.name, source.format]));
  return { view, holder, formats };
}

/**
 * Run a view until its layout holds. Vega fits a chart into its width by a callback after the run, which it does not
 * wait for, and once only; but a narrower plot may push a label further out.
 */
async function settled(view) {
  await ranOnce(view);
  let [width, step] = [view.width(), Infinity];
  for (let round = 0; round < 6; round++) {
    await ranOnce(view.resize());
    const moved = Math.abs(view.width() - width);
    if (moved < 0.5 || moved > step) break;
    [width, step] = [view.width(), moved];
  }
}

async function ranOnce(view) {
  await view.runAsync();
  for (let i = 0; i < 8; i++) await null;
}

const SILENT = { level: () => SILENT, error: note, warn: note, info: () => SILENT, debug: () => SILENT };

function note(...message) {
  console.debug("vega", ...message);
  return SILENT;
}

/** Rows read as Vega would read them from the spec: dates from texts, above all. */
function parsedRows(vega, rows, format) {
  return format?.parse ? vega.read(rows, { ...format, type: "json" }) : rows;
}

/** Finish what Vega-Lite cannot say: names that break into lines, legends that fit, labels of lines that keep apart. */
function finished(scope, look, scales = new Map()) {
  const { width } = look;
  const known = new Map(scales);
  for (const scale of scope.scales ?? []) known.set(scale.name, scale.type);
  const marked = (scope.marks ?? []).some(isDirectLabel);
  let rise = 0;
  for (const axis of scope.axes ?? []) {
    breakNames(axis, known.get(axis.scale), look);
    thinTicks(axis, width);
    rise = Math.max(rise, breakTitle(axis, width * (marked ? 0.7 : 0.92), look));
    breakLyingTitle(axis, look);
  }
  for (const legend of scope.legends ?? []) {
    const scale = legend.fill ?? legend.stroke ?? legend.shape;
    const orient = legend.orient ?? "top";
    // Dashes of the lines would fray the edge of a filled symbol.
    if (legend.fill) delete legend.strokeDash;
    // Vega keeps legends clear of names below and above, not of a title above an upright axis.
    if (orient === "top" && rise) legend.offset ??= rise + 12;
    const lying = orient === "top" || orient === "bottom";
    if (lying && legend.type !== "gradient" && known.get(scale) === "ordinal") {
      const most = Number(legend.columns) || 99;
      breakLegend(legend, width - look.beside - 26);
      legend.columns = { signal: `min(${most}, wbColumns(domain(${JSON.stringify(scale)}), ${width - look.beside}))` };
    }
  }
  for (const mark of scope.marks ?? []) {
    if (mark.type === "group") finished(mark, look, known);
    if (isDirectLabel(mark)) {
      const room = width < NARROW ? Math.max(72, width * 0.26) : 0;
      const apart = { type: "wbapart", height: { signal: "height" }, ground: look.card, ink: look.ink, room };
      mark.transform = [...(mark.transform ?? []), apart];
    }
    if (isPointLabel(mark)) {
      const size = { width: { signal: "width" }, height: { signal: "height" } };
      mark.transform = [...(mark.transform ?? []), { type: "wbaround", ...size, ground: look.card, ink: look.ink }];
    }
  }
}

/** Labels at the end of lines: the text layer of a chart whose name starts with "direct". */
function isDirectLabel(mark) {
  return mark.type === "text" && Boolean(mark.name?.startsWith("direct"));
}

/** Names of points: the text layer of a chart whose name starts with "around"; each finds a free place beside its point. */
function isPointLabel(mark) {
  return mark.type === "text" && Boolean(mark.name?.startsWith("around"));
}

function breakNames(axis, scaleType, { width, slanted }) {
  if (scaleType !== "band" && scaleType !== "point") return;
  if (axis.labels === false || axis.labelAngle) return;
  const update = ((axis.encode ??= {}).labels ??= {}).update ?? {};
  const text = typeof update.text?.signal === "string" ? update.text.signal : "datum.label";
  const upright = axis.orient === "left" || axis.orient === "right";
  if (slanted && !upright) {
    Object.assign(axis, { labelAngle: -40, labelAlign: axis.orient === "top" ? "left" : "right", labelLimit: 150 });
    axis.labelBaseline = axis.orient === "top" ? "bottom" : "top";
    return;
  }
  const scale = JSON.stringify(axis.scale);
  const limit = upright ? String(nameLimit(width)) : `(width / max(1, length(domain(${scale}))) - 6)`;
  axis.encode.labels.update = { ...update, text: { signal: `wbLines(${text}, ${limit})` } };
  if (upright) axis.encode.labels.update.dy = { signal: `wbRise(${text}, ${limit})` };
  axis.labelLimit = upright ? nameLimit(width) + 8 : { signal: `max(40, ${limit})` };
}

/** Half of Vega-Lite's ticks say as much; and no amount is "0k". */
function thinTicks(axis, width) {
  const [, side, every] = /^ceil\((.*(?:width|height).*)\/(\d+)\)$/i.exec(axis.tickCount?.signal ?? "") ?? [];
  if (side) {
    const lying = axis.orient === "bottom" || axis.orient === "top";
    axis.tickCount = { signal: `max(2, ceil(${side}/${every * (lying && width >= NARROW ? 2 : 1.4)}))` };
  }
  if (axis.labels === false || !/s$/.test(axis.format ?? "") || axis.formatType) return;
  const update = ((axis.encode ??= {}).labels ??= {}).update ?? {};
  axis.encode.labels.update = { text: { signal: "datum.value === 0 ? '0' : datum.label" }, ...update };
}

/** A word of a legend that is wider than the plot breaks into lines; the legend cannot reach back under the names. */
function breakLegend(legend, room) {
  const labels = ((legend.encode ??= {}).labels ??= {});
  const text = typeof labels.update?.text?.signal === "string" ? labels.update.text.signal : "datum.label";
  labels.update = { ...labels.update, text: { signal: `wbLines(${text}, ${Math.round(room)})` }, lineHeight: { value: LINE } };
}

/** Break a title that is wider than its room into lines, and return how high it rises above an upright axis. */
function breakTitle(axis, room, { config }) {
  const upright = axis.orient === "left" || axis.orient === "right";
  if (!upright || typeof axis.title !== "string" || !axis.title) return 0;
  const lines = brokenLines(axis.title, room - 40, 4);
  if (lines.length > 1) {
    axis.title = lines;
    axis.titleLineHeight = LINE;
  }
  if (!config.axisLeft) return 0;
  if (lines.length > 1) axis.titleY = config.axisLeft.titleY - (lines.length - 1) * LINE;
  return lines.length * LINE - config.axisLeft.titleY;
}

/**
 * A title under a plot may run back over the width of the names beside it and no further: one that stood out would make
 * Vega fit the plot narrower, the title stand out more, and so on down to nothing.
 */
function breakLyingTitle(axis, { beside, named, composed }) {
  const lying = axis.orient === "bottom" || axis.orient === "top";
  if (!lying || typeof axis.title !== "string" || !axis.title) return;
  const room = `max(72, width + ${composed ? 0 : Math.max(0, Math.round(named ? beside - 12 : 10))})`;
  axis.title = { signal: `wbLines(${JSON.stringify(axis.title)}, ${room})` };
  axis.titleLineHeight = LINE;
}

const ready = new WeakSet();

/** Teach a runtime, once, the functions and the transform that ``finished`` uses. */
function prepareRuntime(runtime) {
  const { vega } = runtime;
  if (ready.has(vega)) return runtime;
  ready.add(vega);
  vega.expressionFunction("wbLines", (text, limit) => brokenLines(text ?? "", limit));
  vega.expressionFunction("wbRise", (text, limit) => (1 - brokenLines(text ?? "", limit).length) * (LINE / 2));
  vega.expressionFunction("wbColumns", (names, width) => {
    const widest = Math.max(1, ...Array.from(names, (name) => textWidth(String(name)))) + 36;
    return Math.max(1, Math.min(names.length, Math.floor(width / widest)));
  });
  class Apart extends vega.Transform {
    constructor(params) { super(null, params); }
    transform(_, pulse) {
      moveApart(pulse.source ?? [], _);
      return pulse.reflow(true).modifies(["y", "text", "fill"]);
    }
  }
  Apart.Definition = {
    type: "WbApart",
    metadata: { modifies: true },
    params: [
      { name: "height", type: "number" },
      { name: "ground", type: "string" },
      { name: "ink", type: "string" },
      { name: "room", type: "number" },
    ],
  };
  vega.transforms.wbapart = Apart;
  class Around extends vega.Transform {
    constructor(params) { super(null, params); }
    transform(_, pulse) {
      placeAround(pulse.source ?? [], _);
      return pulse.reflow(true).modifies(["x", "y", "dx", "align", "text", "fill"]);
    }
  }
  Around.Definition = {
    type: "WbAround",
    metadata: { modifies: true },
    params: [
      { name: "width", type: "number" },
      { name: "height", type: "number" },
      { name: "ground", type: "string" },
      { name: "ink", type: "string" },
    ],
  };
  vega.transforms.wbaround = Around;
  return runtime;
}

/** Move labels that stand at one end of lines up and down until none touches another, and make them legible. */
function moveApart(items, { height, ground, ink, room }) {
  const labels = items.filter((item) => item.text !== "" && item.text != null && item.opacity !== 0);
  for (const item of labels) {
    if (item.y !== item.wbPlaced) item.wbWanted = item.y;
    if (room && typeof item.text === "string") item.text = brokenLines(item.text, room);
    if (typeof item.fill === "string") item.fill = legible(item.fill, ground, ink);
    item.baseline = "middle";
    item.lineHeight = LINE;
  }
  const columns = [];
  for (const item of [...labels].sort((a, b) => a.x - b.x)) {
    const beside = columns.find((column) => Math.abs(column[0].x - item.x) < 48);
    if (beside) beside.push(item);
    else columns.push([item]);
  }
  for (const column of columns) spread(column, height);
}

const DOT = 9; // pixels from the middle of a point to its name
const SHIFTS = [0, 12, -12, 24, -24, 38, -38, 54, -54];

/** Put each name beside its point where it covers no other name, no point and not the edge; where it covers least, else. */
function placeAround(items, { width, height, ground, ink }) {
  const labels = items.filter((item) => item.text !== "" && item.text != null);
  for (const item of labels) {
    if (!item.wbFrom || item.x !== item.wbAt?.x || item.y !== item.wbAt?.y) item.wbFrom = { x: item.x, y: item.y };
    item.wbText ??= item.text;
    if (typeof item.fill === "string") item.fill = legible(item.fill, ground, ink);
  }
  const dots = labels.map(({ wbFrom: { x, y } }) => ({ left: x - 6, right: x + 6, top: y - 6, bottom: y + 6 }));
  const taken = [...dots];
  for (const item of [...labels].sort((a, b) => a.wbFrom.x - b.wbFrom.x)) {
    const best = placesFor(item, width).reduce((least, place) => {
      const cost = costOf(place.box, taken, width, height) + place.away;
      return !least || cost < least.cost ? { ...place, cost } : least;
    }, null);
    taken.push(best.box);
    Object.assign(item, { x: best.x, y: best.y, dx: 0, dy: 0, align: best.align, baseline: "middle", lineHeight: LINE, text: best.lines });
    item.wbAt = { x: item.x, y: item.y };
  }
}

function placesFor(item, width) {
  const { x, y } = item.wbFrom;
  const places = [];
  for (const limit of [Math.min(160, width * 0.5), 96]) {
    const lines = brokenLines(item.wbText, limit);
    const wide = Math.max(...lines.map((line) => textWidth(line))) * (item.fontWeight === "bold" ? 1.1 : 1);
    const tall = lines.length * LINE;
    for (const shift of SHIFTS) {
      const beside = y + shift - ((lines.length - 1) * LINE) / 2;
      for (const [align, at, left] of [["left", x + DOT, x + DOT], ["right", x - DOT, x - DOT - wide]]) {
        places.push({ align, lines, x: at, y: beside, left, wide, tall, away: Math.abs(shift) + (lines.length - 1) * 4 });
      }
    }
    for (const rise of [-DOT - tall + LINE / 2, DOT + LINE / 2]) {
      places.push({ align: "center", lines, x, y: y + rise, left: x - wide / 2, wide, tall, away: 10 + (lines.length - 1) * 4 });
    }
  }
  const boxed = (place) => ({ left: place.left, right: place.left + place.wide, top: place.y - LINE / 2, bottom: place.y - LINE / 2 + place.tall });
  return places.map((place) => ({ ...place, box: boxed(place) }));
}

/** How much of a box lies over others, or past the edge of the plot. */
function costOf(box, taken, width, height) {
  let cost = 0;
  for (const other of taken) {
    const across = Math.min(box.right, other.right) - Math.max(box.left, other.left);
    const down = Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top);
    if (across > 0 && down > 0) cost += 200 + across * down;
  }
  const past = Math.max(0, -box.left) + Math.max(0, box.right - width) + Math.max(0, -6 - box.top) + Math.max(0, box.bottom - height);
  return cost + past * 60;
}

function spread(column, height) {
  const blocks = [];
  for (const item of column.sort((a, b) => a.wbWanted - b.wbWanted)) {
    const tall = tallOf(item);
    blocks.push({ items: [item], tall, centre: within(item.wbWanted, tall, height) });
    // Blocks that touch become one, about the mean of what their labels want.
    while (blocks.length > 1 && touching(blocks.at(-2), blocks.at(-1))) {
      const [upper, lower] = blocks.splice(-2);
      const both = [...upper.items, ...lower.items];
      const wanted = both.reduce((sum, one) => sum + one.wbWanted, 0) / both.length;
      const total = upper.tall + lower.tall;
      blocks.push({ items: both, tall: total, centre: within(wanted, total, height) });
    }
  }
  for (const { items, tall, centre } of blocks) {
    let top = centre - tall / 2;
    for (const item of items) {
      // The anchor of a text of many lines is its first line.
      const gap = (tallOf(item) % LINE) / 2;
      item.y = item.wbPlaced = top + gap + LINE / 2;
      top += tallOf(item);
    }
  }
}

function touching(upper, lower) {
  return upper.centre + upper.tall / 2 > lower.centre - lower.tall / 2;
}

/** A label's height; one of many lines keeps a little more apart, so that it reads as one. */
function tallOf(item) {
  const lines = Array.isArray(item.text) ? item.text.length : 1;
  return lines * LINE + (lines > 1 ? 4 : 0);
}

function within(centre, tall, height) {
  return Math.max(Math.min(centre, height + LINE / 2 - tall / 2), tall / 2 - LINE / 2);
}

/** A series' colour, moved towards the ink until a text in it has a contrast of 4.5:1 on its ground. */
function legible(colour, ground, ink) {
  const from = rgb(colour);
  if (!from) return colour;
  for (let share = 0; share <= 1; share += 0.08) {
    const mixed = from.map((value, i) => Math.round(value + (rgb(ink)[i] - value) * share));
    if (contrast(mixed, rgb(ground)) >= 4.5) return `rgb(${mixed.join(", ")})`;
  }
  return ink;
}

function rgb(colour) {
  const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(colour);
  const named = /^rgb\((\d+), ?(\d+), ?(\d+)\)$/.exec(colour);
  return hex ? hex.slice(1).map((part) => parseInt(part, 16)) : named ? named.slice(1).map(Number) : null;
}

function contrast(one, other) {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

function luminance(colour) {
  const linear = (share) => (share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4);
  const [r, g, b] = colour.map((part) => linear(part / 255));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/* The tooltip: plain text, one for the page */

let tip = null;

function hideTip() {
  if (tip) tip.hidden = true;
}

function showTip(handler, event, item, value) {
  if (value === null || value === undefined || value === "") return hideTip();
  tip ??= document.body.appendChild(make("div", "wb-tip"));
  tip.setAttribute("aria-hidden", "true");
  tip.dataset.wbTheme = themeName();
  if (typeof value === "object" && !Array.isArray(value)) {
    const lines = Object.entries(value).map(([name, said]) => {
      const line = make("div", "wb-tip-line");
      line.append(make("span", "wb-tip-name", name), make("span", "wb-tip-value", plainText(said)));
      return line;
    });
    tip.replaceChildren(...lines);
  } else {
    tip.replaceChildren(make("div", "wb-tip-line", plainText(value)));
  }
  tip.hidden = false;
  const { width, height } = tip.getBoundingClientRect();
  const left = Math.min(event.clientX + 14, innerWidth - width - 8);
  const below = event.clientY + 16;
  tip.style.left = `${Math.max(8, left)}px`;
  tip.style.top = `${below + height > innerHeight - 8 ? Math.max(8, event.clientY - height - 12) : below}px`;
  return undefined;
}

function plainText(value) {
  return value !== null && typeof value === "object" ? JSON.stringify(value) : String(value ?? "–");
}
