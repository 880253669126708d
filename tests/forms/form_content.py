"""What the tests of a form show in it, and how they look at it: made-up content in place of a kernel's."""

from form_harness import open_page, sent, widget

HOSTILE = '<img src=x onerror="window.hurt=1"><script>window.hurt=1</script>{title}"\'&amp;'

KINDS = (
    "line",
    "text",
    "number",
    "choice",
    "choices",
    "reference",
    "references",
    "month",
    "date",
    "lines",
    "boolean",
)


def line(path, text, **more):
    return {"path": path, "kind": "line", "label": "Name", "text": text} | more


def number(path, text, **more):
    return {"path": path, "kind": "number", "label": "Budget", "unit": "EUR", "text": text, "step": 1000} | more


def card(name, *fields, **more):
    words = {"path": f"/channels/{name}", "title": name, "summary": "", "fields": list(fields)}
    return words | {"open": True, "collapsible": True, "removable": True, "error_count": 0} | more


def channel(name, budget="30,000", **more):
    return card(name, line(f"/channels/{name}/name", name), number(f"/channels/{name}/budget", budget), **more)


def channels(*cards):
    adding = {"path": "/channels", "label": "Add a channel"}
    words = {"name": "channels", "title": "Channels", "intro": "", "empty": "None yet."}
    return words | {"cards": list(cards), "add": adding}


WAIVE = [
    {"name": "reason", "label": "Reason", "kind": "line"},
    {"name": "review", "label": "Look again on", "kind": "date"},
]

STALE = {
    "kind": "stale",
    "text": "1 thing changed upstream.",
    "changes": [{"label": "Price", "before": "€49", "after": "€39"}],
    "actions": [
        {"action": "confirm", "label": "Still right"},
        {"action": "waive", "label": "Waive…", "ask": WAIVE},
    ],
}

CONFLICT = {
    "text": "Two values were entered at the same time. Choose one.",
    "choices": [
        {"value": "a1", "by": "Ann, 14:05", "text": "1,200"},
        {"value": "b2", "by": "Bruno, 14:06", "text": "1,500"},
    ],
}

HISTORY = {"undo": {"label": "Undo: budget", "enabled": True}, "redo": {"label": "Redo", "enabled": False}}

SEGMENTS = [{"value": "a", "label": "Alpha"}, {"value": "b", "label": "Beta"}]


def segment(kind="reference", text="a", choices=SEGMENTS, **more):
    create = {"label": "Add a segment"}
    words = {"path": "/channels/email/segment", "kind": kind, "label": "Segment", "text": text, "choices": choices}
    return words | {"create": create} | more


def without_serial(message):
    return {key: value for key, value in message.items() if key != "serial"}


def status(page):
    return page.locator(".wb-form > [role=status]")


def form_page(browser, content, **options):
    return open_page(browser, f'<main class="wb-page">{widget("form", "form", content)}</main>', **options)


def budget(page, name="email"):
    return page.get_by_role("group", name=name, exact=True).get_by_label("Budget")


def is_focused(locator):
    return locator.evaluate("node => node === document.activeElement")


def wait_for(page, kind, count):
    enough = "([kind, count]) => models.form.sent.filter((m) => m.kind === kind).length >= count"
    page.wait_for_function(enough, arg=[kind, count])
    return sent(page, kind)
