"""The HTML report: whole in one file, safe whatever people typed, and readable without scripts."""

import re

import nbformat
import pytest
from barriers import barriers
from exhibit_samples import SAMPLES, budget_split, need_scores, nothing_yet
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from workbook.exhibits.exhibit import Column, Exhibit, Tag
from workbook.language import speaking
from workbook.reports.html import write_html

HOSTILE = '</script><script>window.pwned=1</script><img src=x onerror="window.pwned=1">'


def shown(*bundles, tags=()):
    """Return an executed cell whose outputs are ``bundles``: exhibits or dictionaries by MIME type."""
    data = [bundle._repr_mimebundle_() if isinstance(bundle, Exhibit) else bundle for bundle in bundles]
    outputs = [new_output("display_data", data=nbformat.from_dict(one)) for one in data]
    return new_code_cell("code_is_never_shown = 1", outputs=outputs, metadata={"tags": list(tags)})


def sample_notebook():
    return new_notebook(
        cells=[
            new_markdown_cell("# Where should the next euro go?\n\nWhat each channel can still give."),
            shown({"text/plain": "the parameters"}, tags=["parameters"]),
            new_markdown_cell("## The split\n\nWhat *proven* means; see [the notes](https://example.org/a)."),
            shown({"text/html": "<dl class='wb-summary'><dt>Total</dt><dd>€100,000</dd></dl>"}),
            shown(budget_split()),
            new_markdown_cell("## The rest & more"),
            shown(*[sample() for sample in SAMPLES[1:]], nothing_yet()),
            shown({"text/plain": "for the machine"}, tags=["hide"]),
        ]
    )


@pytest.fixture
def written(tmp_path):
    """Return a function that writes a report and returns its path."""

    def write(notebook, language="en", title="Adaptive test add-on"):
        path = tmp_path / f"report-{language}.html"
        write_html(notebook, path, title=title, language=language)
        return path

    return write


def test_words_and_tables_stand_in_the_page_without_scripts(written):
    text = written(sample_notebook()).read_text("utf-8")
    plain = re.sub(r"<script\b.*?</script>", "", text, flags=re.DOTALL)
    assert "LinkedIn and search take two thirds" in plain
    assert '<th scope="row">LinkedIn ads</th>' in plain
    assert '<td class="wb-number">€41,000</td>' in plain
    assert "bootstrap of 1,000 draws. n\u00a0=\u00a01,184" in plain
    assert '<a href="#part-2">The rest &amp; more</a>' in plain
    assert "<dd>€100,000</dd>" in plain
    assert text.count("<h1>") == 1


def test_code_parameters_and_hidden_cells_are_left_out(written):
    text = written(sample_notebook()).read_text("utf-8")
    for unseen in ("code_is_never_shown", "the parameters", "for the machine"):
        assert unseen not in text


def test_a_notebook_without_headline_gets_the_title(written):
    text = written(new_notebook(cells=[shown(nothing_yet())]), title="A & B").read_text("utf-8")
    assert "<h1>A &amp; B</h1>" in text
    assert "<title>A &amp; B</title>" in text
    # No chart, no runtime.
    assert len(text) < 100_000


def test_errors_say_that_something_is_missing_and_nothing_more(written):
    failed = new_output("error", ename="KeyError", evalue="secret", traceback=["/srv/marta/plan.py"])
    warned = new_output("stream", name="stderr", text="a warning")
    text = written(new_notebook(cells=[new_code_cell("", outputs=[failed, warned])])).read_text("utf-8")
    assert "This part could not be worked out." in text
    for unseen in ("secret", "marta", "a warning"):
        assert unseen not in text


BLOCK = (
    '<p onclick="x()" style="color: red" id="wb-main">kept</p><iframe src="https://x.example"></iframe>'
    '<svg><script>bad()</script></svg><form action="https://x.example"><input></form><img src="https://x.example/i.png">'
)
AS_MARKDOWN = f"[a](javascript:alert(1)) [b](https://b.example) [c](notes.ipynb) [d](mailto:d@d.example)\n\n{BLOCK}"
AS_HTML = (
    '<p><a href="javascript:alert(1)">a</a> <a href="https://b.example">b</a> <a href="notes.ipynb">c</a> '
    f'<a href="mailto:d@d.example">d</a></p>{BLOCK}'
)


@pytest.mark.parametrize(
    "cell",
    [new_markdown_cell(AS_MARKDOWN), shown({"text/markdown": AS_MARKDOWN}), shown({"text/html": AS_HTML})],
    ids=["cell", "markdown", "html"],
)
def test_markup_is_sanitised(written, cell):
    text = written(new_notebook(cells=[cell])).read_text("utf-8")
    body = text.split('<main id="wb-main"')[1].split("</main>")[0]
    assert "<p>kept</p>" in body
    assert re.findall('href="(.*?)"', body) == ["https://b.example", "mailto:d@d.example"]
    for banned in ("javascript:", "<iframe", "onclick", "style=", "bad()", "<svg", "<img", "<form", "<input", "id="):
        assert banned not in body


