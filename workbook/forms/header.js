// The head of a page: which plan, whether it is saved, and the river of steps. Everything shown comes from `content`;
// found out here is only whether the kernel still answers, how long ago it saved, and the colours the reader chose.
//
// The last of the two files that make up the module; the guide beside the headline is in guide.js.

const BEAT_MS = 1000; // what others save is seen within two seconds
const MISSED = 3; // beats without an answer; the question before them may have come a beat after the loss
const AWAY = 2; // beats without a connection that was there: it may come back at once
const MISSED_BUSY = 120; // a kernel that is known to be calculating gets two minutes
const SLOW_BEATS = 10; // while lost, ask less often: the questions may be queued
const NARROW = 560; // pixels: below, the river is a strip of dots that opens as a list (header.css)
const THEME = "workbook-theme"; // the key the choice is kept under, as theme.js reads it

function make(tag, className = "", ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children.filter((child) => child != null)); // strings become text nodes, never markup
  return node;
}

function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
  node.hidden = !text;
}

const fill = (template, values) => String(template ?? "").replace(/\{(\w+)\}/g, (mark, key) => values[key] ?? mark);

/** The address if it stays on this site, else null. Browsers ignore control characters and take a backslash for a slash. */
function localHref(href) {
  const plain = String(href ?? "").replace(/[\u0000-\u0020\u007f]/g, "");
  if (!plain || /^[\\/]{2}/.test(plain) || /^[^/?#]*[:\\]/.test(plain)) return null;
  return plain;
}

/** A link, or plain text where the address is not one of ours. */
function link(className, href, ...children) {
  const local = localHref(href);
  const node = make(local === null ? "span" : "a", className, ...children);
  if (local !== null) node.setAttribute("href", local);
  return node;
}

/** A button that opens what it is followed by, and closes it when the reader turns elsewhere. */
class Opener {
  constructor(className, panel, inside) {
    Object.assign(this, { panel, inside });
    this.button = make("button", className);
    this.button.type = "button";
    this.button.addEventListener("click", () => this.set(!this.open));
    this.onElsewhere = (event) => this.open && !inside.contains(event.target) && this.set(false);
    this.onKey = (event) => {
      if (event.key !== "Escape" || !this.open) return;
      this.set(false);
      this.button.focus();
    };
    inside.addEventListener("keydown", this.onKey);
    document.addEventListener("pointerdown", this.onElsewhere);
    document.addEventListener("focusin", this.onElsewhere);
    this.set(false);
  }

  set(open) {
    this.open = open;
    this.button.setAttribute("aria-expanded", String(open));
    this.inside.classList.toggle("wb-opened", open);
    this.onSet?.(open);
  }

  close() {
    document.removeEventListener("pointerdown", this.onElsewhere);
    document.removeEventListener("focusin", this.onElsewhere);
  }
}

/** Light or dark: the system's, until the reader chooses otherwise; then that, on every page. */
class Theme {
  constructor() {
    this.system = matchMedia("(prefers-color-scheme: dark)");
    this.button = make("button", "wb-theme", make("span", "wb-theme-sign"));
    this.button.type = "button";
    this.button.addEventListener("click", () => this.choose(this.dark ? "light" : "dark"));
    this.onSystem = () => this.tell();
    this.system.addEventListener("change", this.onSystem);
    this.tell();
  }

  get dark() {
    const chosen = document.documentElement.dataset.theme;
    return chosen ? chosen === "dark" : this.system.matches;
  }

  /** The system's own theme is no choice to remember. */
  choose(theme) {
    const own = theme === (this.system.matches ? "dark" : "light");
    if (own) delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    try {
      if (own) localStorage.removeItem(THEME);
      else localStorage.setItem(THEME, theme);
    } catch {
      // where nothing may be kept, the choice holds for this page
    }
    this.tell();
  }

  tell = () => this.button.setAttribute("aria-pressed", String(this.dark));
  close = () => this.system.removeEventListener("change", this.onSystem);
}

class Header {
  constructor(model, el) {
    this.model = model;
    this.onPage = Boolean(document.querySelector(".wb-page")); // else in JupyterLab, which has colours and pages of its own
    this.home = make("span", "");
    this.plan = make("span", "wb-plan");
    this.scenario = make("span", "wb-scenario");
    this.scenarioList = make("ul", "wb-scenario-list");
    this.scenarios = make("nav", "wb-scenarios");
    this.chooser = new Opener("wb-scenario wb-chooser", this.scenarioList, this.scenarios);
    this.scenarios.append(this.chooser.button, this.scenarioList);
    this.status = make("span", "wb-status");
    this.status.setAttribute("role", "status");
    this.ago = make("span", "wb-ago"); // ticks, so it is no part of what is announced
    this.ticking = setInterval(() => this.tick(), 1000);
    this.theme = new Theme();
    this.theme.button.hidden = !this.onPage;
    this.languages = make("nav", "wb-languages");
    this.print = make("button", "wb-print");
    this.print.type = "button";
    this.print.addEventListener("click", () => window.print());
    this.river = make("ol", "wb-river");
    this.steps = make("nav", "wb-steps-nav");
    this.opener = new Opener("wb-steps-button", this.river, this.steps);
    this.opener.onSet = () => this.fold();
    this.steps.append(this.opener.button, this.river);
    this.guide = new Guide(this);
    this.banner = make("p", "wb-banner");
    this.lostText = make("span", "");
    this.reload = make("button", "wb-reload");
    this.reload.type = "button";
    this.reload.addEventListener("click", () => {
      document.documentElement.dataset.reloading = "true"; // what is typed and not saved is kept by the forms
      location.reload();
    });
    this.lostBox = make("div", "wb-lost", this.lostText, this.reload);
    this.lostBox.setAttribute("role", "alert");
    this.lostBox.hidden = true;
    const names = make("div", "wb-names", this.plan, this.scenario, this.scenarios);
    const saved = make("div", "wb-saved", this.status, this.ago);
    this.bar = make("div", "wb-bar", this.home, names, saved, this.languages, this.theme.button, this.print);
    this.root = make(
      "header",
      "wb-header",
      this.banner,
      this.bar,
      this.steps,
      this.lostBox,
    );
    this.root.dataset.lmSuppressShortcuts = "true";
    for (const name of ["keydown", "keyup", "keypress"]) this.root.addEventListener(name, (event) => event.stopPropagation());
    this.heart = new Heartbeat(model, (state) => this.beat(state));
    this.update();
    el.append(this.root, ...(this.guide.own ? [this.guide.own] : []));
    // The banner stands first and scrolls away; the page sticks what is below it to the top (page.css).
    this.sizes = new ResizeObserver(() => this.measure());
    this.sizes.observe(this.banner); // tells at once, after the layout that a page needs anyway
    this.sizes.observe(this.root);
  }

  measure() {
    const below = this.bar.getBoundingClientRect().top - this.root.getBoundingClientRect().top;
    this.away = this.banner.hidden ? 0 : Math.max(0, below - 8); // the bar keeps a little air above
    document.documentElement.style.setProperty("--wb-banner", `${this.away}px`);
    this.fold();
    this.onScroll();
  }

  /** On a phone thirteen links side by side are too small to hit: the dots are a picture, and the list opens. */
  fold() {
    const width = this.root?.clientWidth ?? 0;
    this.river.inert = width > 0 && width < NARROW && !this.opener?.open;
  }

  update() {
    const content = this.model.get("content") ?? {};
    this.content = content;
    this.words = content.words ?? {};
    say(this.plan, content.plan ?? "");
    this.drawHome(content.home);
    this.drawScenarios(content.scenario ?? "", content.scenarios ?? []);
    say(this.print, content.print ?? "");
    say(this.banner, content.banner ?? "");
    say(this.reload, this.words.reload ?? "");
    this.drawStatus();
    this.drawLanguages(content.languages ?? []);
    this.drawSteps(content.steps ?? []);
    this.theme.button.setAttribute("aria-label", this.words.dark ?? "");
    this.theme.button.title = this.words.dark ?? "";
    this.guide.update(content.guide ?? null);
    // A read-only page has no kernel that could be lost.
    this.heart.run(content.status?.state !== "readonly");
  }

  beat(state) {
    this.connection = state;
    this.drawStatus();
    const lost = state === "lost" ? (this.words.lost ?? "") : "";
    if (this.lostText.textContent !== lost) this.lostText.textContent = lost;
    this.lostBox.hidden = !lost;
    this.onScroll();
  }

  drawStatus() {
    const { words } = this;
    const given = this.content.status ?? {};
    const shown = {
      lost: { state: "unsaved", text: words.not_saved },
      busy: { state: "saving", text: words.busy },
    }[this.connection] ?? given;
    say(this.status, shown.text ?? "");
    this.status.dataset.state = shown.state ?? "";
    this.since = shown.at ?? null;
    this.tick();
  }

  /** How long ago it was saved; of long ago, nobody wants to know the minutes. */
  tick() {
    const seconds = this.since === null ? null : Math.max(0, Math.round((Date.now() - this.since) / 1000));
    say(this.ago, seconds === null ? "" : ago(seconds, this.words));
  }

  drawHome(href) {
    if (!this.changed("home", href ?? "")) return;
    const node = href && this.onPage ? link("wb-to-home", href, make("span", "wb-to-home-words", this.words.home ?? "")) : make("span", "");
    node.title = this.words.home ?? "";
    node.hidden = !href || !this.onPage;
    this.home.replaceWith(node);
    this.home = node;
  }

  /** A scenario alone is a name; several are to be chosen from. */
  drawScenarios(scenario, choices) {
    if (!this.changed("scenarios", [scenario, choices])) return;
    say(this.scenario, choices.length > 1 ? "" : scenario);
    this.scenarios.hidden = choices.length < 2;
    this.scenarios.setAttribute("aria-label", this.words.scenarios ?? "");
    const here = choices.find((choice) => choice.current)?.label ?? scenario;
    this.chooser.button.setAttribute("aria-label", scenario);
    this.chooser.button.replaceChildren(make("span", "wb-long", scenario), make("span", "wb-short", here));
    const items = choices.map((choice) => {
      const node = link("wb-choice", choice.href, choice.label);
      if (choice.current) node.setAttribute("aria-current", "true");
      return make("li", "", node);
    });
    this.scenarioList.replaceChildren(...items);
  }

  drawLanguages(languages) {
    if (!this.changed("languages", languages)) return;
    this.languages.setAttribute("aria-label", this.words.languages ?? "");
    this.languages.hidden = languages.length < 2;
    const nodes = languages.map((language) => {
      const node = link("wb-language", language.href, language.label);
      node.lang = language.code;
      node.title = language.title;
      if (language.current) node.setAttribute("aria-current", "true");
      return node;
    });
    this.languages.replaceChildren(...nodes);
  }

  drawSteps(steps) {
    if (!this.changed("steps", steps)) return;
    const focused = [...this.river.querySelectorAll("a")].indexOf(document.activeElement);
    this.steps.setAttribute("aria-label", this.words.steps ?? "");
    this.steps.hidden = !steps.length;
    const current = steps.find((step) => step.state === "current");
    const named = current ? `${current.number} ${current.title}` : (this.words.steps ?? "");
    this.opener.button.replaceChildren(make("span", "wb-steps-named", named));
    this.opener.button.setAttribute("aria-label", current ? `${this.words.steps ?? ""}: ${named}` : named);
    this.river.replaceChildren(...steps.map((step, i) => this.step(step, steps[i + 1])));
    if (focused >= 0) this.river.querySelectorAll("a")[focused]?.focus();
  }

  step(step, next) {
    const dot = make("span", "wb-dot", String(step.number));
    dot.setAttribute("aria-hidden", "true");
    // Read as "Step 5, changed upstream: Price"; only the name is seen.
    const state = step.state === "current" ? "" : this.words[step.state];
    const before = [fill(this.words.step, { number: step.number }), state].filter(Boolean).join(", ");
    const name = make("span", "wb-name", make("span", "wb-spoken", `${before}: `), step.title);
    const node = link("wb-stop", step.href, dot, name);
    if (step.state === "current") node.setAttribute("aria-current", "step");
    if (!this.onPage) node.title = step.title; // in JupyterLab there is no room for our own
    const item = make("li", `wb-step-item`, node);
    item.dataset.state = step.state;
    item.dataset.side = step.side;
    if (next) item.dataset.flow = flow(step, next);
    return item;
  }

  changed(name, value) {
    const text = JSON.stringify([value, this.words]);
    const before = this[`drawn_${name}`];
    this[`drawn_${name}`] = text;
    return before !== text;
  }

  /** Scrolled, or with something urgent to say, the names of the steps give up their room. */
  onScroll = () => this.root.classList.toggle("wb-stuck", window.scrollY > 8 + (this.away ?? 0) || !this.lostBox.hidden);

  close() {
    this.heart.run(false);
    this.sizes.disconnect();
    clearInterval(this.ticking);
    for (const part of [this.chooser, this.opener, this.theme, this.guide]) part.close();
    document.documentElement.style.removeProperty("--wb-banner");
    this.root.remove();
  }
}

const DRY = new Set(["open", "empty", "absent"]);

/** Seconds in words: "2 s ago". */
function ago(seconds, words) {
  const [unit, size] = [["day", 86400], ["hour", 3600], ["minute", 60]].find(([, size]) => seconds >= size) ?? ["second", 1];
  return fill(words[`${unit}_ago`], { n: Math.floor(seconds / size) });
}

/** The water between two steps: it has come this far if both have been worked on; teal turns amber where the sides meet. */
function flow(step, next) {
  if (DRY.has(step.state) || DRY.has(next.state)) return "dry";
  return step.side === next.side ? step.side : "turning";
}

/** Asks the kernel every second whether it is there and reports "well", "busy" or "lost". */
class Heartbeat {
  constructor(model, report) {
    Object.assign(this, { model, report, missed: 0, away: 0, waiting: false, state: "well", timer: null });
  }

  run(on) {
    if (on && !this.timer) {
      this.timer = setInterval(() => this.beat(), BEAT_MS);
      this.ask();
    } else if (!on && this.timer) {
      clearInterval(this.timer);
      this.timer = null;
      this.waiting = false;
      this.missed = 0;
      this.tell("well");
    }
  }

  beat() {
    const kernel = kernelState(this.model);
    this.away = kernel === "away" ? this.away + 1 : 0;
    if (this.waiting) this.missed += 1;
    else this.ask();
    const patience = kernel === "busy" ? MISSED_BUSY : MISSED;
    if (kernel === "gone" || this.away >= AWAY || this.missed >= patience) this.tell("lost");
    else if (this.missed >= MISSED) this.tell("busy");
    if (this.missed && this.missed % SLOW_BEATS === 0) this.ask();
  }

  ask() {
    this.waiting = true;
    try {
      this.model.send({ kind: "ping" });
    } catch {
      // the next beats go without an answer, which is what is reported
    }
  }

  pong() {
    if (!this.timer) return;
    this.waiting = false;
    this.missed = 0;
    this.tell("well");
  }

  tell(state) {
    if (state === this.state) return;
    this.state = state;
    this.report(state);
  }
}

/** What the page knows of its kernel: "busy", "away", "gone" or, where the host does not say, "". */
function kernelState(model) {
  try {
    const kernel = model.widget_manager?.kernel;
    if (!kernel) return "";
    if (kernel.connectionStatus === "disconnected" || kernel.status === "dead") return "gone";
    if (kernel.connectionStatus === "starting") return "busy"; // a page of our own that hears its kernel only after its run
    if (kernel.connectionStatus === "connecting") return "away";
    return kernel.connectionStatus === "connected" && kernel.status === "busy" ? "busy" : "";
  } catch {
    return "";
  }
}

function render({ model, el }) {
  const header = new Header(model, el);
  const onContent = () => header.update();
  const onMessage = (message) => message?.kind === "pong" && header.heart.pong();
  model.on("change:content", onContent);
  model.on("msg:custom", onMessage);
  window.addEventListener("scroll", header.onScroll, { passive: true });
  return () => {
    model.off("change:content", onContent);
    model.off("msg:custom", onMessage);
    window.removeEventListener("scroll", header.onScroll);
    header.close();
  };
}

export default { render };
