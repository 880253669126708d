// The head of a page: which plan, whether it is saved, and the river of steps. Everything shown comes from `content`;
// the one thing found out here is whether the kernel still answers.

const BEAT_MS = 2000;
const MISSED = 2; // beats without an answer, four seconds
const MISSED_BUSY = 60; // a kernel that is known to be calculating gets two minutes
const SLOW_BEATS = 5; // while lost, ask less often: the questions may be queued

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

class Header {
  constructor(model, el) {
    this.model = model;
    this.plan = make("span", "wb-plan");
    this.scenario = make("span", "wb-scenario");
    this.status = make("span", "wb-status");
    this.status.setAttribute("role", "status");
    this.languages = make("nav", "wb-languages");
    this.print = make("button", "wb-print");
    this.print.type = "button";
    this.print.addEventListener("click", () => window.print());
    this.river = make("ol", "wb-river");
    this.steps = make("nav", "wb-steps-nav", this.river);
    this.banner = make("p", "wb-banner");
    this.lostText = make("span", "");
    this.reload = make("button", "wb-reload");
    this.reload.type = "button";
    this.reload.addEventListener("click", () => location.reload());
    this.lostBox = make("div", "wb-lost", this.lostText, this.reload);
    this.lostBox.setAttribute("role", "alert");
    this.lostBox.hidden = true;
    this.bar = make("div", "wb-bar", make("div", "wb-names", this.plan, this.scenario), this.status, this.languages, this.print);
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
    el.append(this.root);
    // The banner stands first and scrolls away; the page sticks what is below it to the top (page.css).
    this.sizes = new ResizeObserver(() => this.measure());
    this.sizes.observe(this.banner);
    this.measure();
  }

  measure() {
    const below = this.bar.getBoundingClientRect().top - this.root.getBoundingClientRect().top;
    this.away = this.banner.hidden ? 0 : Math.max(0, below - 8); // the bar keeps a little air above
    document.documentElement.style.setProperty("--wb-banner", `${this.away}px`);
    this.onScroll();
  }

  update() {
    const content = this.model.get("content") ?? {};
    this.content = content;
    this.words = content.words ?? {};
    say(this.plan, content.plan ?? "");
    say(this.scenario, content.scenario ?? "");
    say(this.print, content.print ?? "");
    say(this.banner, content.banner ?? "");
    say(this.reload, this.words.reload ?? "");
    this.drawStatus();
    this.drawLanguages(content.languages ?? []);
    this.drawSteps(content.steps ?? []);
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
    if (!document.querySelector(".wb-page")) node.title = step.title; // in JupyterLab there is no room for our own
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
    document.documentElement.style.removeProperty("--wb-banner");
    this.root.remove();
  }
}

/** The water between two steps: it has come this far if both have been worked on; teal turns amber where the sides meet. */
function flow(step, next) {
  if (step.state === "open" || next.state === "open") return "dry";
  return step.side === next.side ? step.side : "turning";
}

/** Asks the kernel every two seconds whether it is there and reports "well", "busy" or "lost". */
class Heartbeat {
  constructor(model, report) {
    Object.assign(this, { model, report, missed: 0, waiting: false, state: "well", timer: null });
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
    if (!this.waiting) return this.ask();
    this.missed += 1;
    const kernel = kernelState(this.model);
    const patience = kernel === "busy" ? MISSED_BUSY : MISSED;
    if (kernel === "gone" || this.missed >= patience) this.tell("lost");
    else if (this.missed >= MISSED) this.tell("busy");
    if (this.missed % SLOW_BEATS === 0) this.ask();
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

/** What the page knows of its kernel: "busy", "gone" or, where the host does not say, "". */
function kernelState(model) {
  try {
    const kernel = model.widget_manager?.kernel;
    if (!kernel) return "";
    if (kernel.connectionStatus === "disconnected" || kernel.status === "dead") return "gone";
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
