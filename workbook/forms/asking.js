// What a form asks of the person before it, beyond its fields: a notice with what can be done about it, two values of
// which one is to be chosen, a name for something new. The second of the three files of a form's module.

const NAME_LENGTH = 500; // what view.py lets through
const ANSWER_LENGTH = 20000;

/** A line that says what went wrong, at once and aloud. */
function alertLine() {
  const line = make("p", "wb-slow");
  line.setAttribute("role", "alert");
  line.hidden = true;
  return line;
}

/** A part of the page with a name of its own, that of `label`. */
function group(className, label, ...children) {
  const node = make("div", className, ...children);
  label.id ||= newId();
  node.setAttribute("role", "group");
  node.setAttribute("aria-labelledby", label.id);
  return node;
}

const hasFocus = (node) => node.contains(document.activeElement);

/** "undo" or "redo" where a key press asks for it, "" for every other key. */
function historyKey(event) {
  if (event.type !== "keydown" || event.altKey || event.isComposing) return "";
  if (!(event.ctrlKey || event.metaKey) || event.key?.toLowerCase() !== "z") return "";
  return event.shiftKey ? "redo" : "undo";
}

const QUESTION_KINDS = new Set(["line", "text", "number", "date", "month", "choice"]);

/** One question of an inset: a label above a control. */
class Question {
  constructor(form, asked) {
    const kind = QUESTION_KINDS.has(asked.kind) ? asked.kind : "line";
    this.asked = asked;
    this.control = CONTROLS[kind]({ ...asked, kind }, () => {}, form.words);
    [this.input] = this.control.inputs;
    this.input.id = newId();
    this.input.maxLength = asked.longest ?? ANSWER_LENGTH;
    this.label = make("label", "wb-label");
    this.label.htmlFor = this.input.id;
    this.error = make("p", "wb-error");
    this.help = make("p", "wb-help");
    for (const note of [this.error, this.help]) note.id = newId();
    const row = make("div", "wb-label-row", this.label);
    this.element = make("div", `wb-field wb-kind-${kind}`, row, this.control.root, this.error, this.help);
    this.update(asked);
    this.clear();
  }

  update(asked) {
    this.asked = asked;
    say(this.label, asked.label);
    if (asked.error) this.error.setAttribute("role", "alert");
    say(this.error, asked.error ?? "");
    say(this.help, asked.help ?? "");
    const ids = [this.error, this.help].filter((note) => !note.hidden).map((note) => note.id);
    attribute(this.input, "aria-describedby", ids.join(" "));
    attribute(this.input, "aria-invalid", asked.error ? "true" : "");
    this.control.options(asked);
  }

  read = () => this.control.read();
  clear = () => this.control.write({ ...this.asked, text: this.asked.text ?? "" });
  close() {}
}

/** A small form inside the form. Nothing of it is posted before it is sent off, and Escape puts it away. */
class Inset {
  constructor(form, { send, left }) {
    Object.assign(this, { form, left, known: new Map() });
    this.title = make("p", "wb-inset-title");
    this.questions = make("div", "wb-questions");
    this.sendButton = button("wb-strong", "", () => send(this.answers()));
    this.cancelButton = button("", "", () => this.cancel());
    this.slow = alertLine();
    const buttons = make("div", "wb-actions", this.sendButton, this.cancelButton);
    this.element = group("wb-inset", this.title, this.title, this.questions, buttons, this.slow);
    this.element.hidden = true;
    this.element.addEventListener("keydown", (event) => this.key(event, send));
  }

  key(event, send) {
    if (event.isComposing) return;
    if (event.key === "Escape") {
      event.stopPropagation(); // an inset within an inset's card is put away by itself
      this.cancel();
    } else if (event.key === "Enter" && (event.target.matches("input") || event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      send(this.answers());
    } else if (historyKey(event) && event.target.matches("input, textarea")) {
      event.stopPropagation(); // what is typed here is the browser's to take back
    }
  }

  update(title, questions, sendWord) {
    say(this.title, title);
    say(this.sendButton, sendWord);
    say(this.cancelButton, this.form.words.cancel);
    const shown = reconcile(this.known, questions, ({ name }) => name, (asked) => new Question(this.form, asked));
    place(this.questions, shown.map((question) => question.element));
  }

  open() {
    this.element.hidden = false;
    this.focus();
  }

  /** Put it away empty; `left` hears whether the focus was in it, and says where it goes. */
  close() {
    const held = hasFocus(this.element);
    this.element.hidden = true;
    say(this.slow, "");
    this.known.forEach((question) => question.clear());
    this.left(held);
  }

  cancel() {
    if (!this.element.hasAttribute("aria-busy")) this.close();
  }

  /** The first question, or the first that was answered wrongly. */
  focus() {
    const questions = [...this.known.values()];
    (questions.find(({ asked }) => asked.error) ?? questions[0])?.input.focus();
  }

  answers = () => Object.fromEntries([...this.known].map(([name, question]) => [name, question.read()]));
  unsaved = () => !this.element.hidden && [...this.known.values()].some((question) => question.read().trim());
}

/** Something that can be done about a notice: at once, or after a few questions. */
class Action {
  constructor(notice, action) {
    Object.assign(this, { notice, action });
    this.button = button("", "", () => (this.action.ask?.length ? this.open() : this.send({})));
    this.inset = new Inset(notice.form, {
      send: (answers) => this.send(answers),
      left: (held) => (this.element.classList.remove("wb-asked"), held && this.button.focus()),
    });
    this.element = make("div", "wb-action", this.button, this.inset.element);
    this.update(action);
  }

  update(action) {
    this.action = action;
    say(this.button, action.label);
    this.inset.update(action.label, action.ask ?? [], this.notice.form.words.save);
  }

