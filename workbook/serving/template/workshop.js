// What a workshop's pages do where there are scripts; without them, forms and links do the same by loading pages.
//
// A form is sent in the background and again until it is answered: it carries the id of its act, so that one which did
// arrive is not done twice. A stream of events says when there is something new; the page then fetches itself and
// changes only what differs, never what somebody is typing in. What it shares with the notebook's console is in desk.js.

const script = document.querySelector('script[type="module"][data-exhibit]');
const saved = document.querySelector(".wb-saved");
const AGAIN_MS = 1500;
const PRESSED_MS = 400; // after which a press is over
const sending = new Set();
let clock = null;

/* Charts */

const vega = () => (globalThis.__workbook_vega ? Promise.resolve() : new Promise((resolve, reject) => {
  const element = document.createElement("script");
  element.src = script.dataset.vega;
  element.addEventListener("load", resolve);
  element.addEventListener("error", reject);
  document.head.append(element);
}));

async function draw(root) {
  const figures = [...root.querySelectorAll("script.wb-payload")];
  if (!figures.length) return;
  const words = JSON.parse(document.getElementById("wb-words").textContent);
  try {
    const [{ drawExhibit }] = await Promise.all([import(script.dataset.exhibit), vega()]);
    for (const data of figures) {
      const figure = data.closest("figure");
      if (figure) drawExhibit(figure, JSON.parse(data.textContent), words);
    }
  } catch (error) {
    console.warn("charts", error); // the tables are there
  }
}

/* Sending */

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-send]")) return;
  event.preventDefault();
  if (!sending.has(form)) send(form, new FormData(form, event.submitter));
});

async function send(form, data) {
  sending.add(form);
  const buttons = [...form.querySelectorAll("button")];
  for (const button of buttons) button.disabled = true;
  try {
    for (;;) {
      try {
        const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(data), signal: AbortSignal.timeout(10000) });
        if (answer.status >= 500) throw new Error(String(answer.status));
        saved.textContent = "";
        show(await answer.text(), new URL(answer.url), form);
        return;
      } catch (error) {
        saved.textContent = saved.dataset.lost;
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      }
    }
  } finally {
    sending.delete(form);
    for (const button of buttons) button.disabled = false;
  }
}

/* Showing what is new */

function show(html, url, form = null) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const fresh = page.querySelector("main");
  if (!fresh) return;
  if (form && url) history.replaceState(null, "", url.pathname + url.search + url.hash);
  document.body.dataset.stamp = page.body.dataset.stamp;
  document.body.dataset.audience = page.body.dataset.audience;
  document.title = page.title;
  const desk = document.querySelector(".wb-desk-grid") && fresh.querySelector(".wb-desk-grid");
  if (desk) {
    if (!refreshDesk(document, fresh, form, begin)) setTimeout(() => renew().catch(() => {}), PRESSED_MS);
  } else {
    const main = document.querySelector("main");
    main.replaceWith(document.adoptNode(fresh));
    begin(document.querySelector("main"));
    if (form) {
      // Where the next thing begins: a reader of the screen hears the new question.
      const head = document.querySelector("main h1");
      head?.setAttribute("tabindex", "-1");
      (form.matches("[data-again]") ? document.querySelector("main textarea") : head)?.focus({ preventScroll: false });
      if (!form.matches("[data-again]")) scrollTo({ top: 0 });
    }
  }
}

async function renew() {
  const answer = await fetch(location.pathname + location.search, { signal: AbortSignal.timeout(10000) });
  if (answer.ok) show(await answer.text(), null);
}

/* Events */

let stream = null;

function listen() {
  const audience = document.body.dataset.audience;
  if (!audience || stream) return;
  stream = new EventSource(`/events/${audience}`);
  stream.addEventListener("open", () => { if (saved.textContent === saved.dataset.gone) saved.textContent = ""; });
  stream.addEventListener("error", () => {
    if (!sending.size) saved.textContent = saved.dataset.gone;
    if (stream.readyState === EventSource.CLOSED) {
      stream = null;
      setTimeout(listen, AGAIN_MS);
    }
  });
  stream.addEventListener("message", (event) => {
    const { stamp, status, people, left } = JSON.parse(event.data);
    tell("[data-status]", status);
    tell("[data-people]", people);
    clock = left === null ? null : Date.now() + left * 1000;
    tick();
    if (stamp !== document.body.dataset.stamp && !sending.size) {
      document.body.dataset.stamp = stamp;
      renew().catch(() => { document.body.dataset.stamp = ""; });
    }
  });
}

function tell(selector, text) {
  for (const element of document.querySelectorAll(selector)) if (element.textContent !== text) element.textContent = text;
}

const tick = () => showClock(document, clock);

function begin(root) {
  for (const figure of root.querySelectorAll("figure.wb-exhibit")) figure.dataset.kept = figure.querySelector("script.wb-payload")?.textContent ?? "";
  steppers(root);
  draw(root);
  tick();
}

begin(document);
listen();
setInterval(tick, 1000);
addEventListener("online", () => renew().catch(() => {}));
