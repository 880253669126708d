"""The list of reports: all are there without scripts, found and narrowed with them, in both languages, by anybody."""

from urllib.parse import unquote

import pytest
from axe_playwright_python.sync_playwright import Axe

from workbook.reports.index import write_index
from workbook.reports.manifest import Entry, Fingerprints, Manifest
from workbook.reports.places import Folder
from workbook.reports.report import Job, WrittenFile

HOSTILE = "</td><script>window.pwned=1</script> \u202e& \"'"
PLANS = {"spring": "Spring launch", "autumn": "Autumn: new prices", "hostile": HOSTILE}
PRINTS = Fingerprints("", {}, "", "", "en")


def entry(plan, language, segment="", scenario="", *, day="2027-05-14", reason=""):
    files = () if reason else tuple(WrittenFile(f"report.{ending}", "", 1) for ending in ("ipynb", "html", "pdf"))
    return Entry(
        Job(plan, language, segment, scenario),
        PLANS.get(plan, plan),
        PRINTS,
        "failed" if reason else "done",
        f"{day}T08:00:00+00:00",
        files,
        reason=reason,
        names={"segment": segment.replace("-", " ").capitalize()} if segment else {},
    )


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Return a folder with the lists of some three hundred reports."""
    out = tmp_path_factory.mktemp("reports")
    place = Folder(out)
    manifest = Manifest(place)
    for plan in (*PLANS, *(f"branch-{i}" for i in range(47))):
        for language in ("en", "it"):
            for segment in ("", "large-firms", "shops"):
                manifest.note(entry(plan, language, segment))
    manifest.note(entry("spring", "it", "", "paid", day="2027-06-01", reason=f"spring: cell 3 {HOSTILE}: ValueError"))
    write_index(manifest, place, ["en", "it"])
    place.close()
    return out


def test_every_report_is_listed_newest_first_and_links_lead_to_its_files(written):
    html = (written / "index.html").read_text("utf-8")
    assert html.count("<tr data-plan") == 50 * 6 + 1
    assert html.index('data-day="2027-06-01"') < html.index('data-day="2027-05-14"')
    assert 'href="spring/base/large-firms/it/report.html"' in html
    assert "report.ipynb" not in html
    assert HOSTILE not in html
    assert "<h1>Report</h1>" in (written / "index.it.html").read_text("utf-8")


@pytest.mark.browser
@pytest.mark.parametrize(("language", "width"), [("en", 1440), ("it", 390)])
def test_reports_are_found_by_words_choices_and_days_by_anybody(written, watched_page, language, width):
    page, log = watched_page(width)
    page.goto((written / ("index.html" if language == "en" else "index.it.html")).as_uri())
    rows = page.locator("tbody tr:visible")
    count = page.locator(".wb-count")
    assert rows.count() == 301
    assert count.inner_text() == ("301 reports" if language == "en" else "301 report")
    page.fill("[data-by=words]", "AUTUMN large")
    assert rows.count() == 2
    page.fill("[data-by=words]", "")
    page.select_option("[data-by=plan]", "spring")
    page.select_option("[data-by=segment]", "~")
    assert rows.count() == 3
    page.select_option("[data-by=state]", "failed")
    assert rows.count() == 1
    assert count.inner_text() == "1 report"
    assert "ValueError" in rows.inner_text()
    page.select_option("[data-by=state]", "done")
    page.fill("[data-by=day]", "2027-05-15")
    assert rows.count() == 0
    assert count.inner_text() == (
        "No report fits. Take a filter away." if language == "en" else "Nessun report corrisponde. Togli un filtro."
    )
    page.fill("[data-by=day]", "")
    assert unquote(rows.first.locator("a").first.get_attribute("href")).startswith("spring/base/all/")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("window.pwned") is None
    found = Axe().run(page).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []
    log.assert_clean()
