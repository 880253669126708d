// What forms are drawn with: the making and placing of nodes, and a control for each kind of value. The first of the three
// files that view.py joins into the module of a form: controls.js, asking.js, form.js.

const REST_MS = 300; // typing is posted after this pause
const DATE_REST_MS = 1000; // a date box reports half-typed years

const TOKEN = Math.random().toString(36).slice(2, 8);
let made = 0;
const newId = () => `wb-${TOKEN}-${++made}`;

function make(tag, className = "", ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children.filter((child) => child != null)); // strings become text nodes, never markup
  return node;
}

function button(className, text, onClick) {
  const node = make("button", `wb-button ${className}`, text);
  node.type = "button";
  node.addEventListener("click", onClick);
  return node;
}

function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
  node.hidden = !text;
}

function attribute(node, name, value) {
  if (!value) node.removeAttribute(name);
  else if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

const fill = (template, values) => String(template ?? "").replace(/\{(\w+)\}/g, (mark, key) => values[key] ?? mark);
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
const asText = (value) => (Array.isArray(value) ? value.join("\n") : String(value ?? ""));
const asList = (value) => (Array.isArray(value) ? value.map(String) : value ? [String(value)] : []);

/** Put `nodes` into `parent` in this order, moving as few as possible and keeping the focus where it is. */
function place(parent, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
  const focused = parent.ownerDocument.activeElement;
  let cursor = parent.firstElementChild;
  for (const node of nodes) {
    if (node === cursor) cursor = cursor.nextElementSibling;
    else if (node.parentNode === parent && parent.moveBefore) parent.moveBefore(node, cursor);
    else parent.insertBefore(node, cursor);
  }
  if (focused && parent.contains(focused) && parent.ownerDocument.activeElement !== focused) focused.focus({ preventScroll: true });
}

/** Bring `known` (key to part) in line with `items`; parts have `element`, `update(item)` and `close()`. */
function reconcile(known, items, keyOf, create) {
  const wanted = new Map(items.map((item) => [keyOf(item), item]));
  for (const [key, part] of known) if (!wanted.has(key)) (part.close(), known.delete(key));
  for (const [key, item] of wanted) {
    const part = known.get(key);
    if (part) part.update(item);
    known.delete(key); // set anew, so that the map stands in the order of the items
    known.set(key, part ?? create(item));
  }
  return [...known.values()];
}

// ---------------------------------------------------------------------------------------------------------- controls
// A control shows and reads one value: {root, inputs, read, write}; `inputs` carry the description and aria-invalid.
// `changed()` is called when a person changed it.

function writeText(input, text) {
  if (input.value === text) return;
  const focused = input.getRootNode().activeElement === input && input.selectionStart !== null;
  const [from, to] = focused ? [input.selectionStart, input.selectionEnd] : [];
  input.value = text;
  if (focused) input.setSelectionRange(Math.min(from, text.length), Math.min(to, text.length));
}

function lineControl(field, changed) {
  const input = make("input", "wb-input");
  input.type = "text";
  input.autocomplete = "off";
  if (field.kind === "number") {
    input.inputMode = "decimal";
    input.spellcheck = false;
  }
  input.addEventListener("input", () => changed());
  return {
    root: make("div", "wb-box", input),
    inputs: [input],
    read: () => input.value,
    write: (field) => writeText(input, asText(field.text)),
    options: (field) => (input.placeholder = field.placeholder ?? ""),
  };
}

function textControl(field, changed) {
  const input = make("textarea", "wb-input");
  input.rows = 3;
  const grow = () => {
    if (CSS.supports("field-sizing", "content")) return;
    input.style.height = "auto";
    input.style.height = `${input.scrollHeight}px`;
  };
  input.addEventListener("input", () => (grow(), changed()));
  return {
    root: make("div", "wb-box", input),
    inputs: [input],
    read: () => input.value,
    write: (field) => (writeText(input, asText(field.text)), grow()),
    options: (field) => (input.placeholder = field.placeholder ?? ""),
  };
}

const SLIDE_MS = 120; // while a slider is moved, the page follows this often

function sliderControl(field, changed) {
  const input = make("input", "wb-slider");
  input.type = "range";
  const shown = make("output", "wb-slider-shown");
  shown.setAttribute("aria-hidden", "true"); // the slider itself says its value in words
  input.addEventListener("input", () => changed(SLIDE_MS));
  return {
    root: make("div", "wb-slide", input, shown),
    inputs: [input],
    read: () => input.value,
    write: (field) => {
      if (input.value !== asText(field.text)) input.value = asText(field.text);
      attribute(input, "aria-valuetext", field.shown);
      say(shown, field.shown ?? "");
    },
    options: (field) => Object.assign(input, { min: field.low, max: field.high, step: field.step }),
  };
}

const ISO = { date: /^\d{4}-\d{2}-\d{2}$/, month: /^\d{4}-\d{2}$/ };

function dateControl(field, changed) {
  const control = lineControl(field, () => !input.validity.badInput && changed(DATE_REST_MS));
  const [input] = control.inputs;
  const write = (field) => {
    const text = asText(field.text);
    // A native date box cannot show "next spring"; what is not a date stays readable as text.
    const type = text === "" || ISO[field.kind].test(text) ? field.kind : "text";
    if (input.type !== type) input.type = type;
    if (input.value !== text) input.value = text;
  };
  return { ...control, write };
}

function choiceControl(field, changed, words) {
  const select = make("select", "wb-input");
  let drawn = null;
  select.addEventListener("change", () => changed(0));
  const option = (value, label) => {
    const node = make("option", "", label);
    node.value = value;
    return node;
  };
  const options = (field) => {
    const value = asText(field.text);
    const choices = field.choices ?? [];
    const list = choices.map((choice) => [choice.value, choice.label]);
    if (!choices.some((choice) => choice.value === value)) {
      // What is not among the choices is shown too: nothing yet, or something that has since been removed.
      if (value) list.push([value, fill(words.gone, { value })]);
      else list.unshift(["", words.nothing]);
    }
    if (same(list, drawn)) return;
    drawn = list;
    const chosen = select.value;
    select.replaceChildren(...list.map(([value, label]) => option(value, label)));
    select.value = chosen;
  };
  return {
    root: make("div", "wb-box wb-select", select),
    inputs: [select],
    read: () => select.value,
    write: (field) => (select.value = asText(field.text)),
    options,
  };
}

/** A button that takes a file to the workspace; `taken` is given the name it has there, `told` what went wrong. */
function uploadButton({ label, accept, language }, words, taken, told) {
  const input = make("input");
  Object.assign(input, { type: "file", accept, hidden: true, tabIndex: -1 });
  const choose = button("wb-upload", label, () => input.click());
  const status = make("span", "wb-saving");
  status.setAttribute("role", "status");
  input.addEventListener("change", async () => {
    const [file] = input.files;
    input.value = ""; // the same file may be brought in again
    if (!file) return;
    told("");
    choose.disabled = true;
    say(status, words.uploading);
    try {
      taken(await sendFile(file, language));
    } catch (problem) {
      told(problem instanceof Refusal ? problem.message : words.no_upload);
    }
    say(status, "");
    choose.disabled = false;
    choose.focus();
  });
  return make("div", "wb-upload-row", choose, input, status);
}

class Refusal extends Error {}

/** The body of a request and not a widget's message: a websocket breaks at a size that a table soon has. */
async function sendFile(file, language) {
  const config = document.getElementById("jupyter-config-data")?.textContent;
  const { baseUrl = "/", markCookie = "_xsrf" } = config ? JSON.parse(config) : {};
  const xsrf = new RegExp(`(?:^|; )${markCookie}=([^;]*)`).exec(document.cookie)?.[1] ?? "";
  const asked = new URLSearchParams({ name: file.name, language });
  const headers = { "X-XSRFToken": xsrf, "Content-Type": "application/octet-stream" };
  const answer = await fetch(`${baseUrl}workbook/tables?${asked}`, { method: "POST", headers, body: file });
  const said = await answer.json(); // a server that has no such address answers with a page
  if (!answer.ok) throw new Refusal(said.message);
  return said.name;
}

function choicesControl(field, changed, words) {
  const root = make("div", "wb-checks");
  const boxes = new Map();
  const options = (field) => {
    const chosen = asList(field.text);
    const choices = [...(field.choices ?? [])];
    for (const value of chosen) if (!choices.some((c) => c.value === value)) choices.push({ value, label: fill(words.gone, { value }) });
    const wanted = new Set(choices.map((choice) => choice.value));
    for (const [value, box] of boxes) if (!wanted.has(value)) (box.row.remove(), boxes.delete(value));
    for (const { value, label } of choices) {
      if (!boxes.has(value)) boxes.set(value, checkbox(() => changed(0)));
      say(boxes.get(value).text, label);
    }
    const none = boxes.size ? [] : [make("p", "wb-help", words.no_choices)];
    place(root, [...choices.map((choice) => boxes.get(choice.value).row), ...none]);
  };
  return {
    root,
    inputs: [],
    read: () => [...boxes].filter(([, box]) => box.input.checked).map(([value]) => value),
    write: (field) => {
      const chosen = new Set(asList(field.text));
      for (const [value, box] of boxes) box.input.checked = chosen.has(value);
    },
    options,
  };
}

function checkbox(onChange) {
  const input = make("input", "wb-check-input");
  input.type = "checkbox";
  input.addEventListener("change", onChange);
  const text = make("span", "wb-check-text");
  return { input, text, row: make("label", "wb-check", input, text) };
}

function booleanControl(field, changed) {
  const box = checkbox(() => changed(0));
  return {
    root: box.row,
    inputs: [box.input],
    read: () => (box.input.checked ? "true" : "false"),
    write: (field) => (box.input.checked = asText(field.text) === "true"),
    options: (field) => say(box.text, field.label),
  };
}

function linesControl(field, changed, words) {
  const list = make("ol", "wb-lines");
  const add = button("wb-quiet", words.add_line, () => append("").focus());
  let current = field;

  const inputs = () => [...list.querySelectorAll("input")];
  const number = () =>
    inputs().forEach((input, i) => {
      input.setAttribute("aria-label", fill(words.line, { label: current.label, number: i + 1 }));
      input.placeholder = i === 0 ? (current.placeholder ?? "") : "";
      input.closest("li").querySelector("button").setAttribute("aria-label", fill(words.remove_line, { number: i + 1 }));
    });
  const append = (text, after = null) => {
    const input = make("input", "wb-input");
    input.type = "text";
    input.autocomplete = "off";
    input.value = text;
    const row = make("li", "wb-line", make("div", "wb-box", input), button("wb-cross", "\u00d7", () => drop(input)));
    input.addEventListener("input", () => changed());
    input.addEventListener("keydown", (event) => keys(event, input));
    input.addEventListener("paste", (event) => paste(event, input));
    list.insertBefore(row, after?.nextSibling ?? null);
    number();
    return input;
  };
  const drop = (input) => {
    const all = inputs();
    const i = all.indexOf(input);
    const next = all[i + 1] ?? all[i - 1];
    (next ?? input).focus(); // before the row goes, or the focus would leave the field
    if (next) input.closest("li").remove();
    else input.value = "";
    number();
    changed(0);
  };
  const keys = (event, input) => {
    if (event.isComposing) return;
    if (event.key === "Enter") {
      event.preventDefault();
      changed(0);
      append("", input.closest("li")).focus();
    } else if (event.key === "Backspace" && input.value === "" && inputs().length > 1) {
      event.preventDefault();
      drop(input);
    }
  };
  const paste = (event, input) => {
    const lines = event.clipboardData.getData("text/plain").split(/\r?\n/).filter((line) => line.trim());
    if (lines.length < 2) return; // the browser does that well by itself
    event.preventDefault();
    input.setRangeText(lines[0], input.selectionStart, input.selectionEnd, "end");
    lines.slice(1).reduce((above, line) => append(line, above.closest("li")), input);
    changed(0);
  };
  return {
    root: make("div", "wb-lines-root", list, add),
    inputs: [],
    read: () => inputs().map((input) => input.value).filter((text) => text.trim()),
    write: (field) => {
      const lines = asList(field.text);
      if (!lines.length) lines.push("");
      const present = inputs();
      present.slice(lines.length).forEach((input) => input.closest("li").remove());
      lines.forEach((line, i) => (present[i] ? writeText(present[i], line) : append(line)));
      number();
    },
    options: (field) => ((current = field), say(add, words.add_line)),
  };
}

const CONTROLS = {
  line: lineControl,
  number: lineControl,
  slider: sliderControl,
  text: textControl,
  date: dateControl,
  month: dateControl,
  choice: choiceControl,
  reference: choiceControl,
  choices: choicesControl,
  references: choicesControl,
  boolean: booleanControl,
  lines: linesControl,
};
const IN_FIELDSET = new Set(["choices", "references", "lines", "group"]);
