// The browser half of a form: it draws the fields it is given and posts what is typed, as raw text. It has no rules;
// which field there is, what an entry means and what is wrong with it come from Python in `content`.
//
// Two promises shape the code. What a person is typing is never overwritten, and no text is lost when the kernel is slow
// or gone: a field gives way to `content` only when nothing of its own is unposted or unanswered.
//
// The last of the three files that make up the module; what it calls on is in controls.js and asking.js.

const SAVING_MS = 600; // before this, a word about saving would only flicker
const SILENCE_MS = 4000;
const SETTLE_MS = 60; // ipywidgets may deliver an answer just before the content sent ahead of it
const REPEAT_MS = 90;
const LONG_UNIT = 10;

// ------------------------------------------------------------------------------------------------------------ fields

/** What is written under a field: help, advice, error, and the word that it is not saved. */
class Notes {
  constructor() {
    this.parts = Object.fromEntries(["help", "advice", "error", "slow"].map((name) => [name, make("p", `wb-${name}`)]));
    this.texts = {};
    this.element = make("div", "wb-notes", this.parts.error, this.parts.slow, this.parts.advice, this.parts.help);
    for (const part of Object.values(this.parts)) {
      part.id = newId();
      part.hidden = true;
    }
  }

  set(name, text, prefix = "") {
    const before = this.texts[name];
    const now = text ? prefix + text : "";
    if (now === (before ?? "")) return void (this.texts[name] = now);
    this.texts[name] = now;
    // An error that is there when the page opens is read in its place; one that appears is announced.
    if (name === "slow" || (name === "error" && before !== undefined)) this.parts[name].setAttribute("role", "alert");
    say(this.parts[name], now);
  }

  ids = () => ["error", "slow", "advice", "help"].filter((name) => this.texts[name]).map((name) => this.parts[name].id);
}

/** One field: its label, its control, its notes, and the posting of what is typed. */
class Field {
  constructor(form, field, group = null) {
    Object.assign(this, { form, group, path: field.path, kind: field.kind, field });
    this.dirty = false; // something is not posted
    this.typed = false; // typed since the focus came
    this.sent = null; // {serial, text, given} of the last edit without an answer
    this.refused = null; // the content's text at the time of an edit that was not stored
    this.stepping = false;
    this.steps = 0;
    this.build(field);
    this.update(field);
  }

  build(field) {
    const fieldset = IN_FIELDSET.has(field.kind);
    this.element = make(fieldset ? "fieldset" : "div", `wb-field wb-kind-${field.kind}`);
    this.notes = new Notes();
    this.label = make("span", "wb-label-text");
    this.unit = make("span", "wb-unit");
    this.unit.id = newId();
    this.evidence = make("span", "wb-tag");
    this.evidence.id = newId();
    this.saving = make("span", "wb-saving");
    this.control = (CONTROLS[field.kind] ?? lineControl)(field, (rest) => this.changed(rest), this.form.words);

    if (field.kind === "boolean") {
      this.head = make("div", "wb-label-row", this.control.root, this.evidence, this.saving);
      this.element.append(this.head);
    } else if (fieldset) {
      this.head = make("legend", "wb-label-row", this.label, this.evidence, this.saving);
      this.element.append(this.head, this.control.root);
    } else {
      const label = make("label", "wb-label", this.label);
      label.htmlFor = this.control.inputs[0].id = newId();
      this.head = make("div", "wb-label-row", label, this.evidence, this.saving);
      this.element.append(this.head, this.control.root);
    }
    if (!this.group) this.element.append(this.notes.element);
    if (field.kind === "number") this.control.root.append(this.stepper());
    this.listen();
  }

  listen() {
    const { root } = this.control;
    root.addEventListener("focusout", (event) => {
      if (root.contains(event.relatedTarget)) return;
      this.typed = false;
      this.post();
      this.settle();
    });
    root.addEventListener("keydown", (event) => this.key(event));
    root.addEventListener("compositionstart", () => ((this.composing = true), clearTimeout(this.timer)));
    root.addEventListener("compositionend", () => ((this.composing = false), this.changed()));
  }

