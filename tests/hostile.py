"""Sixty texts that would run in somebody's browser if they were ever taken for more than text, and plans full of them.

Each says ``MARK`` and its number, so that it is found wherever it ends up; each that ran would call ``pwned``.
"""

from collections.abc import Iterator
from itertools import count
from typing import Any

from pydantic import ValidationError

from workbook.plan.model import Plan, shapes, tree
from workbook.plan.model.fields import Part

MARK = "zq7x"
CALL = "pwned({n})"

_SHAPES = [
    "<script>{call}</script>",
    "</script><script>{call}</script>",
    "<img src=x onerror={call}>",
    '<img src=x onerror="{call}">',
    "<svg onload={call}>",
    "<svg><script>{call}</script></svg>",
    "<svg><animate onbegin={call} attributeName=x dur=1s>",
    "<iframe srcdoc='<script>parent.{call}</script>'></iframe>",
    "<iframe src=javascript:{call}></iframe>",
    "<body onload={call}>",
    "<details open ontoggle={call}>",
    "<input autofocus onfocus={call}>",
    "<select autofocus onfocus={call}>",
    "<textarea autofocus onfocus={call}>",
    "<video><source onerror={call}></video>",
    "<audio src=x onerror={call}>",
    "<object data=javascript:{call}>",
    "<embed src=javascript:{call}>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror={call}>",
    "<a href=javascript:{call} autofocus onfocus={call}>x</a>",
    "<a href='data:text/html,<script>{call}</script>'>x</a>",
    "[x](javascript:{call})",
    '![x](x" onerror="{call})',
    "<javascript:{call}>",
    "`<img src=x onerror={call}>`",
    "$\\href{{javascript:{call}}}{{x}}$",
    "$$\\style{{x}}{{<img src=x onerror={call}>}}$$",
    "{{{{constructor.constructor('{call}')()}}}}",
    "${{{call}}}",
    "#{{{call}}}",
    "<%= {call} %>",
    "{{% print {call} %}}",
    "'-{call}-'",
    '"-{call}-"',
    '\\"-{call}//',
    "';{call};//",
    '";{call};//',
    "`${{{call}}}`",
    "*/{call}/*",
    "-->{call}<!--",
    "<!--<img src=x onerror={call}>-->",
    "<![CDATA[<script>{call}</script>]]>",
    "<style>*{{background:url(javascript:{call})}}</style>",
    "<link rel=stylesheet href=javascript:{call}>",
    "<meta http-equiv=refresh content='0;url=javascript:{call}'>",
    "<base href=javascript:{call}//>",
    "<form action=javascript:{call}><button autofocus onfocus={call}>",
    "<marquee onstart={call}>",
    "<div style='animation-name:x' onanimationstart={call}>",
    "<x contenteditable onblur={call} autofocus tabindex=1>",
    "<noscript><p title='</noscript><img src=x onerror={call}>'>",
    "<template><script>{call}</script></template>",
    "&lt;script&gt;{call}&lt;/script&gt;",
    "&#60;img src=x onerror={call}&#62;",
    "%3Cimg%20src=x%20onerror={call}%3E",
    "\\u003cimg src=x onerror={call}\\u003e",
    "datum.constructor.constructor('{call}')()",
    "[datum['x']] {call}",
    "</textarea></title></style></script><img src=x onerror={call}>",
    '=HYPERLINK("javascript:{call}")<img/src/onerror={call}>',
]

TEXTS = [f"{MARK}{n} {shape.format(call=CALL.format(n=n))}" for n, shape in enumerate(_SHAPES)]


def hostile_plan(sample: Plan, *, turn: int = 0) -> Plan:
    """Return ``sample`` with another text of ``TEXTS`` in each field that takes words; ``turn`` begins elsewhere."""
    data, texts = tree(sample), (TEXTS[i % len(TEXTS)] for i in count(turn))
    taken = {path: text for path, text in zip(_words(Plan, data, ()), texts, strict=False)}
    before = {path: _at(data, path) for path in taken}
    for path, text in taken.items():
        _put(data, path, [text] if isinstance(before[path], list) else text)
    while True:
        try:
            return Plan.model_validate(data)
        except ValidationError as error:
            # A field of a narrower kind, such as a web address, keeps what it had.
            for fault in error.errors():
                _restore(data, before, tuple(str(name) for name in fault["loc"]))


def _words(model: type[Part], data: dict[str, Any], path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield the paths below ``data`` that hold words."""
    for shape in shapes(model):
        held = data.get(shape.name)
        here = (*path, shape.name)
        if shape.kind in ("line", "text", "lines"):
            yield here
        elif shape.kind in ("value", "part") and shape.holds and held:
            yield from _words(shape.holds, held, here)
        elif shape.kind == "items" and shape.holds:
            for id, item in (held or {}).items():
                if isinstance(item, dict):
                    yield from _words(shape.holds, item, (*here, id))


def _at(data: dict[str, Any], path: tuple[str, ...]) -> Any:
    for name in path[:-1]:
        data = data[name]
    return data.get(path[-1])


def _put(data: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    for name in path[:-1]:
        data = data[name]
    if value is None:
        data.pop(path[-1], None)
    else:
        data[path[-1]] = value


def _restore(data: dict[str, Any], before: dict[tuple[str, ...], Any], where: tuple[str, ...]) -> None:
    """Put back what stood at ``where`` or below the nearest place above it that was changed."""
    found = [path for path in before if path == where[: len(path)]]
    for depth in range(len(where), 0, -1):
        found = found or [path for path in before if path[:depth] == where[:depth]]
    for path in found:
        _put(data, path, before[path])