def test_page_speaks_the_language_asked_for(written):
    with speaking("it"):
        notebook = new_notebook(cells=[shown(need_scores())])
    text = written(notebook, "it").read_text("utf-8")
    assert '<html lang="it">' in text
    assert "1.184" in text


def test_file_is_replaced_whole_or_not_at_all(written, monkeypatch, tmp_path):
    path = written(sample_notebook())
    before = path.read_bytes()

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        written(new_notebook())
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


def test_figures_that_json_cannot_say_become_gaps(written):
    bundle = budget_split()._repr_mimebundle_()
    payload = next(value for key, value in bundle.items() if key.startswith("application/"))
    next(iter(payload["data"].values()))[0]["plan"] = float("nan")
    text = written(new_notebook(cells=[shown(bundle)])).read_text("utf-8")
    assert '"plan":null' in text


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 820, 1440])
@pytest.mark.parametrize("dark", [False, True])
def test_report_opens_from_the_disk_and_asks_nobody(written, watched_page, width, dark):
    page, log = watched_page(width, dark=dark)
    asked = []
    page.on("request", lambda request: asked.append(request.url.split(":")[0]))
    page.goto(written(sample_notebook()).as_uri())
    page.wait_for_function("document.querySelectorAll('.wb-drawing svg').length === 3")
    assert set(asked) <= {"file", "data", "blob"}
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    # axe's own script is inlined against the page's policy; what it says counts all the same.
    assert barriers(page) == []
    log.assert_clean()


@pytest.mark.browser
def test_report_reads_without_scripts(written, watched_page):
    page, _log = watched_page(820, java_script_enabled=False)
    page.goto(written(sample_notebook()).as_uri())
    assert page.get_by_role("table").count() == 3
    assert page.get_by_role("table").first.is_visible()
    assert page.locator(".wb-chart:visible").count() == 0


@pytest.mark.browser
def test_what_people_type_stays_text(written, watched_page):
    import altair as alt
    import pandas as pd

    table = pd.DataFrame({"name": [HOSTILE, "b\u2028c"], "value": [1, 2]})
    chart = alt.Chart(table).mark_bar().encode(x=alt.X("value:Q", title=HOSTILE), y=alt.Y("name:N", title=HOSTILE))
    exhibit = Exhibit(
        name=HOSTILE,
        finding=HOSTILE,
        table=table,
        columns=(Column("name", HOSTILE), Column("value", HOSTILE, "number")),
        chart=chart,
        tags=(Tag("note", HOSTILE),),
        method=HOSTILE,
    )
    cells = [
        new_markdown_cell(f"# {HOSTILE}\n\n## {HOSTILE} one\n\n{HOSTILE}\n\n## `{HOSTILE}`"),
        shown(exhibit, {"text/plain": HOSTILE}, {"text/html": HOSTILE}),
    ]
    page, log = watched_page(820)
    page.goto(written(new_notebook(cells=cells), title=HOSTILE).as_uri())
    page.wait_for_selector(".wb-drawing svg")
    page.wait_for_timeout(100)
    assert page.evaluate("window.pwned === undefined")
    assert page.locator("img").count() == 0
    assert page.title() == HOSTILE
    assert page.text_content(".wb-finding") == HOSTILE
    log.assert_clean()


@pytest.mark.browser
def test_the_policy_refuses_foreign_scripts(written, watched_page):
    path = written(sample_notebook())
    path.write_text(path.read_text("utf-8").replace("<main", "<script>window.pwned=1</script><main", 1), "utf-8")
    page, log = watched_page(820)
    page.goto(path.as_uri())
    page.wait_for_selector(".wb-drawing svg")
    assert page.evaluate("window.pwned === undefined")
    assert any("Content Security Policy" in error for error in log.errors)


def test_a_long_report_gathers_its_methods_at_the_end_each_once(written):
    chapters = [
        cell for i in range(6) for cell in (new_markdown_cell(f"## Part {i}"), shown(budget_split(), need_scores()))
    ]
    text = written(new_notebook(cells=[new_markdown_cell("# Why?"), *chapters, shown(nothing_yet())])).read_text(
        "utf-8"
    )
    plain = re.sub(r"<script\b.*?</script>", "", text, flags=re.DOTALL)
    assert plain.count("Limit that binds: total budget.") == 1
    assert plain.count('<li id="note-') == 2
    assert plain.count('<a href="#note-1">Method: note 1</a>') == 6
    assert "Method: note 2</a> n\u00a0=\u00a01,184" in plain
    assert plain.index("How it was worked out</h2>") > plain.index("Part 5")


