"""The look, defined once: colours, type and spaces as CSS variables for pages and as a Vega configuration for charts.

Colours of series are Okabe and Ito's (2008), in an order in which neighbours differ in lightness too. Every text colour
has a contrast of at least 4.5:1 on the ground it is used on; a test computes it.
"""

from typing import Any

__all__ = ["DARK", "FONT", "LIGHT", "SERIES", "chart_config", "tokens_css"]

LIGHT = {
    "paper": "#fbfaf6",
    "card": "#ffffff",
    "line": "#e3ded3",
    "field": "#8d8a80",  # the edge of an input: 3:1 on the card
    "ink": "#1d2433",
    "quiet": "#5b6475",
    "grid": "#e6e3da",
    "upstream": "#0b6e75",
    "upstream-tint": "#e0f0ef",
    "downstream": "#b4560b",
    "downstream-ink": "#8f430a",
    "downstream-tint": "#fcebdc",
    "assumed": "#54503f",
    "assumed-tint": "#f0ece1",
    "stale": "#8a5a00",
    "stale-tint": "#fff3d6",
    "error": "#b3261e",
    "focus": "#1a5fd0",
    "button": "#0b6e75",
    "button-ink": "#ffffff",
}

DARK = {
    "paper": "#14171d",
    "card": "#1c2129",
    "line": "#343b47",
    "field": "#7b8494",
    "ink": "#eceff4",
    "quiet": "#a9b2c1",
    "grid": "#333a45",
    "upstream": "#4fb3ba",
    "upstream-tint": "#12363a",
    "downstream": "#e98f45",
    "downstream-ink": "#f2ab6f",
    "downstream-tint": "#40280f",
    "assumed": "#cfc8b4",
    "assumed-tint": "#34322b",
    "stale": "#f2c25c",
    "stale-tint": "#3d3010",
    "error": "#ff8a80",
    "focus": "#7fb0ff",
    "button": "#4fb3ba",
    "button-ink": "#10141a",
}

SERIES = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#F0E442", "#000000")

FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", Arial, sans-serif'

SIZES = {"small": 12, "label": 14, "text": 16, "lead": 19, "title": 25, "headline": 34}
SPACES = (4, 8, 12, 16, 24, 32)


def tokens_css() -> str:
    """
    Return what every style sheet begins with: the CSS variables, and how words for those who listen are hidden.

    The variables are light by default, dark by the reader's preference or ``data-theme="dark"`` on the root.
    """
    sizes = "".join(f"--wb-{name}:{size / 16:g}rem;" for name, size in SIZES.items())
    spaces = "".join(f"--wb-s{i}:{space}px;" for i, space in enumerate(SPACES, start=1))
    shared = f"--wb-font:{FONT};--wb-corner:10px;{sizes}{spaces}"
    return (
        f":root{{color-scheme:light dark;{shared}{_variables(LIGHT)}}}"
        f'@media (prefers-color-scheme:dark){{:root:not([data-theme="light"]){{{_variables(DARK)}}}}}'
        f':root[data-theme="light"]{{color-scheme:light}}:root[data-theme="dark"]{{color-scheme:dark;{_variables(DARK)}}}'
        ".wb-unseen{position:absolute!important;width:1px!important;height:1px!important;overflow:hidden;clip-path:inset(50%);"
        "white-space:nowrap}"
    )


def chart_config(*, dark: bool = False) -> dict[str, Any]:
    """Return the Vega-Lite configuration of every chart: quiet axes, light grid, no frame."""
    colour = DARK if dark else LIGHT
    series = list(SERIES[:7]) + ([colour["ink"]] if dark else [SERIES[7]])
    text = {
        "labelColor": colour["quiet"],
        "titleColor": colour["quiet"],
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
    }
    return {
        "background": None,
        "font": FONT,
        "view": {"stroke": None},
        "axis": text
        | {
            "grid": True,
            "gridColor": colour["grid"],
            "domain": False,
            "ticks": False,
            "labelPadding": 6,
            "titlePadding": 10,
        },
        "axisX": {"labelFlush": False},
        # A key is to be read: in full colour also where it stands for a pale band.
        "legend": text | {"orient": "top", "symbolType": "circle", "symbolOpacity": 1, "title": None},
        "header": text,
        "text": {"color": colour["ink"], "fontSize": 12},
        "rule": {"color": colour["ink"]},
        "bar": {"color": series[0]},
        "line": {"strokeWidth": 2},
        "point": {"filled": True, "size": 60},
        "range": {"category": series},
    }


def _variables(colours: dict[str, str]) -> str:
    return "".join(f"--wb-{name}:{value};" for name, value in colours.items())