  update(field) {
    this.field = field;
    const { control, notes } = this;
    const long = (field.unit ?? "").length > LONG_UNIT;
    say(this.label, field.label);
    say(this.unit, field.unit ?? "");
    if (this.kind !== "boolean") (long ? this.label.parentNode : control.root).append(this.unit);
    this.unit.classList.toggle("wb-unit-long", long);
    say(this.evidence, field.evidence?.text ?? "");
    this.evidence.className = `wb-tag wb-tag-${/^\w+$/.test(field.evidence?.kind ?? "") ? field.evidence.kind : "note"}`;
    if (this.steppers) this.steppers.hidden = field.step == null;
    const prefix = this.group ? `${field.label}: ` : "";
    for (const name of ["help", "advice", "error"]) notes.set(name, field[name], name === "help" ? "" : prefix);
    this.element.classList.toggle("wb-wrong", Boolean(field.error));
    this.describe();
    control.options?.(field);
    this.settle();
  }

  describe() {
    const ids = [...this.notes.ids()];
    if (this.field.unit && this.unit.parentNode === this.control.root) ids.unshift(this.unit.id);
    if (this.field.evidence && !IN_FIELDSET.has(this.kind)) ids.push(this.evidence.id);
    const wrong = Boolean(this.field.error || this.group?.field.error);
    for (const input of this.control.inputs) {
      attribute(input, "aria-describedby", ids.join(" "));
      attribute(input, "aria-invalid", wrong ? "true" : "");
    }
    if (IN_FIELDSET.has(this.kind)) attribute(this.element, "aria-describedby", ids.join(" "));
  }

  /** Show the content's text, unless a person is ahead of it. */
  settle() {
    const { field, control } = this;
    if (this.dirty || this.sent) return;
    if (this.typed && control.root.contains(document.activeElement)) return; // formatted when they leave it
    if (this.refused !== null && same(this.refused.given, field.text)) return;
    this.refused = null;
    control.write(field);
  }

  changed(rest = REST_MS) {
    this.dirty = this.typed = true;
    clearTimeout(this.timer);
    if (this.composing) return;
    if (rest === 0) this.post();
    else this.timer = setTimeout(() => this.post(), rest);
  }

  post() {
    clearTimeout(this.timer);
    if (!this.dirty || this.composing) return;
    const text = this.control.read();
    const wrong = this.refused !== null || Boolean(this.field.error);
    const stored = Array.isArray(text) ? asList(this.field.text) : asText(this.field.text);
    this.dirty = false;
    if (this.sent ? same(text, this.sent.text) && !this.sent.silent : !wrong && same(text, stored)) return;
    this.refused = null;
    const sent = { text, given: this.field.text, silent: false };
    this.sent = sent;
    clearTimeout(this.savingTimer);
    this.savingTimer = setTimeout(() => this.sent && !this.sent.silent && say(this.saving, this.form.words.saving), SAVING_MS);
    this.form.ask(
      { kind: "edit", path: this.path, text },
      {
        answered: (ok) => sent === this.sent && this.answered(ok),
        silent: () => sent === this.sent && this.silent(),
      },
    );
  }

  answered(ok) {
    const { sent } = this;
    this.sent = null;
    if (same(this.control.read(), sent.text)) this.dirty = false;
    this.calm();
    if (ok) return void setTimeout(() => this.settle(), SETTLE_MS);
    this.refused = sent;
    setTimeout(() => this.refused === sent && !this.field.error && !this.group?.field.error && this.warn(), SETTLE_MS);
  }

  silent() {
    this.sent.silent = true;
    this.dirty = true; // leaving the field, or Enter, tries again
    this.warn();
  }

  warn() {
    say(this.saving, "");
    this.notes.set("slow", this.form.words.not_saved);
    this.describe();
  }

  calm() {
    clearTimeout(this.savingTimer);
    say(this.saving, "");
    this.notes.set("slow", "");
    this.describe();
  }

  key(event) {
    if (event.isComposing) return;
    const by = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[event.key];
    const plain = !(event.ctrlKey || event.metaKey || event.altKey || event.shiftKey);
    if (by && plain && this.kind === "number" && this.field.step != null) {
      event.preventDefault();
      this.step(by);
    } else if (event.key === "Enter" && (this.kind !== "text" || event.ctrlKey || event.metaKey)) {
      this.post();
    }
  }

