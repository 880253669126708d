"""A chart as a browser drew it is kept as shapes and text; whatever else a browser sends is not."""

import pytest

from workbook.exhibits.drawings import LONGEST, accepted, nearest

NS = 'xmlns="http://www.w3.org/2000/svg"'
SVG = f'<svg {NS} width="570" height="9.123456"><g clip-path="url(#clip1)"><path d="M0.123456,1"/><text>a &lt; b €</text></g></svg>'
SENT = {"width": 570, "screen": 1440, "theme": "light", "measure": 1721.58, "svg": SVG}


def test_a_drawing_is_kept_with_names_of_its_own_and_no_finer_than_anybody_sees():
    kept = accepted({"kind": "drawing", "of": 0, **SENT}, "budget_split")
    assert kept["svg"] == (
        f'<svg {NS} width="570" height="9.12"><g clip-path="url(#budget_split-clip1)"><path d="M0.12,1"/>'
        "<text>a &lt; b €</text></g></svg>"
    )
    assert set(kept) == set(SENT)


@pytest.mark.parametrize(
    "inner",
    [
        "<script>alert(1)</script>",
        "<foreignObject><body xmlns='http://www.w3.org/1999/xhtml'><img src='x'/></body></foreignObject>",
        "<style>@import url(//x)</style>",
        "<title><img/></title>",
        "<image href='//x/y.png'/>",
        "<a href='javascript:alert(1)'><text>x</text></a>",
        "<use href='#x'/>",
        "<animate attributeName='href' to='javascript:alert(1)'/>",
        "<h:img xmlns:h='http://www.w3.org/1999/xhtml' src='x'/>",
        "<!-- --><g/>",
        "<?php x ?>",
        "<g>",
        "&nbsp;",
    ],
)
def test_other_elements_are_refused_whole(inner):
    assert accepted(SENT | {"svg": f"<svg {NS}>{inner}</svg>"}, "x") is None


@pytest.mark.parametrize(
    "attribute",
    [
        'onload="alert(1)"',
        'style="background:url(//x)"',
        'href="javascript:alert(1)"',
        'xmlns:x="http://www.w3.org/1999/xlink" x:href="//x"',
        'fill="url(//x/y)"',
        'fill="URL(#a) url(//x)"',
        r'fill="\75rl(//x)"',
        'id="a b"',
        'clip-path="url(#a);x"',
    ],
)
def test_other_attributes_are_left_out(attribute):
    kept = accepted(SENT | {"svg": f"<svg {NS}><g {attribute}/></svg>"}, "x")
    assert kept["svg"] == f"<svg {NS}><g/></svg>"


@pytest.mark.parametrize(
    "wrong",
    [
        {"width": 0},
        {"width": "570"},
        {"screen": float("inf")},
        {"measure": True},
        {"theme": "red"},
        {"svg": None},
        {"svg": "<!DOCTYPE svg [<!ENTITY x 'y'>]>" + SVG},
        {"svg": f"<svg {NS}><text>{'x' * LONGEST}</text></svg>"},
        {"svg": "<svg/>"},
    ],
    ids=lambda wrong: str(wrong)[:30],
)
def test_what_is_no_drawing_is_none(wrong):
    assert accepted(SENT | wrong, "x") is None


def test_the_nearest_has_the_windows_theme_then_its_width_and_is_the_latest_where_nothing_is_known():
    drawings = [
        SENT | {"screen": screen, "theme": theme} for screen, theme in ((390, "light"), (1440, "light"), (820, "dark"))
    ]
    assert nearest(drawings, 400, "light")["screen"] == 390
    assert nearest(drawings, 1300, "light")["screen"] == 1440
    assert nearest(drawings, 400, "dark")["screen"] == 820
    assert nearest(drawings, 0, "")["screen"] == 820
    assert nearest([], 400, "dark") is None
