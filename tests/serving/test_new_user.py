"""A new user's hour: from an empty plan to a report in both languages, by keyboard alone, on the pages that are served.

Each page is walked with Tab from its first link, as somebody does who has no mouse; nothing is clicked, and no field is
filled but by typing into it. Only the file that the system's own dialogue would give is handed over.
"""

import random

import pytest
from click.testing import CliRunner
from serving.serving_process import start, stop

from workbook.cli import main
from workbook.pages import made_workspace
from workbook.plan.model import Grade, Targeting

pytestmark = [pytest.mark.browser, pytest.mark.network, pytest.mark.slow]

LIVE = "html[data-live]"
MOST_STOPS = 600
"""Stops of the Tab key on the longest page, with all of its cards open."""

FOLLOWS = "(node) => Boolean(document.activeElement.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING)"


class Hands:
    """Somebody at the keyboard of one page."""

    def __init__(self, page, address):
        self.page, self.address = page, address

    def reach(self, target):
        """Press Tab, or Shift and Tab where it lies behind, until ``target`` has the focus."""
        target.wait_for(state="attached", timeout=30_000)
        node = target.element_handle()
        key = "Tab" if self.page.evaluate(FOLLOWS, node) else "Shift+Tab"
        for _stop in range(MOST_STOPS):
            if self.page.evaluate("(node) => document.activeElement === node", node):
                return target
            self.page.keyboard.press(key)
        raise AssertionError(f"{MOST_STOPS} stops and {target} was not reached")

    def press(self, name, exact=True, within=None):
        self.reach((within or self.page).get_by_role("button", name=name, exact=exact).last)
        self.page.keyboard.press("Enter")

    def write(self, label, text, within=None):
        """Type ``text`` into the last field called ``label``, and leave it."""
        self.reach((within or self.page).get_by_label(label, exact=True).last)
        self.page.keyboard.type(text)
        self.page.keyboard.press("Tab")

    def choose(self, label, option, within=None):
        """Go through the choices of a field with the arrow key until it shows ``option``."""
        field = self.reach((within or self.page).get_by_label(label, exact=True).last)
        for _choice in range(20):
            if field.evaluate("(node) => node.selectedOptions[0]?.text ?? ''").startswith(option):
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{label} has no choice {option}")

    def add(self, button, name):
        """Add an item and name it: its card opens with the focus in its first field."""
        cards = self.page.locator(".wb-card")
        before = cards.count()
        # The last of that name may be the short way beside a field that refers to such a thing; the list comes before it.
        self.reach(self.page.get_by_role("button", name=button, exact=True).first)
        self.page.keyboard.press("Enter")
        self.page.wait_for_function("(n) => document.querySelectorAll('.wb-card').length > n", arg=before)
        self.page.wait_for_function("() => document.activeElement.matches('input[type=text]')")
        self.page.keyboard.type(name)
        self.page.keyboard.press("Tab")
        card = self.page.locator(".wb-card.wb-open", has=self.page.get_by_role("button", name=name)).last
        card.wait_for()
        return card

    def bring_in(self, file, form):
        """Open the form of a table, and give it ``file`` as the system's dialogue would."""
        card = self.page.locator(".wb-card", has=self.page.get_by_role("button", name=form))
        self.press(form, exact=False)
        with self.page.expect_file_chooser() as asked:
            self.press("Bring in a file…", within=card)
        asked.value.set_files(file)
        return card

    def go(self, step):
        """Take the link of a step in the head of the page."""
        self.page.evaluate("document.activeElement.blur(), scrollTo(0, 0)")
        link = self.page.locator(f'a[href*="{step}.ipynb"]').first
        link.wait_for(state="attached")
        self.reach(link)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(f"**/{step}.ipynb*")
        self.page.wait_for_selector(LIVE, state="attached", timeout=60_000)


@pytest.fixture
def team(tmp_path):
    workspace = made_workspace(tmp_path / "team")
    workspace.new_plan("spring", "Spring launch")
    running = start(workspace)
    yield running
    stop(running)