  /** Move the number; while one step is under way the following ones are summed and go out together. */
  step(by) {
    this.post();
    this.typed = false;
    this.steps += by;
    this.sendSteps();
  }

  sendSteps() {
    if (this.stepping || this.steps === 0) return;
    const by = this.steps;
    this.steps = 0;
    this.stepping = true;
    this.form.ask(
      { kind: "step", path: this.path, by },
      {
        answered: () => {
          this.stepping = false;
          if (!this.sent) this.calm();
          this.settle();
          this.sendSteps();
        },
        silent: () => {
          this.stepping = false;
          this.steps = 0;
          this.warn();
        },
      },
    );
  }

  /** Arrows for the mouse; the keyboard has its own, so they stay out of the tab order and of the spoken page. */
  stepper() {
    const arrow = (name, by) => {
      const node = make("button", `wb-step wb-step-${name}`);
      node.type = "button";
      node.tabIndex = -1;
      let timer;
      const stop = () => clearTimeout(timer);
      const again = () => (this.step(by), (timer = setTimeout(again, REPEAT_MS)));
      node.addEventListener("pointerdown", (event) => {
        if (event.button !== 0) return;
        event.preventDefault();
        this.control.inputs[0].focus();
        stop();
        this.step(by);
        timer = setTimeout(again, 400);
      });
      for (const name of ["pointerup", "pointerleave", "pointercancel"]) node.addEventListener(name, stop);
      return node;
    };
    this.steppers = make("span", "wb-steps", arrow("up", 1), arrow("down", -1));
    this.steppers.setAttribute("aria-hidden", "true");
    return this.steppers;
  }

  focus() {
    const target = this.control.inputs[0] ?? this.control.root.querySelector("input, select, textarea, button");
    target?.focus();
    return Boolean(target);
  }

  flush = () => this.post();
  unsaved = () => this.dirty || Boolean(this.sent?.silent);

  close() {
    this.post(); // the item may be gone, but what was typed is Python's to judge
    clearTimeout(this.timer);
    clearTimeout(this.savingTimer);
  }
}

/** Parts that only make sense together, side by side; what is wrong with a part stands under the row, named. */
class Group {
  constructor(form, field, group = null) {
    Object.assign(this, { form, group, path: field.path, kind: "group", field });
    this.known = new Map();
    this.notes = new Notes();
    this.label = make("span", "wb-label-text");
    this.unit = make("span", "wb-unit wb-unit-long");
    this.evidence = make("span", "wb-tag");
    this.parts = make("div", "wb-parts");
    this.partNotes = make("div", "wb-part-notes");
    this.element = make(
      "fieldset",
      "wb-field wb-kind-group",
      make("legend", "wb-label-row", make("span", "wb-label", this.label, this.unit), this.evidence),
      this.parts,
      this.partNotes,
    );
    if (!group) this.element.append(this.notes.element);
    this.update(field);
  }

  update(field) {
    this.field = field;
    say(this.label, field.label);
    say(this.unit, field.unit ?? "");
    say(this.evidence, field.evidence?.text ?? "");
    this.evidence.className = `wb-tag wb-tag-${/^\w+$/.test(field.evidence?.kind ?? "") ? field.evidence.kind : "note"}`;
    for (const name of ["help", "advice", "error"]) this.notes.set(name, field[name]);
    attribute(this.element, "aria-describedby", this.notes.ids().join(" "));
    this.element.classList.toggle("wb-wrong", Boolean(field.error));
    const fields = fieldsOf(this.form, this.known, field.fields, this);
    place(this.parts, fields.map((part) => part.element));
    place(this.partNotes, fields.map((part) => part.notes.element));
  }

  focus = () => [...this.known.values()].some((field) => field.focus());
  flush = () => this.known.forEach((field) => field.flush());
  unsaved = () => [...this.known.values()].some((field) => field.unsaved());
  close = () => this.known.forEach((field) => field.close());
}

