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

const WORDY = 24; // characters of a choice that half a row of a narrow form still shows
const NOTES = ["clash", "error", "slow", "advice", "help"];

/** What is written under a field: two values to choose from, error, advice, help, and the word that it is not saved. */
class Notes {
  constructor(field) {
    this.parts = Object.fromEntries(NOTES.map((name) => [name, make("p", `wb-${name}`)]));
    this.texts = {};
    for (const part of Object.values(this.parts)) {
      part.id = newId();
      part.hidden = true;
    }
    const { clash, ...rest } = this.parts;
    this.conflict = new Conflict(field, clash);
    this.element = make("div", "wb-notes", this.conflict.element, ...Object.values(rest));
  }

  /** Show what the content says about the field; a part of a group is named in what is wrong with it. */
  show(field, prefix = "") {
    this.set("clash", field.conflict?.text, prefix);
    for (const name of ["error", "advice"]) this.set(name, field[name], prefix);
    this.set("help", field.help);
    this.conflict.update(field.conflict);
  }

  set(name, text, prefix = "") {
    const before = this.texts[name];
    const now = text ? prefix + text : "";
    if (now === (before ?? "")) return void (this.texts[name] = now);
    this.texts[name] = now;
    // An error that is there when the page opens is read in its place; one that appears is announced.
    if (name === "slow" || (["clash", "error"].includes(name) && before !== undefined)) this.parts[name].setAttribute("role", "alert");
    say(this.parts[name], now);
  }

  ids = () => NOTES.filter((name) => this.texts[name]).map((name) => this.parts[name].id);
}

/** One field: its label, its control, its notes, and the posting of what is typed. */
class Field {
  constructor(form, field, group = null) {
    Object.assign(this, { form, group, path: field.path, kind: field.kind, field });
    this.dirty = false; // something is not posted
    this.typed = false; // typed since the focus came
    this.sent = null; // {serial, text, given} of the last edit without an answer
    this.given = this.own = null; // the content's text when this was typed, and what became of it
    this.refused = null; // the content's text at the time of an edit that was not stored
    this.stepping = false;
    this.steps = 0;
    this.build(field);
    this.update(field);
    form.all.add(this);
    const before = form.typedBefore[this.path];
    if (before) this.restore(before);
  }

  /** Put back what was typed here before the page was reloaded; where somebody was quicker, only tell of it. */
  restore({ text, given }) {
    const { field, form, control, notes } = this;
    if (same(text, Array.isArray(text) ? asList(field.text) : asText(field.text))) return;
    if (same(given, field.text)) {
      control.write({ ...field, text });
      this.dirty = true;
      notes.set("slow", form.words.typed_before);
    } else {
      notes.set("slow", fill(form.words.typed_instead, { text: asList(text).join(", ") }));
    }
    this.describe();
  }

  /** What is typed here and not known to be stored, with what stood here when it was typed. */
  typedNow() {
    if (!this.ahead() && !this.sent) return null;
    return { text: this.control.read(), given: (this.sent ?? this.refused)?.given ?? this.field.text };
  }

  build(field) {
    const fieldset = IN_FIELDSET.has(field.kind);
    this.element = make(fieldset ? "fieldset" : "div", `wb-field wb-kind-${field.kind}`);
    // Words that half a row would cut get the row.
    const wordy = field.kind === "choice" && field.choices?.some(({ label }) => label.length > WORDY);
    this.element.classList.toggle("wb-wordy", Boolean(wordy));
    this.notes = new Notes(this);
    this.label = make("span", "wb-label-text");
    this.unit = make("span", "wb-unit");
    this.unit.id = newId();
    this.evidence = make("span", "wb-tag");
    this.evidence.id = newId();
    this.saving = make("span", "wb-saving");
    this.control = (CONTROLS[field.kind] ?? lineControl)(field, (rest) => this.changed(rest), this.form.words);
    if (field.kind === "reference" || field.kind === "references") this.create = new Create(this);
    this.body = this.create?.element ?? this.control.root;
    if (field.upload) this.body = make("div", "wb-with-upload", this.control.root, this.uploader(field.upload));

    if (field.kind === "boolean") {
      this.head = make("div", "wb-label-row", this.control.root, this.evidence, this.saving);
      this.element.append(this.head);
    } else if (fieldset) {
      this.head = make("legend", "wb-label-row", this.label, this.evidence, this.saving);
      this.element.append(this.head, this.body);
    } else {
      const label = make("label", "wb-label", this.label);
      label.htmlFor = this.control.inputs[0].id = newId();
      this.head = make("div", "wb-label-row", label, this.evidence, this.saving);
      this.element.append(this.head, this.body);
    }
    if (!this.group) this.element.append(this.notes.element);
    if (field.kind === "number") this.control.root.append(this.stepper());
    this.listen();
  }