@pytest.fixture
def surveys(tmp_path):
    """A survey of needs by their names, one column of it called as nobody expects; and who would buy at which price."""
    chance = random.Random(4)
    needs, ladder = tmp_path / "needs.csv", tmp_path / "ladder.csv"
    rows = [
        f"r{i},{need},{min(10, chance.randint(*important))},{chance.randint(2, 6)}"
        for i in range(120)
        for need, important in (("Test pages without IT", (7, 11)), ("See every contact", (4, 9)))
    ]
    needs.write_text("respondent,need,importance,served today\n" + "\n".join(rows) + "\n")
    most = [chance.gauss(200, 60) for _i in range(150)]
    asked = [f"p{i},{price},{int(price <= limit)}" for i, limit in enumerate(most) for price in (100, 150, 200, 250)]
    ladder.write_text("respondent,price,would_buy\n" + "\n".join(asked) + "\n")
    return needs, ladder


def test_a_new_users_hour(watched_page, team, surveys, tmp_path):
    page, log = watched_page(1440)
    hands = Hands(page, team.address)
    needs_survey, price_ladder = surveys
    page.goto(f"{team.address}/?token={team.token}")
    hands.go("00_charter")

    hands.write("Goal", "One in five customers tests pages by December.")
    hands.write("Who", "Marketing teams; decided by the head of product marketing.")
    hands.write("Revenue target", "500000")

    hands.go("01_personas")
    hands.choose("Decision", "Target", within=hands.add("Add a segment", "Enterprise"))
    hands.choose("Segment", "Enterprise", within=hands.add("Add a persona", "Elena"))

    hands.go("02_market_research")
    hands.add("Add a need", "Test pages without IT")
    hands.add("Add a need", "See every contact")
    table = hands.bring_in(needs_survey, "Table: Unmet needs by importance and satisfaction")
    table.get_by_text("Choose a column.").wait_for()
    hands.choose("satisfaction", "served today", within=table)
    page.keyboard.press("Tab")
    page.get_by_text("“Test pages without IT” is the largest unmet need").first.wait_for()
    hands.press("Adopt 2 figures")
    page.get_by_text("adopted, n = 120, grade A").first.wait_for(state="attached")

    hands.go("03_competitors")
    hands.add("Add a rival", "Testbird")

    hands.go("04_positioning")
    hands.add("Add an alternative", "Asking IT")
    hands.choose("For whom", "Enterprise")
    hands.write("Category", "CRM for marketing teams")

    hands.go("05_offer_price")
    hands.choose("Price model", "Tier", within=hands.add("Add an offer", "Adaptive tests"))
    hands.bring_in(price_ladder, "Table: Demand, revenue and the best of the prices asked")
    hands.press("Adopt for “Adaptive tests”")
    page.get_by_text("adopted, n = 150, grade A").first.wait_for(state="attached")

    hands.go("06_roadmap")
    release = hands.add("Add a release", "Tests for everybody")
    hands.write("Date", "04122027", within=release)
    page.wait_for_timeout(1500)
    log.assert_clean()

    plan = team.workspace.log.plan("spring")[0]
    assert plan.charter.revenue_target == 500_000
    assert plan.segments[0].targeting is Targeting.TARGET
    assert plan.personas[0].segment == plan.segments[0].id
    assert plan.needs[0].importance is not None
    assert plan.rivals[0].name == "Testbird"
    assert plan.positioning.segment == plan.segments[0].id
    assert plan.offers[0].price in (100, 150, 200, 250)
    assert {finding.grade for finding in plan.findings} == {Grade.A}
    assert plan.releases[0].date is not None

    asked = ["report", "spring", "--workspace", str(team.workspace.folder), "--out", str(tmp_path / "out")]
    told = CliRunner().invoke(main, [*asked, "--language", "en", "--language", "it"])
    assert told.exit_code == 0, told.output
    folder = tmp_path / "out" / "spring" / "base" / "all"
    english, italian = ((folder / language / "report.html").read_text("utf-8") for language in ("en", "it"))
    for report in (english, italian):
        for said in ("One in five customers tests pages by December.", "Test pages without IT"):
            assert said in report
    assert "is the largest unmet need" in english
    assert "è il maggiore bisogno insoddisfatto" in italian