/** Items inside an item: a list of cards as a field. */
class Items {
  constructor(form, field, group = null) {
    Object.assign(this, { form, group, path: field.path, kind: "items", field });
    this.notes = new Notes();
    this.label = make("span", "wb-label-text");
    this.list = new CardList(form, "h5");
    this.element = make("fieldset", "wb-field wb-kind-items", make("legend", "wb-label-row", make("span", "wb-label", this.label)));
    this.element.append(this.list.element);
    if (!group) this.element.append(this.notes.element);
    this.update(field);
  }

  update(field) {
    this.field = field;
    say(this.label, field.label);
    for (const name of ["help", "advice", "error"]) this.notes.set(name, field[name]);
    attribute(this.element, "aria-describedby", this.notes.ids().join(" "));
    this.element.classList.toggle("wb-wrong", Boolean(field.error));
    this.list.update(field);
  }

  focus = () => this.list.focus();
  flush = () => this.list.flush();
  unsaved = () => this.list.unsaved();
  close = () => this.list.close();
}

function fieldsOf(form, known, fields, group = null) {
  const create = (field) => new ({ group: Group, items: Items }[field.kind] ?? Field)(form, field, group);
  return reconcile(known, fields ?? [], (field) => `${field.kind} ${field.path}`, create);
}