@pytest.mark.browser
def test_tables_open_by_keyboard_and_by_a_search_on_the_page(written, watched_page):
    page, _log = watched_page(820)
    page.goto(written(sample_notebook()).as_uri())
    page.wait_for_selector(".wb-drawing svg")
    button = page.get_by_role("button", name="Table").first
    button.focus()
    page.keyboard.press("Enter")
    assert button.get_attribute("aria-expanded") == "true"
    assert page.get_by_role("table").count() == 1
    page.evaluate("document.querySelectorAll('.wb-table')[1].dispatchEvent(new Event('beforematch'))")
    assert page.get_by_role("table").count() == 2


@pytest.mark.browser
def test_report_is_laid_out_anew_when_its_width_changes(written, watched_page):
    page, _log = watched_page(1440)
    page.goto(written(sample_notebook()).as_uri())
    page.wait_for_selector(".wb-drawing svg")
    before = float(page.get_attribute(".wb-drawing svg >> nth=0", "width"))
    page.set_viewport_size({"width": 390, "height": 800})
    page.wait_for_function(
        "w => Number(document.querySelector('.wb-drawing svg').getAttribute('width')) < w / 2", arg=before
    )


@pytest.mark.browser
def test_report_prints_on_a4_with_its_tables(written, watched_page):
    page, _log = watched_page(1440, dark=True)
    page.goto(written(sample_notebook()).as_uri())
    page.wait_for_function("document.querySelectorAll('.wb-drawing svg').length === 3")
    printed = page.pdf(format="A4", prefer_css_page_size=True)
    assert printed.startswith(b"%PDF")
    page.emulate_media(media="print")
    assert page.locator(".wb-table-button:visible").count() == 0
    assert page.locator(".wb-table:visible").count() == 3


@pytest.mark.browser
def test_no_column_of_a_wide_table_is_lost_on_paper(written, watched_page):
    import pandas as pd

    words = [f"What column {n} says" for n in range(4)]
    figures = [f"Figure number {n}" for n in range(6)]
    row = dict.fromkeys(words, "some words that go over several lines of it") | dict.fromkeys(figures, 1234.5)
    columns = (*(Column(name, name) for name in words), *(Column(name, name, "money") for name in figures))
    page, _log = watched_page(680)  # what A4 leaves between its margins
    page.goto(written(new_notebook(cells=[shown(Exhibit("wide", "Wide.", pd.DataFrame([row] * 3), columns))])).as_uri())
    page.emulate_media(media="print")
    over = "table => table.getBoundingClientRect().right - table.closest('figure').getBoundingClientRect().right"
    assert page.locator(".wb-table table").evaluate(over) <= 0
    tops = "cells => new Set(cells.map(cell => getComputedStyle(cell).paddingTop)).size"
    assert page.locator(".wb-table tbody td").evaluate_all(tops) == 1  # words and figures of a row are level
    # And no word is broken to make it fit.
    assert page.locator(".wb-table td").first.evaluate("cell => cell.getBoundingClientRect().width") > 40


def test_a_house_shows_its_logo_and_its_colours(tmp_path):
    from workbook.plan.workspace import Workspace
    from workbook.reports.formats import WRITERS, Document

    home = Workspace.create(tmp_path / "work").folder
    (home / "logo.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 1"><path d="M0 0h2"/></svg>')
    brand = '[brand]\nname = "A & B"\nlogo = "logo.svg"\ncolour = "#7a1f5c"\nfont = "Inter}body{"\n'
    (home / "workbook.toml").write_text(f"format = 1\n{brand}")
    WRITERS["html"](sample_notebook(), tmp_path / "a.html", Document("One", "en", workspace=home))
    text = (tmp_path / "a.html").read_text("utf-8")
    assert '<img src="data:image/svg+xml;base64,' in text
    assert 'alt="A &amp; B"' in text
    assert "--wb-house:#7a1f5c" in text
    assert '--wb-font:"Interbody",' in text


def test_a_house_without_a_brand_has_the_workbooks_own_look(written):
    text = written(sample_notebook()).read_text("utf-8")
    assert "--wb-house:" not in text
    assert 'class="wb-house"' not in text


def test_the_plan_stands_above_the_question_that_the_report_answers(written):
    text = written(sample_notebook(), title="<Spring> & more").read_text("utf-8")
    assert '<p class="wb-of"><strong>&lt;Spring&gt; &amp; more</strong></p>' in text
    assert text.index("wb-of") < text.index("<h1>")
    bare = written(new_notebook(cells=[shown(budget_split())]), title="Spring").read_text("utf-8")
    assert "<h1>Spring</h1>" in bare
    assert 'class="wb-of"' not in bare
