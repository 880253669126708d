// The facilitator's console in a notebook: the desk of a workshop's page, sent by the kernel and answered by it.
//
// What a form holds goes to the kernel as one message and again until it is answered: it carries the id of its act, so
// that one which did arrive is not done twice. Joined after desk.js.

const AGAIN_MS = 4000;
const PRESSED_MS = 400; // after which a press is over

function render({ model, el }) {
  const root = document.createElement("div");
  root.className = "wb-hall wb-desk wb-console";
  const wrong = Object.assign(document.createElement("p"), { className: "wb-wrong", hidden: true });
  wrong.setAttribute("role", "alert");
  const saved = Object.assign(document.createElement("p"), { className: "wb-saved" });
  saved.setAttribute("role", "status");
  const body = document.createElement("div");
  body.className = "wb-console-body";
  root.append(wrong, saved, body);
  el.append(root);
  const waiting = new Map(); // forms that were sent, by serial
  let serial = 0;
  let clock = null;

  const tick = () => showClock(root, clock);
  const begin = (part) => {
    steppers(part);
    tell();
  };

  function tell() {
    const { status, people, left, lost } = model.get("told");
    for (const [name, text] of [["status", status], ["people", people]]) {
      for (const element of root.querySelectorAll(`[data-${name}]`)) if (element.textContent !== text) element.textContent = text;
    }
    saved.dataset.lost = lost;
    clock = left === null ? null : Date.now() + left * 1000;
    tick();
  }

  function show(form = null) {
    const fresh = new DOMParser().parseFromString(model.get("html"), "text/html").body.firstElementChild;
    const old = body.firstElementChild;
    if (!fresh) return body.replaceChildren();
    if (old && old.dataset.view === fresh.dataset.view && fresh.dataset.view === "desk") {
      const notices = [...fresh.querySelectorAll(":scope > .wb-notice")];
      if (!refreshDesk(root, fresh, form, begin)) setTimeout(() => show(), PRESSED_MS);
      if (form) {
        old.querySelectorAll(":scope > .wb-notice").forEach((notice) => notice.remove());
        old.querySelector(".wb-kicker")?.after(...notices);
      }
    } else if (!old || plain(old) !== plain(fresh)) {
      const inside = body.contains(document.activeElement);
      body.replaceChildren(document.adoptNode(fresh));
      begin(body);
      if (form || inside) head();
    }
  }

  /** Where the next thing begins: a reader of the screen hears it. */
  function head() {
    const first = body.querySelector("textarea, h1, h2, h3");
    if (first?.matches("h1, h2, h3")) first.setAttribute("tabindex", "-1");
    first?.focus({ preventScroll: true });
    root.scrollIntoView({ block: "nearest" });
  }

  function send(message, form) {
    serial += 1;
    const sent = { ...message, serial };
    if (form) for (const button of form.querySelectorAll("button")) button.disabled = true;
    waiting.set(serial, { form, timer: setInterval(() => {
      saved.textContent = saved.dataset.lost;
      model.send(sent);
    }, AGAIN_MS) });
    model.send(sent);
  }

  function onSubmit(event) {
    const form = event.target;
    event.preventDefault();
    if ([...waiting.values()].some((one) => one.form === form)) return;
    const fields = [...new FormData(form, event.submitter)].map(([name, value]) => [name, String(value)]);
    send({ kind: "act", act: form.getAttribute("action").replace(/^\/(desk\/do\/)?/, ""), fields }, form);
  }

  function onClick(event) {
    const href = event.target.closest?.("a[href]")?.getAttribute("href") ?? "";
    if (href !== "/desk" && !href.startsWith("/desk/proxy?")) return;
    event.preventDefault();
    const query = new URLSearchParams(href.split("?")[1] ?? "");
    send({ kind: "look", who: query.get("who") ?? "", place: query.get("q") ?? "" }, body.querySelector("form"));
  }

  function onMessage(message) {
    if (message.kind !== "answer" || !waiting.has(message.serial)) return;
    const { form, timer } = waiting.get(message.serial);
    clearInterval(timer);
    waiting.delete(message.serial);
    saved.textContent = "";
    for (const button of form?.querySelectorAll("button") ?? []) button.disabled = false;
    wrong.textContent = message.wrong;
    wrong.hidden = !message.wrong;
    if (message.wrong) wrong.scrollIntoView({ block: "nearest" });
    else show(form ?? body);
  }

  const onHtml = () => { if (!waiting.size) show(); };
  root.addEventListener("submit", onSubmit);
  root.addEventListener("click", onClick);
  // Lab's notebook commands listen further out.
  for (const name of ["keydown", "keyup", "keypress"]) root.addEventListener(name, (event) => event.stopPropagation());
  model.on("change:html", onHtml);
  model.on("change:told", tell);
  model.on("msg:custom", onMessage);
  const ticking = setInterval(tick, 1000);
  show();
  return () => {
    clearInterval(ticking);
    for (const { timer } of waiting.values()) clearInterval(timer);
    model.off("change:html", onHtml);
    model.off("change:told", tell);
    model.off("msg:custom", onMessage);
  };
}

export default { render };