function attribute(node, name, value) {
  if (!value) node.removeAttribute(name);
  else if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

// ------------------------------------------------------------------------------------------------------------- cards

/** One item: a heading that opens and closes it, its fields, and its removal in two steps. */
class Card {
  constructor(form, card, heading) {
    Object.assign(this, { form, path: card.path, card, known: new Map() });
    this.title = make("span", "wb-card-title");
    this.title.id = newId();
    this.intro = make("p", "wb-intro");
    this.summary = make("span", "wb-card-summary");
    this.errors = make("span", "wb-errors");
    this.fields = make("div", "wb-fields");
    this.slow = make("p", "wb-slow");
    this.slow.setAttribute("role", "alert");
    this.slow.hidden = true;
    this.foot = make("div", "wb-card-foot");
    this.panel = make("div", "wb-panel", this.intro, this.fields, this.foot, this.slow);
    this.panel.id = newId();
    this.head = make(heading, "wb-card-head");
    if (card.collapsible) {
      const texts = make("span", "wb-card-texts", this.title, this.summary);
      this.toggle = make("button", "wb-toggle", texts, this.errors, make("span", "wb-chevron"));
      this.toggle.type = "button";
      this.toggle.setAttribute("aria-controls", this.panel.id);
      this.panel.setAttribute("role", "group");
      this.panel.setAttribute("aria-labelledby", this.title.id);
      this.toggle.addEventListener("click", () => this.setOpen(!this.open));
      this.head.append(this.toggle);
    } else {
      this.head.append(this.title, this.summary, this.errors);
    }
    this.element = make("div", "wb-card", this.head, this.panel);
    this.buildFoot();
    this.say(card);
    this.setOpen(form.opened.get(this.path) ?? (card.open || !card.collapsible));
  }

  buildFoot() {
    const { words } = this.form;
    this.removeButton = button("wb-quiet wb-remove", words.remove, () => this.confirm(true));
    this.question = make("span", "wb-question");
    this.question.id = newId();
    this.keep = button("", words.keep, () => this.confirm(false));
    this.yes = button("wb-danger", words.yes, () => this.remove());
    this.confirmation = make("div", "wb-confirm", this.question, this.yes, this.keep);
    this.confirmation.setAttribute("role", "group");
    this.confirmation.setAttribute("aria-labelledby", this.question.id);
    this.confirmation.hidden = true;
    this.confirmation.addEventListener("keydown", (event) => event.key === "Escape" && this.confirm(false));
    this.foot.append(this.removeButton, this.confirmation);
  }

  update(card) {
    const before = this.card;
    this.say(card);
    // Python may open a card; closing one under somebody's hands is theirs to do.
    if (card.open && !before.open) this.setOpen(true);
  }

  say(card) {
    const { words } = this.form;
    this.card = card;
    say(this.title, card.title);
    say(this.summary, card.summary ?? "");
    say(this.intro, card.intro ?? "");
    say(this.errors, card.error_count ? fill(words.errors, { count: card.error_count }) : "");
    this.head.hidden = !card.title && !card.summary && !card.error_count;
    this.foot.hidden = !card.removable;
    this.removeButton.setAttribute("aria-label", `${words.remove}: ${card.title}`);
    say(this.question, fill(words.remove_question, { title: card.title }));
    place(this.fields, fieldsOf(this.form, this.known, card.fields).map((field) => field.element));
  }

  setOpen(open) {
    this.open = open;
    this.form.opened.set(this.path, open);
    this.panel.hidden = !open;
    this.element.classList.toggle("wb-open", open);
    this.toggle?.setAttribute("aria-expanded", String(open));
  }

  confirm(asked) {
    this.removeButton.hidden = asked;
    this.confirmation.hidden = !asked;
    (asked ? this.keep : this.removeButton).focus();
  }

  remove() {
    this.element.setAttribute("aria-busy", "true");
    say(this.slow, "");
    this.form.ask(
      { kind: "remove", path: this.path },
      {
        answered: (ok) => !ok && this.stay(),
        silent: () => this.stay(),
      },
    );
  }

  stay() {
    this.element.removeAttribute("aria-busy");
    if (this.element.isConnected) say(this.slow, this.form.words.not_saved);
  }

  focus = () => (this.toggle ? (this.toggle.focus(), true) : this.focusField());
  focusField = () => [...this.known.values()].some((field) => field.focus());
  flush = () => this.known.forEach((field) => field.flush());
  unsaved = () => [...this.known.values()].some((field) => field.unsaved());

  close() {
    this.form.settled("remove", this.path);
    this.known.forEach((field) => field.close());
    this.form.opened.delete(this.path);
  }
}

/** Cards one under the other, with the button that adds one. */
class CardList {
  constructor(form, heading) {
    Object.assign(this, { form, heading, known: new Map(), adding: null });
    this.cards = make("div", "wb-cards");
    this.empty = make("p", "wb-empty");
    this.addButton = button("wb-add", "", () => this.add());
    this.slow = make("p", "wb-slow");
    this.slow.setAttribute("role", "alert");
    this.slow.hidden = true;
    this.foot = make("div", "wb-foot", this.addButton, this.slow);
    this.element = make("div", "wb-list", this.cards, this.empty, this.foot);
  }

  update({ cards: items, add, empty }) {
    const focused = document.activeElement;
    const before = [...this.known.values()];
    const at = before.findIndex((card) => card.element.contains(focused));
    this.addPath = add?.path;
    say(this.empty, items?.length ? "" : (empty ?? ""));
    say(this.addButton, add?.label ?? "");
    this.foot.hidden = !add;
    const cards = reconcile(this.known, items ?? [], cardKey, (card) => new Card(this.form, card, this.heading));
    this.cards.classList.toggle("wb-folding", cards.some((card) => card.toggle));
    place(this.cards, cards.map((card) => card.element));
    if (this.adding) this.welcome(cards);
    if (at >= 0 && !before[at].element.isConnected) this.refocus(cards, at);
  }

  add() {
    if (this.adding) return;
    this.adding = new Set([...this.known.values()].map((card) => card.path));
    say(this.slow, "");
    const failed = () => {
      this.adding = null;
      say(this.slow, this.form.words.not_saved);
    };
    this.form.ask({ kind: "add", path: this.addPath }, { answered: (ok) => !ok && failed(), silent: failed });
  }

  /** Open the card that was asked for and lead into its first field, unless the person has gone on elsewhere. */
  welcome(cards) {
    const card = cards.find((card) => !this.adding.has(card.path));
    if (!card) return;
    this.adding = null;
    this.form.settled("add", this.addPath);
    say(this.slow, "");
    card.setOpen(true);
    const focused = document.activeElement;
    if (focused === this.addButton || focused === document.body) card.focusField();
  }

  refocus(cards, at) {
    const next = cards[Math.min(at, cards.length - 1)];
    if (!next?.focus()) this.addButton.focus();
  }

  focus() {
    const [first] = this.known.values();
    if (first) return first.focus();
    this.addButton.focus();
    return true;
  }

  flush = () => this.known.forEach((card) => card.flush());
  unsaved = () => [...this.known.values()].some((card) => card.unsaved());
  close = () => this.known.forEach((card) => card.close());
}

const cardKey = (card) => `${card.collapsible ? "folding" : "fixed"} ${card.path}`;

// -------------------------------------------------------------------------------------------------------------- form

class Form {
  constructor(model, el) {
    Object.assign(this, { model, opened: new Map(), waiting: new Map() });
    // Views of one model answer to the same messages; a random start keeps their serials apart.
    this.serial = Math.floor(Math.random() * 2 ** 32);
    this.title = make("h3", "wb-title");
    this.title.id = newId();
    this.intro = make("p", "wb-intro");
    this.head = make("div", "wb-head", this.title, this.intro);
    this.list = new CardList(this, "h4");
    this.root = make("div", "wb-form", this.head, this.list.element);
    this.root.setAttribute("role", "group");
    this.root.dataset.lmSuppressShortcuts = "true"; // JupyterLab leaves keys typed in here alone
    for (const name of ["keydown", "keyup", "keypress"]) this.root.addEventListener(name, (event) => this.key(event));
    this.update(model.get("content") ?? {});
    el.append(this.root);
  }

  key(event) {
    event.stopPropagation(); // notebook commands listen further out
    if (event.type === "keydown" && event.key?.toLowerCase() === "s" && (event.ctrlKey || event.metaKey) && !event.altKey) {
      event.preventDefault(); // everything saves itself
      this.flush();
    }
  }

  update(content) {
    this.words = content.words ?? {};
    this.root.dataset.name = content.name ?? "";
    say(this.title, content.title ?? "");
    say(this.intro, content.intro ?? "");
    this.head.hidden = !content.title && !content.intro;
    const items = content.cards ?? [];
    // A single card with the form's own title needs no second heading.
    const repeated = items.length === 1 && !items[0].collapsible && items[0].title === content.title;
    this.list.heading = content.title ? "h4" : "h3";
    this.list.update(repeated ? { ...content, cards: [{ ...items[0], title: "" }] } : content);
    const [first] = this.list.known.values();
    attribute(this.root, "aria-labelledby", content.title ? this.title.id : first?.card.title ? first.title.id : "");
  }

  /** Send `message` with a serial; `answered(ok)` or, after four seconds, `silent()` is called. */
  ask(message, { answered, silent }) {
    const serial = ++this.serial;
    const timer = setTimeout(silent, SILENCE_MS);
    this.waiting.set(serial, { message, answered, timer });
    try {
      this.model.send({ ...message, serial });
    } catch (error) {
      console.warn("workbook: a message could not be sent", error);
    }
    return serial;
  }

  receive(message) {
    if (message?.kind !== "answer") return;
    const waiting = this.waiting.get(message.serial);
    if (!waiting) return;
    clearTimeout(waiting.timer);
    this.waiting.delete(message.serial);
    waiting.answered(message.ok !== false);
  }

  /** The content itself showed that an addition or a removal has been done. */
  settled(kind, path) {
    for (const [serial, { message }] of this.waiting)
      if (message.kind === kind && message.path === path) this.receive({ kind: "answer", serial, ok: true });
  }

  flush = () => this.list.flush();

  leaving(event) {
    this.flush();
    if (this.list.unsaved()) event.preventDefault();
  }

  close() {
    this.flush();
    for (const { timer } of this.waiting.values()) clearTimeout(timer);
    this.root.remove();
  }
}

function render({ model, el }) {
  const form = new Form(model, el);
  const onContent = () => form.update(model.get("content") ?? {});
  const onMessage = (message) => form.receive(message);
  const onLeave = (event) => form.leaving(event);
  const onHide = () => document.visibilityState === "hidden" && form.flush();
  model.on("change:content", onContent);
  model.on("msg:custom", onMessage);
  window.addEventListener("beforeunload", onLeave);
  document.addEventListener("visibilitychange", onHide);
  return () => {
    model.off("change:content", onContent);
    model.off("msg:custom", onMessage);
    window.removeEventListener("beforeunload", onLeave);
    document.removeEventListener("visibilitychange", onHide);
    form.close();
  };
}

export default { render };