  /** The way to bring in a file; it is chosen as soon as the workspace has it. */
  uploader(upload) {
    const taken = (name) => {
      const choices = [...(this.field.choices ?? []), { value: name, label: name }];
      this.control.options({ ...this.field, choices, text: name });
      this.control.write({ text: name });
      this.changed(0);
    };
    const told = (sentence) => {
      this.notes.set("slow", sentence);
      this.describe();
    };
    return uploadButton(upload, this.form.words, taken, told);
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
    notes.show(field, this.group ? `${field.label}: ` : "");
    this.element.classList.toggle("wb-wrong", Boolean(field.error));
    this.describe();
    this.create?.update(field.create);
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
    if (this.typed && control.root.contains(document.activeElement) && this.mine()) return; // formatted when they leave it
    if (this.refused !== null && same(this.refused.given, field.text)) return;
    this.refused = null;
    control.write(field);
  }

  /** Whether the content still holds what was typed here last, and not what somebody else has saved since. */
  mine() {
    if (this.own === null && !same(this.field.text, this.given)) this.own = this.field.text;
    return this.own === null || same(this.own, this.field.text);
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
    this.refused = this.own = null;
    this.given = this.field.text;
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
    if (historyKey(event)) {
      if (this.ahead()) event.stopPropagation(); // what is not saved yet is the browser's to take back
      else this.typed = false; // what comes back is shown at once
      return;
    }
    const by = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[event.key];
    const plain = !(event.ctrlKey || event.metaKey || event.altKey || event.shiftKey);
    if (by && plain && this.kind === "number" && this.field.step != null) {
      event.preventDefault();
      this.step(by);
    } else if (event.key === "Enter" && (this.kind !== "text" || event.ctrlKey || event.metaKey)) {
      this.post();
    }
  }

  /** Whether the box holds a text that is not in the plan: not posted yet, or refused. */
  ahead = () => this.dirty || this.refused !== null || (this.typed && Boolean(this.field.error || this.group?.field.error));

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
    const target = this.control.inputs[0] ?? this.body.querySelector(":is(input, select, textarea, button):not([hidden])");
    target?.focus();
    return Boolean(target);
  }

  flush = () => this.post();
  unsaved = () => this.dirty || Boolean(this.sent?.silent || this.create?.unsaved());

  close() {
    this.form.all.delete(this);
    this.post(); // the item may be gone, but what was typed is Python's to judge
    clearTimeout(this.timer);
    clearTimeout(this.savingTimer);
  }
}

/**
 * Parts that only make sense together, side by side; what is wrong with a part stands under the row, named. The parts of
 * a whole have what they come to under them.
 */
