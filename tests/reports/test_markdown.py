"""The Markdown report: what a repository shows, and only that."""

import re
from html import unescape

import mistune
import pytest
from nbformat.v4 import new_notebook
from report_samples import HOSTILE, PLAN, awkward_exhibit, sample_notebook, shown

from workbook.language import speaking
from workbook.reports.document import visible
from workbook.reports.markdown import markdown_report


def written(notebook, document=PLAN):
    return markdown_report(notebook, document).decode()


def test_findings_are_headings_above_their_tables_and_methods():
    text = written(sample_notebook())
    assert text.startswith("# Adaptive test add-on\n\n*Where should the next euro go?* · 1 February 2027\n")
    assert "## The split" in text
    assert "### LinkedIn and search take two thirds" in text
    assert "| Channel | This plan | Last plan | Share |\n| --- | ---: | ---: | ---: |" in text
    assert "| LinkedIn ads | €41,000 | €30,000 | 41 % |" in text.replace("\u00a0", " ")
    assert "Method: Limit that binds: total budget." in text
    assert "*Name at least two channels, and their split appears here.*" in text
    assert "- one\n   - below\n- two" in text
    assert "[the notes](<https://example.org/a>)" in text


def test_it_speaks_the_language_in_use():
    with speaking("it"):
        assert "Metodo: " in written(sample_notebook())


@pytest.mark.parametrize("text", HOSTILE[1:], ids=range(1, len(HOSTILE)))
def test_what_people_type_reads_as_they_typed_it(text):
    page = mistune.create_markdown(escape=False, plugins=["table", "strikethrough", "math"])(
        written(new_notebook(cells=[shown(awkward_exhibit(text))]))
    )
    tags = set(re.findall(r"<([a-z][a-z0-9]*)", page))
    assert tags <= {"h1", "h3", "h4", "ul", "li", "strong", "table", "thead", "tbody", "tr", "th", "td", "p"}
    said = " ".join(visible(text).split())
    (finding,) = re.findall(r"<h3>(.*?)</h3>", page, re.DOTALL)
    assert unescape(finding) == said
