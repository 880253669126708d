"""The page of methods stands in the documentation as the registry makes it today, and leaves nothing out."""

from workbook.analyses import ANALYSES
from workbook.analyses.methods import methods_page
from workbook.shipped import shipped
from workbook.tables import ANSWERS

PAGE = shipped("notebooks").parent / "docs" / "methods.md"


def test_the_page_in_the_documentation_is_the_one_of_the_registry():
    assert PAGE.read_text("utf-8") == methods_page() + "\n", "run: python -m workbook.analyses.methods"


def test_every_analysis_has_its_columns_options_answers_and_source():
    for entry in ANALYSES:
        section = methods_page().partition(f"\n## {entry.name}\n")[2].partition("\n## ")[0]
        for name in [column.name for column in entry.columns] + [key.name for key in (*entry.figures, *entry.rows)]:
            assert f"`{name}`" in section, (entry.name, name)
        for option in entry.options:
            assert f"`--{option.name}`" in section
        assert entry.source in section


def test_every_answer_about_a_table_is_listed():
    assert all(f"`--{answer.name}`" in methods_page() for answer in ANSWERS)
