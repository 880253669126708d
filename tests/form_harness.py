"""A page that shows the widgets' own modules with a made-up model, so that their browser half is tested by itself."""

import json
from pathlib import Path
from typing import Any

from workbook.exhibits.theme import tokens_css
from workbook.forms import view

SITE = "http://workbook.test"
FORMS = Path(view.__file__).parent

# What anywidget hands to render(), as far as the widgets use it; `wb.sent` is what Python would have received.
SCRIPT = """
import form from "/form.js";
import header from "/header.js";
const model = (content) => {
  const handlers = [], sent = [];
  return {
    sent,
    get: () => content,
    on: (name, call) => handlers.push([name, call]),
    off: (name, call) => handlers.splice(handlers.findIndex((h) => h[0] === name && h[1] === call), 1),
    send: (message) => sent.push(message),
    fire: (name, value) => handlers.filter((h) => h[0] === name).forEach((h) => h[1](value)),
    show(next) { content = next; this.fire("change:content"); },
    tell(message) { this.fire("msg:custom", message); },
  };
};
window.models = {};
window.draw = (name, kind, content, el) => {
  const made = (window.models[name] = model(content));
  made.close = ({ form, header })[kind].render({ model: made, el });
};
for (const el of document.querySelectorAll("[data-widget]")) {
  const content = JSON.parse(el.querySelector("script").textContent);
  draw(el.dataset.name, el.dataset.widget, content, el.appendChild(document.createElement("div")));
}
window.ready = true;
"""


def widget(kind: str, name: str, content: dict[str, Any]) -> str:
    """Return the place of a widget in a page, with its content inside."""
    words = {"form": view.FORM_WORDS, "header": view.HEADER_WORDS}[kind]
    data = json.dumps({"words": words} | content).replace("<", "\\u003c")
    return f'<div data-widget="{kind}" data-name="{name}"><script type="application/json">{data}</script></div>'


def open_page(
    browser: Any, body: str, *, width: int = 1440, height: int = 900, dark: bool = False, **options: Any
) -> Any:
    """Open a page with ``body`` in a new context; what went wrong in it collects in ``page.errors``."""
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light", locale="en-GB", **options
    )
    page = context.new_page()
    page.errors = []
    page.on("console", lambda message: message.type in ("error", "warning") and page.errors.append(message.text))
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    sheets = ("form.css", "header.css", "page.css")
    styles = tokens_css() + "".join((FORMS / name).read_text("utf-8") for name in sheets)
    html = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Test</title><link rel="icon" href="data:,">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<style>{styles}</style></head><body>{body}<script type="module">{SCRIPT}</script></body></html>'
    )

    modules = {"form.js": view.FormView._esm, "header.js": view.HeaderView._esm}

    def serve(route: Any) -> None:
        name = route.request.url.removeprefix(SITE + "/")
        if name in modules:
            route.fulfill(body=modules[name], content_type="text/javascript; charset=utf-8")
        elif name == "":
            route.fulfill(body=html, content_type="text/html; charset=utf-8")
        else:
            route.fulfill(status=404, body="")

    page.route("**/*", serve)
    page.goto(SITE + "/")
    page.wait_for_function("window.ready")
    return page


def sent(page: Any, kind: str | None = None, name: str = "form") -> list[dict[str, Any]]:
    """Return what the widget posted so far, all or of one kind."""
    messages = page.evaluate("name => models[name].sent", name)
    return [message for message in messages if kind in (None, message["kind"])]


def answer(page: Any, message: dict[str, Any], ok: bool = True) -> None:
    """Answer one message as Python would."""
    page.evaluate("([serial, ok]) => models.form.tell({kind: 'answer', serial, ok})", [message["serial"], ok])


def show(page: Any, content: dict[str, Any], name: str = "form", kind: str = "form") -> None:
    """Give the widget new content, as a change of the trait does."""
    words = {"form": view.FORM_WORDS, "header": view.HEADER_WORDS}[kind]
    page.evaluate("([name, content]) => models[name].show(content)", [name, {"words": words} | content])
