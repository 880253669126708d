"""An exhibit on a page: a card with the finding, the chart, what it rests on, and its table.

``ExhibitView`` is the live card in a notebook; ``drawing_js`` and ``card_css`` are the same card for pages that have no
kernel, such as the HTML report. All charts of a page are drawn by one Vega runtime (``exhibits.vega``): the page brings
it, or the first card asks its kernel for it.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from workbook.exhibits.drawings import accepted, together
from workbook.exhibits.exhibit import Exhibit
from workbook.exhibits.locales import chart_locale
from workbook.exhibits.scripts import scripts_of_page
from workbook.exhibits.theme import DARK, FONT, LIGHT, SERIES, SIZES, SPACES, chart_config
from workbook.exhibits.vega import runtime_js
from workbook.language import LANGUAGES, _

__all__ = ["ExhibitView", "card_css", "drawing_js", "exhibit_words", "page_config"]


@cache
def drawing_js() -> str:
    """Return the module that draws exhibits: ``drawExhibit``, ``forgetExhibit``, and anywidget's default export."""
    look = {
        name: {"config": page_config(dark=name == "dark"), "card": colours["card"], "ink": colours["ink"]}
        for name, colours in (("light", LIGHT), ("dark", DARK))
    }
    locales = {language: asdict(chart_locale(language)) for language in LANGUAGES}
    script = _beside("view.js").replace('"%LOOK%"', json.dumps(look), 1)
    return script.replace('"%LOCALES%"', json.dumps(locales, ensure_ascii=False), 1)


@cache
def card_css() -> str:
    """Return the style of the cards, with the colours they need on a page that has none of ours, such as Lab's."""
    sizes = "".join(f"--wb-{name}:{size / 16:g}rem;" for name, size in SIZES.items())
    spaces = "".join(f"--wb-s{i}:{space}px;" for i, space in enumerate(SPACES, start=1))
    light, dark = ("".join(f"--wb-{name}:{value};" for name, value in colours.items()) for colours in (LIGHT, DARK))
    return (
        f".wb-exhibit,.wb-tip{{--wb-font:{FONT};--wb-corner:10px;{sizes}{spaces}}}\n"
        f'[data-wb-theme="light"]{{{light}}}\n[data-wb-theme="dark"]{{{dark}}}\n'
        f"@media print{{:root:root,.wb-exhibit,.wb-exhibit[data-wb-theme]{{{light}}}}}\n" + _beside("view.css")
    )


def exhibit_words() -> dict[str, str]:
    """Return the words of a card that are not the exhibit's own, in the language in use."""
    return {
        "table": _("Table"),
        "n": _("n = {n}"),
        "stale": _("changed upstream"),
        "says": _("What would be adopted"),
        "failed": _("The chart could not be drawn here. The table has its figures."),
    }


class ExhibitView(anywidget.AnyWidget):
    """The live card of an exhibit. ``show`` another exhibit and the card changes in place."""

    _esm = traitlets.Unicode().tag(sync=True)
    _css = traitlets.Unicode().tag(sync=True)
    payload = traitlets.Dict().tag(sync=True)
    words = traitlets.Dict().tag(sync=True)
    turn = traitlets.Int().tag(sync=True)
    """Counts the payloads, so that a browser can say of which one it sends a drawing."""

    def __init__(self, exhibit: Exhibit | None = None, drawings: Sequence[dict[str, Any]] = (), **traits: Any) -> None:
        if exhibit is not None:
            traits |= {"payload": exhibit.payload}
        scripts = scripts_of_page() or {"_esm": drawing_js(), "_css": card_css()}
        super().__init__(**scripts, **({"words": exhibit_words()} | traits))
        self.on_msg(self._answer)
        self._adopt: Callable[[str], None] | None = None
        self._seen: Callable[[], None] | None = None
        self._drawn: Callable[[], None] | None = None
        self._sign: Callable[[], None] | None = None
        self.drawings = list(drawings)
        """How browsers have drawn just this payload; see ``exhibits.drawings``."""
        self.seen = True
        """Whether it is on somebody's screen, or nearly; true until the page says otherwise."""

    def show(self, exhibit: Exhibit) -> None:
        """Show ``exhibit`` in this card, in the language in use."""
        with self.hold_sync():
            self.words = exhibit_words()
            if self.payload != exhibit.payload:
                self.payload = exhibit.payload
                self.turn += 1
                self.drawings.clear()

    def on_adopt(self, adopt: Callable[[str], None]) -> None:
        """Call ``adopt`` with what was chosen (``Proposal.to``) when somebody asks to take figures over into the plan."""
        self._adopt = adopt

    def on_seen(self, seen: Callable[[], None]) -> None:
        """Call ``seen`` when the card comes onto the screen."""
        self._seen = seen

    def on_drawn(self, drawn: Callable[[], None]) -> None:
        """Call ``drawn`` when a browser has sent its drawing of the chart."""
        self._drawn = drawn

    def on_sign(self, sign: Callable[[], None]) -> None:
        """Call ``sign`` when somebody moves, types or points on the page for the first time."""
        self._sign = sign

    def _answer(self, widget: Any, content: Any, buffers: Any) -> None:
        """Send the Vega runtime to a page that has none; hand on a wish to adopt, a drawing, and whether the card is seen."""
        kind = content.get("kind") if isinstance(content, dict) else None
        if kind == "vega":
            self.send({"kind": "vega"}, buffers=[runtime_js().encode()])
        elif kind == "adopt" and self._adopt is not None:
            self._adopt(str(content.get("to") or ""))
        elif kind == "seen":
            self.seen = content.get("seen") is not False
            if self.seen and self._seen is not None:
                self._seen()
        elif kind == "sign" and self._sign is not None:
            self._sign()
        elif kind == "drawing" and content.get("of") == self.turn and self._drawn is not None:
            self._keep(content)

    def _keep(self, content: dict[str, Any]) -> None:
        drawing = accepted(content, str(self.payload.get("name") or ""))
        if drawing is not None and self._drawn is not None:
            self.drawings = together(self.drawings, [drawing])
            self._drawn()


def page_config(*, dark: bool) -> dict[str, Any]:
    """Return the charts' configuration with what only a live page needs."""
    colour = DARK if dark else LIGHT
    config = chart_config(dark=dark)
    # A title above the axis is read without turning the head, and leaves its width to the plot.
    above = {"titleAngle": 0, "titleY": -12, "titleBaseline": "bottom", "titleLimit": 0}
    names = {"labelColor": colour["ink"], "grid": False}
    return config | {
        "aria": False,
        "padding": {"left": 0, "right": 2, "top": 4, "bottom": 0},
        "view": config["view"] | {"discreteHeight": {"step": 30}},
        "axis": config["axis"] | {"labelLimit": 300, "tickSize": 4, "labelSeparation": 8},
        "mark": {"color": SERIES[0]},
        # At the end of its axis, a title runs back over the names' width and is never cut.
        "axisX": config["axisX"] | {"titleAlign": "right", "titleAnchor": "end", "titleLimit": 0},
        "axisLeft": {"titleAlign": "left", "titleAnchor": "start", "titleX": 0} | above,
        "axisRight": {"titleAlign": "right", "titleAnchor": "end", "titleX": 0} | above,
        "axisYDiscrete": names,
        "axisXDiscrete": names | {"labelAngle": 0},
        "legend": config["legend"] | {"labelLimit": 260, "columnPadding": 16, "rowPadding": 6, "offset": 14},
        "tick": {"color": colour["ink"], "thickness": 2},
    }


def _beside(name: str) -> str:
    return Path(__file__).with_name(name).read_text("utf-8")
