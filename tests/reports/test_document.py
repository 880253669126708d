"""What a report holds: read once, in order, as text, without what is for the machine."""

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from report_samples import HOSTILE, awkward_notebook, sample_notebook, shown

from workbook.exhibits.exhibit import Branch, Exhibit
from workbook.reports.document import Figure, Heading, Listing, Paragraph, plain, read_content, visible


def content(notebook, title="Adaptive test add-on"):
    return read_content(notebook, title=title, language="en")


def test_headings_prose_lists_and_figures_are_read_in_their_order():
    held = content(sample_notebook())
    assert (held.title, held.question) == ("Adaptive test add-on", "Where should the next euro go?")
    assert held.day.isoformat() == "2027-02-01"
    assert [section.title for section in held.sections] == ["", "The split", "The rest & more"]
    assert [type(part) for part in held.parts] == [
        Paragraph,
        Heading,
        Paragraph,
        Figure,
        Heading,
        Listing,
        Paragraph,
    ] + [Figure] * 4
    assert [(depth, plain(words)) for depth, words in held.parts[5].entries] == [(0, "one"), (1, "below"), (0, "two")]
    assert held.parts[6].kind == "quote"


def test_code_parameters_hidden_cells_and_warnings_are_left_out():
    said = repr(content(sample_notebook()))
    for unseen in ("code_is_never_shown", "the parameters", "for the machine"):
        assert unseen not in said


def test_an_error_says_that_something_is_missing_and_nothing_more():
    failed = new_output("error", ename="KeyError", evalue="secret", traceback=["/srv/marta/plan.py"])
    held = content(new_notebook(cells=[new_code_cell("", outputs=[failed])]))
    assert [plain(part.spans) for part in held.parts] == ["This part could not be worked out."]


def test_words_of_html_are_kept_and_its_scripts_are_not():
    html = "<p>One <b>two</b></p><script>bad()</script><style>x{}</style><ul><li>three</li></ul>"
    held = content(new_notebook(cells=[shown({"text/html": html}), new_markdown_cell(f"<div>four</div>\n\n{html}")]))
    assert [plain(part.spans) for part in held.parts] == ["One two", "three", "four", "One two", "three"]


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "notes.ipynb", "file:///etc/passwd"])
def test_links_lead_to_the_web_or_to_nobody(address):
    held = content(new_notebook(cells=[new_markdown_cell(f"[a](https://a.example) [b]({address})")]))
    assert [span.link for span in held.parts[0].spans if span.text in "ab"] == ["https://a.example", ""]


def test_a_text_keeps_all_but_what_no_file_holds():
    assert visible("a\r\nb\rc\x00\x07\ud800\u202ed\te\u200d👩‍👧 市 ש") == "a\nb\ncd\te\u200d👩‍👧 市 ש"
    held = content(awkward_notebook(HOSTILE))
    assert [figure.finding for figure in held.figures] == [visible(text).strip() for text in HOSTILE]


def test_a_notebook_without_times_has_no_day():
    assert content(new_notebook()).day is None


def test_branches_are_cards_with_all_that_is_below_them():
    need = Branch("Need", "asked for most", (Branch("Survey", "n = 180", (Branch("Row 7"),)),))
    figure = Figure(Exhibit("chain", "It stands on a survey.", branches=(Branch("Split", "60 %", (need,)),)).payload)
    assert figure.cards == [
        {
            "title": "Split",
            "subtitle": "60 %",
            "facts": [{"label": "Need", "lines": ["asked for most", "Survey: n = 180", "– Row 7"]}],
            "tags": [],
        }
    ]
