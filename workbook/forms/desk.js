// What a facilitator's desk does in a browser, on the page of a workshop's server and in the notebook's console alike: it
// changes only what differs, never what somebody is filling in, and places dots with buttons.
//
// Joined with what follows it, this is one module: serving/template/workshop.js for the page, console.js for the widget.

/* Dots are placed with buttons; the field under them stays what is sent. */

function steppers(root) {
  for (const box of root.querySelectorAll("[data-dots]")) {
    const fields = [...box.querySelectorAll('input[type="number"]')];
    const left = box.querySelector("[data-left]");
    const spent = () => fields.reduce((sum, field) => sum + (Number(field.value) || 0), 0);
    const tell = () => { left.textContent = left.dataset.left.replace("{count}", Math.max(0, box.dataset.dots - spent())); };
    for (const field of fields) {
      const stepper = document.createElement("span");
      stepper.className = "wb-stepper";
      field.replaceWith(stepper);
      const button = (sign, change) => {
        const made = document.createElement("button");
        made.type = "button";
        made.textContent = sign;
        made.setAttribute("aria-label", `${sign} ${field.labels?.[0]?.textContent ?? ""}`);
        made.addEventListener("click", () => {
          const wanted = Math.min(Math.max((Number(field.value) || 0) + change, 0), Number(box.dataset.most));
          if (change > 0 && spent() >= box.dataset.dots) return;
          field.value = wanted;
          tell();
        });
        return made;
      };
      stepper.append(button("−", -1), field, button("+", 1));
      for (const made of stepper.querySelectorAll("button")) made.setAttribute("aria-label", `${made.textContent} ${field.labels?.[0]?.textContent ?? ""}`);
      field.addEventListener("input", tell);
    }
    tell();
  }
}

/**
 * Change the parts of the desk that differ; what is being filled in stays, with its new act's id. Return whether all was
 * shown: a part that somebody presses in at this moment waits, or the press would meet a button that is no more.
 */
function refreshDesk(root, fresh, form, begin) {
  let whole = true;
  for (const part of root.querySelectorAll("[data-live]")) {
    const next = fresh.querySelector(`[data-live="${part.dataset.live}"]`);
    const focused = part.contains(document.activeElement) ? document.activeElement : null;
    const busy = focused?.matches("input:not([type=hidden]), textarea, select") && !part.contains(form);
    const ticked = !part.contains(form) && part.querySelector('form input[type="checkbox"]:checked') && part.dataset.live === "now" && sameForms(part, next);
    if (!next || busy || ticked || plain(part) === plain(next)) continue;
    if (part.matches(":active")) {
      whole = false;
      continue;
    }
    const open = [...part.querySelectorAll("details[open] > summary")].map((summary) => summary.textContent);
    const made = document.adoptNode(next);
    part.replaceWith(made);
    for (const summary of made.querySelectorAll("summary")) if (open.includes(summary.textContent)) summary.parentElement.open = true;
    begin(made);
    // Who works with the keyboard stays where they were, as long as that is still there.
    const same = (other) => other.textContent === focused.textContent && other.closest("li, form")?.textContent === focused.closest("li, form")?.textContent;
    if (focused) [...made.querySelectorAll(focused.localName)].find(same)?.focus({ preventScroll: true });
  }
  if (!form?.isConnected) return whole;
  form.reset();
  const twin = [...fresh.querySelectorAll("form")].find((other) => other.getAttribute("action") === form.getAttribute("action") && other.elements.exercise?.value === form.elements.exercise?.value);
  const operation = form.elements.operation;
  if (operation) operation.value = twin?.elements.operation?.value ?? crypto.randomUUID?.() ?? String(Math.random());
  const details = form.closest("details.wb-exercise");
  if (details) {
    details.open = false;
    root.querySelector("#now")?.scrollIntoView({ block: "start" });
  }
  return whole;
}

const sameForms = (part, next) => next && part.querySelectorAll('input[type="checkbox"]').length === next.querySelectorAll('input[type="checkbox"]').length && part.querySelector("#now-head")?.textContent === next.querySelector("#now-head")?.textContent && part.querySelector(".wb-phases [aria-current]")?.textContent === next.querySelector(".wb-phases [aria-current]")?.textContent;

/** A part as it reads, without the ids of acts, which differ each time, and without what scripts drew. */
function plain(part) {
  const copy = part.cloneNode(true);
  copy.querySelectorAll('input[name="operation"], input[name="_xsrf"]').forEach((field) => field.remove());
  copy.querySelectorAll("figure").forEach((figure) => figure.replaceWith(figure.querySelector("script.wb-payload")?.textContent ?? figure.dataset.kept ?? ""));
  copy.querySelectorAll("[data-people], [data-status], [data-clock]").forEach((element) => { element.textContent = ""; element.removeAttribute("class"); element.removeAttribute("data-left-seconds"); });
  return copy.innerHTML.replace(/\s+/g, " ");
}

/** Show the time left until the moment `clock`, in milliseconds since 1970; nothing for null. */
function showClock(root, clock) {
  const left = clock === null ? null : Math.round((clock - Date.now()) / 1000);
  for (const element of root.querySelectorAll("[data-clock]")) {
    const sign = left < 0 ? "−" : "";
    const away = Math.abs(left ?? 0);
    const shown = left === null ? "" : `${sign}${String(Math.floor(away / 60)).padStart(2, "0")}:${String(away % 60).padStart(2, "0")}`;
    element.textContent = shown && element.matches("span") ? ` · ${shown}` : shown;
    element.classList.toggle("wb-late", left !== null && left < 0);
  }
}