  open() {
    this.element.classList.add("wb-asked");
    this.inset.open();
  }

  send(answers) {
    const { form, path, slow } = this.notice;
    const asking = !this.inset.element.hidden;
    form.attempt(
      { kind: "act", path, action: this.action.action, answers },
      {
        element: asking ? this.inset.element : this.element,
        slow: asking ? this.inset.slow : slow,
        done: () => asking && this.inset.close(),
        failed: () => asking && hasFocus(this.inset.element) && this.inset.focus(),
        explained: () => asking && this.action.ask?.some(({ error }) => error),
      },
    );
  }

  unsaved = () => this.inset.unsaved();
  close() {}
}

/** What changed since somebody last looked, or is worth knowing, and what can be done about it. */
class Notice {
  constructor(form, leave) {
    Object.assign(this, { form, leave, known: new Map(), drawn: null });
    this.text = make("p", "wb-news-text");
    this.changes = make("dl", "wb-changes");
    this.actions = make("div", "wb-actions");
    this.slow = alertLine();
    this.element = group("", this.text, this.text, this.changes, this.actions, this.slow);
  }

  update(notice, path) {
    const held = hasFocus(this.element);
    this.path = path;
    this.element.hidden = !notice;
    this.element.className = `wb-news ${notice?.kind === "stale" ? "wb-news-stale" : "wb-news-info"}`;
    say(this.text, notice?.text ?? "");
    this.show(notice?.changes ?? []);
    if (!notice) say(this.slow, "");
    const actions = reconcile(this.known, notice?.actions ?? [], ({ action }) => action, (action) => new Action(this, action));
    place(this.actions, actions.map((action) => action.element));
    this.actions.hidden = !actions.length;
    if (held && !hasFocus(this.element)) this.leave();
  }

  show(changes) {
    if (same(changes, this.drawn)) return;
    this.drawn = changes;
    const { before, after, absent } = this.form.words;
    const value = (className, word, text) =>
      make("dd", className, make("span", "wb-unseen", `${word}: `), String(text ?? "") || absent);
    const row = (change) =>
      make("div", "wb-change", make("dt", "", change.label), value("wb-before", before, change.before), value("wb-after", after, change.after));
    this.changes.replaceChildren(...changes.map(row));
    this.changes.hidden = !changes.length;
  }

  unsaved = () => [...this.known.values()].some((action) => action.unsaved());
}

/** Two people's values for one field, side by side: whoever sees them takes one. */
class Conflict {
  constructor(part, text) {
    Object.assign(this, { part, known: new Map() });
    this.choices = make("div", "wb-takes");
    this.slow = alertLine();
    this.element = group("wb-conflict", text, text, this.choices, this.slow);
  }

  update(conflict) {
    const held = hasFocus(this.element);
    this.element.hidden = !conflict;
    if (!conflict) say(this.slow, "");
    const takes = reconcile(this.known, conflict?.choices ?? [], ({ value }) => value, (choice) => this.take(choice));
    place(this.choices, takes.map((take) => take.element));
    if (held && !hasFocus(this.element)) this.part.focus();
  }

  take({ value, ...choice }) {
    const text = make("span", "wb-take-text");
    const by = make("span", "wb-take-by");
    const element = button("wb-take", "", () => this.choose(value));
    element.append(text, " ", by);
    const update = (choice) => {
      say(text, String(choice.text ?? "") || this.part.form.words.absent);
      say(by, choice.by ?? "");
    };
    update(choice);
    return { element, update, close() {} };
  }

  choose(choice) {
    const { form, path } = this.part;
    form.attempt({ kind: "choose", path, choice }, { element: this.element, slow: this.slow });
  }
}

/** Beside a field that refers to something: the way to make what is not there yet, by its name. */
class Create {
  constructor(field) {
    this.field = field;
    this.single = field.kind === "reference";
    this.isOpen = this.made = false;
    this.button = button(this.single ? "wb-plus" : "wb-quiet", "", () => this.open());
    this.inset = new Inset(field.form, {
      send: ({ name }) => this.send(name.trim()),
      left: (held) => this.left(held),
    });
    this.element = make("div", this.single ? "wb-beside" : "wb-checks-root", field.control.root, this.button);
    field.notes.element.prepend(this.inset.element); // under the row, where the boxes of a row stay in line
  }

  update(create) {
    this.given = create;
    const label = create?.label ?? "";
    say(this.button, label && this.single ? "+" : label);
    if (this.single) for (const name of ["aria-label", "title"]) attribute(this.button, name, label);
    if (!create && this.isOpen) this.inset.close();
    this.ask();
  }

  /** Have the question there while it is open, and only then: a page may hold many such fields. */
  ask() {
    const { words } = this.field.form;
    const question = { name: "name", label: words.name, kind: "line", longest: NAME_LENGTH };
    this.inset.update(this.given?.label ?? "", this.isOpen ? [question] : [], words.add_named);
    this.button.setAttribute("aria-expanded", String(this.isOpen));
  }

  open() {
    this.isOpen = true;
    this.ask();
    this.inset.open();
  }

  left(held) {
    this.isOpen = false;
    this.ask();
    if (!held) return;
    // A list shows what was made; a row of boxes is long, and the button stands at its end.
    if (this.button.hidden || (this.single && this.made)) this.field.focus();
    else this.button.focus();
  }

  send(name) {
    const { form, path } = this.field;
    if (!name) return this.inset.focus();
    const done = () => {
      this.made = true;
      this.inset.close();
      this.made = false;
      form.announce(fill(form.words.created, { name }));
    };
    form.attempt({ kind: "create", path, text: name }, { element: this.inset.element, slow: this.inset.slow, done });
  }

  unsaved = () => this.inset.unsaved();
}
