"""Every exhibit of the sample plans at a phone's, a tablet's and a screen's width: laid out anew, nothing cut or on top."""

import pytest
from exhibits.test_view import draw, opened

from workbook import exhibits
from workbook.errors import WorkbookError
from workbook.exhibits import Case, Exhibit
from workbook.language import LANGUAGES, speaking
from workbook.pages import made_workspace

# What is wrong with the drawing: texts past the card, texts on top of each other, a plot with no room left, a frayed symbol.
FAULTS = """
() => {
  const card = document.querySelector(".wb-chart").getBoundingClientRect();
  const seen = (node) => node.textContent && Number(getComputedStyle(node).opacity) > 0;
  const texts = [...document.querySelectorAll(".wb-drawing text")].filter(seen);
  const turned = (node) => /rotate\\((?!0)/.test(node.getAttribute("transform"));
  const boxOf = (node) => ({ text: node.textContent, box: node.getBoundingClientRect(), turned: turned(node) });
  const boxes = texts.map(boxOf);
  const faults = [];
  for (const { text, box } of boxes) {
    if (box.left < card.left - 1 || box.right > card.right + 1) faults.push(`cut: ${text}`);
    if (text.includes("…")) faults.push(`shortened: ${text}`);
  }
  const straight = boxes.filter(({ turned }) => !turned);
  for (const [i, one] of straight.entries()) {
    for (const other of straight.slice(i + 1)) {
      const across = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
      const down = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
      if (across > 1 && down > 3) faults.push(`on top: ${one.text} | ${other.text}`);
    }
  }
  const plots = [...document.querySelectorAll(".wb-drawing .mark-group.role-frame.root path.background")];
  const widest = Math.max(0, ...plots.map((plot) => plot.getBoundingClientRect().width));
  const drawing = document.querySelector(".wb-drawing svg").getBoundingClientRect().width;
  if (plots.length && widest < 0.36 * card.width) faults.push(`plot of ${Math.round(widest)} in ${Math.round(card.width)}`);
  const dashed = [...document.querySelectorAll(".wb-drawing .role-legend-symbol path")].map(
    (path) => (path.getAttribute("stroke-dasharray") ?? "").split(/[ ,]+/));
  if (dashed.some((dashes) => Number(dashes[1]) > 0)) faults.push("a symbol of the legend is dashed");
  if (drawing > card.width + 1) faults.push("wider than its card");
  return faults;
}
"""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    return made_workspace(tmp_path_factory.mktemp("widths") / "team", samples=True)


def drawn_exhibits(workspace, plan_id):
    plan, _revision = workspace.log.plan(plan_id)
    case = Case(plan, workspace, plan_id=plan_id)
    for name in exhibits.__all__:
        try:
            exhibit = getattr(exhibits, name)(case) if name.islower() else None
        except (TypeError, WorkbookError):  # one that needs more than a case, or a table the plan has not
            continue
        if isinstance(exhibit, Exhibit) and exhibit.chart is not None and not exhibit.empty:
            yield exhibit


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, *(pytest.param(width, marks=pytest.mark.slow) for width in (820, 1440))])
@pytest.mark.parametrize(("plan_id", "language"), [("adaptive-test", "en"), ("forno-aurora", "it")])
def test_every_chart_has_room_and_nothing_in_it_is_cut_or_on_top(watched_page, workspace, plan_id, language, width):
    assert language in LANGUAGES
    page, log = opened(watched_page, width)
    faults = {}
    with speaking(language):
        for exhibit in drawn_exhibits(workspace, plan_id):
            before = page.locator("#one .wb-exhibit").count() and page.get_attribute("#one .wb-exhibit", "data-drawn")
            draw(page, exhibit)
            page.wait_for_function(
                "(n) => document.querySelector('#one .wb-exhibit').dataset.drawn !== String(n)", arg=before
            )
            if found := page.evaluate(FAULTS):
                faults[exhibit.name] = found[:4]
    assert faults == {}
    log.assert_clean()