class Group {
  constructor(form, field, group = null) {
    Object.assign(this, { form, group, path: field.path, kind: field.kind, field });
    this.known = new Map();
    this.notes = new Notes(this);
    this.label = make("span", "wb-label-text");
    this.unit = make("span", "wb-unit wb-unit-long");
    this.evidence = make("span", "wb-tag");
    this.parts = make("div", "wb-parts");
    this.partNotes = make("div", "wb-part-notes");
    this.sum = make("p", "wb-sum");
    this.sum.id = newId();
    this.sum.setAttribute("role", "status");
    this.element = make(
      "fieldset",
      `wb-field wb-kind-${field.kind}`,
      make("legend", "wb-label-row", make("span", "wb-label", this.label, this.unit), this.evidence),
      this.parts,
      this.sum,
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
    say(this.sum, field.sum?.text ?? "");
    this.sum.classList.toggle("wb-sum-off", field.sum?.ok === false);
    this.notes.show(field);
    attribute(this.element, "aria-describedby", [...(field.sum ? [this.sum.id] : []), ...this.notes.ids()].join(" "));
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
    this.notes = new Notes(this);
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
    this.notes.show(field);
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
  const create = (field) => new ({ group: Group, shares: Group, items: Items }[field.kind] ?? Field)(form, field, group);
  return reconcile(known, fields ?? [], (field) => `${field.kind} ${field.path}`, create);
}

// ------------------------------------------------------------------------------------------------------------- cards

/** How many fields of these, and of the items in them, have two values to choose from. */
const conflictsIn = (fields) =>
  (fields ?? []).reduce(
    (sum, { conflict, fields, cards }) =>
      sum + (conflict ? 1 : 0) + conflictsIn(fields) + (cards ?? []).reduce((sum, card) => sum + conflictsIn(card.fields), 0),
    0,
  );

/** Whether something upstream of this card, or of an item in it, changed. */
const isStale = ({ notice, fields }) =>
  notice?.kind === "stale" || (fields ?? []).some(({ cards }) => (cards ?? []).some(isStale));

/** One item: a heading that opens and closes it, its fields, and what can be done with the whole of it. */
class Card {
  constructor(list, card) {
    const { form } = list;
    Object.assign(this, { list, form, path: card.path, card, known: new Map() });
    this.title = make("span", "wb-card-title");
    this.title.id = newId();
    this.intro = make("p", "wb-intro");
    this.summary = make("span", "wb-card-summary");
    this.stale = make("span", "wb-pill wb-pill-stale");
    this.conflicts = make("span", "wb-pill wb-pill-stale");
    this.errors = make("span", "wb-pill wb-errors");
    this.pills = make("span", "wb-pills", this.stale, this.conflicts, this.errors);
    this.notice = new Notice(form, () => (this.toggle ? this.focus() : form.land()));
    this.fields = make("div", "wb-fields");
    this.slow = alertLine();
    this.foot = make("div", "wb-card-foot");
    this.panel = make("div", "wb-panel", this.notice.element, this.intro, this.fields, this.foot, this.slow);
    this.panel.id = newId();
    this.head = make(list.heading, "wb-card-head");
    if (card.collapsible) {
      const texts = make("span", "wb-card-texts", this.title, this.summary);
      this.toggle = make("button", "wb-toggle", texts, this.pills, make("span", "wb-chevron"));
      this.toggle.type = "button";
      this.toggle.setAttribute("aria-controls", this.panel.id);
      this.panel.setAttribute("role", "group");
      this.panel.setAttribute("aria-labelledby", this.title.id);
      this.toggle.addEventListener("click", () => this.setOpen(!this.open));
      this.head.append(this.toggle);
    } else {
      this.head.append(this.title, this.summary, this.pills);
    }
    this.element = make("div", "wb-card", this.head, this.panel);
    this.buildFoot();
    this.say(card);
    this.setOpen(form.opened.get(this.path) ?? (card.open || !card.collapsible));
  }

  buildFoot() {
    const { words } = this.form;
    this.copyButton = button("wb-quiet", words.copy, () => this.list.obtain("copy", this.path, this.copyButton, this.slow));
    this.upButton = button("wb-quiet", words.move_up, () => this.move(-1));
    this.downButton = button("wb-quiet", words.move_down, () => this.move(1));
    this.removeButton = button("wb-quiet wb-remove", words.remove, () => this.confirm(true));
    this.tools = make("div", "wb-tools", this.copyButton, this.upButton, this.downButton, this.removeButton);
    this.question = make("span", "wb-question");
    this.keep = button("", words.keep, () => this.confirm(false));
    this.yes = button("wb-danger", words.yes, () => this.remove());
    this.confirmation = group("wb-confirm", this.question, this.question, this.yes, this.keep);
    this.confirmation.hidden = true;
    this.confirmation.addEventListener("keydown", (event) => event.key === "Escape" && this.confirm(false));
    this.foot.append(this.tools, this.confirmation);
  }

  update(card) {
    const before = this.card;
    this.say(card);
    // Python may open a card; closing one under somebody's hands is theirs to do.
    if (card.open && !before.open) this.setOpen(true);
  }

  say(card) {
    this.card = card;
    say(this.title, card.title);
    say(this.summary, card.summary ?? "");
    say(this.intro, card.intro ?? "");
    this.sayPills(card);
    this.head.hidden = !card.title && !card.summary && this.pills.hidden;
    this.sayTools(card);
    this.notice.update(card.notice, this.path);
    place(this.fields, fieldsOf(this.form, this.known, card.fields).map((field) => field.element));
  }

  /** What is to be seen of a card without opening it; where it is always open, only what is wrong is counted. */
  sayPills(card) {
    const { words } = this.form;
    const conflicts = card.collapsible ? conflictsIn(card.fields) : 0;
    say(this.stale, card.collapsible && isStale(card) ? words.stale : "");
    say(this.conflicts, conflicts ? fill(words.conflicts, { count: conflicts }) : "");
    say(this.errors, card.error_count ? fill(words.errors, { count: card.error_count }) : "");
    this.pills.hidden = [this.stale, this.conflicts, this.errors].every((pill) => pill.hidden);
  }

  sayTools(card) {
    const { words } = this.form;
    const tool = (button, word, shown, usable = true) => {
      button.hidden = !shown;
      button.setAttribute("aria-label", `${word}: ${card.title}`);
      attribute(button, "aria-disabled", usable ? "" : "true"); // not `disabled`: it would lose the focus
    };
    tool(this.copyButton, words.copy, card.copyable);
    tool(this.upButton, words.move_up, card.movable, card.movable?.up);
    tool(this.downButton, words.move_down, card.movable, card.movable?.down);
    tool(this.removeButton, words.remove, card.removable);
    say(this.question, fill(words.remove_question, { title: card.title }));
    this.foot.hidden = !card.removable && !card.copyable && !card.movable;
  }

  setOpen(open) {
    this.open = open;
    this.form.opened.set(this.path, open);
    this.panel.hidden = !open;
    this.element.classList.toggle("wb-open", open);
    this.toggle?.setAttribute("aria-expanded", String(open));
  }

  confirm(asked) {
    this.tools.hidden = asked;
    this.confirmation.hidden = !asked;
    (asked ? this.keep : this.removeButton).focus();
  }

  remove() {
    const { element, slow } = this;
    this.form.attempt({ kind: "remove", path: this.path }, { element, slow });
  }

  move(by) {
    if (!this.card.movable?.[by < 0 ? "up" : "down"]) return;
    this.list.moving = { path: this.path, at: this.list.indexOf(this.path) };
    const { element, slow } = this;
    this.form.attempt({ kind: "move", path: this.path, by }, { element, slow });
  }

  focus = () => (this.toggle ? (this.toggle.focus(), true) : this.focusField());
  focusField = () => [...this.known.values()].some((field) => field.focus());
  flush = () => this.known.forEach((field) => field.flush());
  unsaved = () => this.notice.unsaved() || [...this.known.values()].some((field) => field.unsaved());

  close() {
    this.form.settled("remove", this.path);
    this.known.forEach((field) => field.close());
    this.form.opened.delete(this.path);
  }
}

/** Cards one under the other, with the button that adds one. */
class CardList {
  constructor(form, heading) {
    Object.assign(this, { form, heading, known: new Map() });
    this.awaited = null; // {kind, path, from, paths} of the card that was asked for
    this.moving = null; // {path, at} of the card that is to move
    this.cards = make("div", "wb-cards");
    this.empty = make("p", "wb-empty");
    this.addButton = button("wb-add", "", () => this.obtain("add", this.addPath, this.addButton, this.slow));
    this.slow = alertLine();
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
    const cards = reconcile(this.known, items ?? [], cardKey, (card) => new Card(this, card));
    this.cards.classList.toggle("wb-folding", cards.some((card) => card.toggle));
    place(this.cards, cards.map((card) => card.element));
    if (this.awaited) this.welcome(cards);
    if (this.moving) this.follow(cards);
    if (at >= 0 && !before[at].element.isConnected) this.refocus(cards, at);
  }

  indexOf = (path) => [...this.known.values()].findIndex((card) => card.path === path);

  /** Ask for one more card: an empty one, or a copy of that at `path`. */
  obtain(kind, path, from, slow) {
    if (this.awaited) return;
    this.awaited = { kind, path, from, paths: new Set([...this.known.values()].map((card) => card.path)) };
    const { awaited } = this;
    const failed = () => this.awaited === awaited && (this.awaited = null);
    const done = () => setTimeout(failed, SETTLE_MS); // whether or not a card came of it
    this.form.attempt({ kind, path }, { element: from, slow, done, failed });
  }

  /** Open the card that was asked for and lead into its first field, unless the person has gone on elsewhere. */
  welcome(cards) {
    const { kind, path, from, paths } = this.awaited;
    const card = cards.find((card) => !paths.has(card.path));
    if (!card) return;
    this.awaited = null;
    this.form.settled(kind, path);
    card.setOpen(true);
    if (kind === "copy") this.announce(card);
    const focused = document.activeElement;
    if (focused === from || focused === document.body) card.focusField();
  }

  /** A card that moved has taken the focus along; say where it is, and keep it in sight. */
  follow(cards) {
    const { path, at } = this.moving;
    const now = this.indexOf(path);
    if (now === at) return;
    this.moving = null;
    if (now < 0) return;
    this.announce(cards[now]);
    if (hasFocus(cards[now].element)) document.activeElement.scrollIntoView({ block: "nearest" });
  }

  announce({ path, card }) {
    const place = { title: card.title, position: this.indexOf(path) + 1, count: this.known.size };
    this.form.announce(fill(this.form.words.moved, place));
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

/** Undo and redo, one at a time: whether there is more to take back is known only when the last is done. */
class History {
  constructor(form) {
    Object.assign(this, { form, given: null, underWay: false, next: [] });
    this.buttons = { undo: this.button("undo", "\u21b6"), redo: this.button("redo", "\u21b7") };
    this.element = make("div", "wb-history", ...Object.values(this.buttons));
    this.slow = alertLine();
  }

  button(kind, sign) {
    const node = button("wb-sign", sign, () => this.take(kind));
    node.setAttribute("aria-keyshortcuts", kind === "undo" ? "Control+Z Meta+Z" : "Control+Shift+Z Meta+Shift+Z");
    return node;
  }

  update(history) {
    this.given = history;
    this.element.hidden = !history?.undo && !history?.redo;
    for (const [kind, button] of Object.entries(this.buttons)) {
      const given = history?.[kind];
      button.hidden = !given;
      for (const name of ["aria-label", "title"]) attribute(button, name, given?.label);
      attribute(button, "aria-disabled", given?.enabled ? "" : "true");
    }
  }

  takes = (kind) => this.underWay || Boolean(this.given?.[kind]?.enabled);

  take(kind) {
    if (this.underWay) return void this.next.push(kind);
    if (!this.takes(kind)) return;
    const { form } = this;
    this.underWay = true;
    say(this.slow, "");
    form.flush();
    const ended = (problem) => {
      this.underWay = false;
      say(this.slow, problem);
      if (problem) this.next = [];
      else form.announce(form.words[kind === "undo" ? "undone" : "redone"]);
      const next = this.next.shift();
      if (next) this.take(next);
    };
    form.ask(
      { kind, path: form.path },
      {
        answered: (ok) => setTimeout(() => ended(ok ? "" : form.words.refused), SETTLE_MS),
        silent: () => ended(form.words.not_saved),
      },
    );
  }
}

class Form {
  constructor(model, el) {
    Object.assign(this, { model, opened: new Map(), waiting: new Map(), all: new Set() });
    // What a picture of the page shows is not the form yet.
    this.typedBefore = model.still ? {} : typedBefore(`/${model.get("content")?.name ?? ""}`);
    // Views of one model answer to the same messages; a random start keeps their serials apart.
    this.serial = Math.floor(Math.random() * 2 ** 32);
    this.title = make("h3", "wb-title");
    this.title.id = newId();
    this.title.tabIndex = -1; // where the focus goes when a notice has gone
    this.intro = make("p", "wb-intro");
    this.history = new History(this);
    this.head = make("div", "wb-head", make("div", "wb-head-texts", this.title, this.intro), this.history.element);
    this.notice = new Notice(this, () => this.land());
    this.list = new CardList(this, "h4");
    this.said = make("p", "wb-unseen");
    this.said.setAttribute("role", "status");
    this.root = make("div", "wb-form", this.head, this.history.slow, this.notice.element, this.list.element, this.said);
    this.root.setAttribute("role", "group");
    this.root.dataset.lmSuppressShortcuts = "true"; // JupyterLab leaves keys typed in here alone
    for (const name of ["keydown", "keyup", "keypress"]) this.root.addEventListener(name, (event) => this.key(event));
    this.root.addEventListener("wb-goto", ({ detail }) => this.goto(String(detail?.path ?? "")));
    this.update(model.get("content") ?? {});
    el.append(this.root);
  }

  key(event) {
    event.stopPropagation(); // notebook commands listen further out
    if (event.type === "keydown" && event.key?.toLowerCase() === "s" && (event.ctrlKey || event.metaKey) && !event.altKey) {
      event.preventDefault(); // everything saves itself
      this.flush();
    }
    const kind = historyKey(event);
    if (kind && this.history.takes(kind)) {
      event.preventDefault();
      this.history.take(kind);
    }
  }

  update(given) {
    const content = withOneHeading(given);
    this.words = content.words ?? {};
    this.path = `/${content.name ?? ""}`;
    this.root.dataset.name = content.name ?? "";
    say(this.title, content.title ?? "");
    say(this.intro, content.intro ?? "");
    this.history.update(content.history);
    this.head.hidden = !content.title && !content.intro && this.history.element.hidden;
    this.notice.update(content.notice, this.path);
    this.list.heading = content.title ? "h4" : "h3";
    this.list.update(content);
    const [first] = this.list.known.values();
    attribute(this.root, "aria-labelledby", content.title ? this.title.id : first?.card.title ? first.title.id : "");
  }

  /** Lead to the field at `path`, or as near to it as there is something. */
  goto(path) {
    const within = (part) => path === part.path || path.startsWith(`${part.path}/`);
    const card = [...this.list.known.values()].find(within);
    card?.setOpen(true);
    const field = card && [...card.known.values()].find(within);
    if (!field?.focus() && !card?.focus()) this.land();
    this.root.contains(document.activeElement) && document.activeElement.scrollIntoView({ block: "center" });
  }

  /** Where the focus goes when what held it is no longer there. */
  land() {
    if (this.title.hidden) this.list.focus();
    else this.title.focus();
  }

  /** Say a sentence to those who do not see the page, again if it is the same. */
  announce(text) {
    this.said.textContent = this.said.textContent === text ? `${text}\u00a0` : text;
  }

  /**
   * Send `message` once; until it is answered `element` is busy, and `slow` says what went wrong. `explained()` is true
   * where the content itself says why it was refused.
   */
  attempt(message, { element, slow, done, failed, explained }) {
    if (element.hasAttribute("aria-busy")) return;
    element.setAttribute("aria-busy", "true");
    say(slow, "");
    const ended = (problem) => {
      element.removeAttribute("aria-busy");
      if (element.isConnected) say(slow, problem);
    };
    const refused = () => {
      ended(explained?.() ? "" : this.words.refused);
      failed?.();
    };
    this.ask(message, {
      answered: (ok) => (ok ? (ended(""), done?.()) : setTimeout(refused, SETTLE_MS)),
      silent: () => (ended(this.words.not_saved), failed?.()),
    });
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
    rememberTyped(this.path, this.all);
    // Who reloads on the page's own advice is not asked: what was typed comes back.
    if (document.documentElement.dataset.reloading) return;
    if (this.list.unsaved() || this.notice.unsaved()) event.preventDefault();
  }

  close() {
    this.flush();
    for (const { timer } of this.waiting.values()) clearTimeout(timer);
    this.root.remove();
  }
}

/** A single card that is always open lends the form its heading, or has the same: one is enough. */
function withOneHeading(content) {
  const [card, ...others] = content.cards ?? [];
  if (!card || others.length || card.collapsible || (content.title && content.title !== card.title)) return content;
  const bare = { ...card, title: "", intro: content.intro ? card.intro : "" };
  return { ...content, title: card.title, intro: content.intro || card.intro, cards: [bare] };
}

// ------------------------------------------------------------------------------- what was typed before a page is reloaded

const typedKey = (path) => `workbook-typed ${location.pathname}${location.search} ${path}`;

/** Keep what is typed and not stored, for the same page in the same tab. */
function rememberTyped(path, fields) {
  const typed = Object.fromEntries([...fields].map((field) => [field.path, field.typedNow()]).filter(([, text]) => text));
  try {
    if (Object.keys(typed).length) sessionStorage.setItem(typedKey(path), JSON.stringify(typed));
  } catch {
    // a browser that keeps nothing asks before it leaves
  }
}

function typedBefore(path) {
  try {
    const typed = JSON.parse(sessionStorage.getItem(typedKey(path)) ?? "{}");
    sessionStorage.removeItem(typedKey(path));
    return typed;
  } catch {
    return {};
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
