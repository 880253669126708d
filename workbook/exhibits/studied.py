"""What exhibits of studies have in common: the names of things, the notes under a chart, what to do without a study."""

from workbook.analyses import analysis
from workbook.answer import Answer
from workbook.errors import AnalysisError, TableError, TableQuestion, WorkbookError
from workbook.exhibits.case import Case
from workbook.exhibits.exhibit import Exhibit, Tag
from workbook.language import N_, _, listed, number, plural, translated
from workbook.plan.workspace import table_called

__all__ = ["method_in_words", "name_in_words", "no_study_yet", "notes_on", "observed", "said_on_page"]


def name_in_words(case: Case, id: str) -> str:
    """Return what the plan calls the item with this id; one it does not know is read as words: ``page-editor``."""
    called = case.plan.name_of(id)
    if called != id or " " in id or not id.replace("-", "").isalnum():
        return called
    return id.replace("-", " ").capitalize()


def method_in_words(name: str) -> str:
    """Return the title of the analysis called ``name``; the name itself where there is no such analysis any more."""
    try:
        return _(analysis(name).title) if name else ""
    except WorkbookError:
        return name


def notes_on(case: Case, name: str, answer: Answer) -> str:
    """Return conventions, warnings, what was left out and the study's remark, as one line of sentences."""
    said = [*answer.conventions, *answer.warnings]
    if answer.excluded:
        reasons = listed([f"{reason} ({number(count)})" for reason, count in answer.excluded.items()])
        said.append(_(N_("Left out: {reasons}."), reasons=reasons))
    study = case.study(name)
    if study is not None and study.note:
        said.append(study.note if study.note.endswith(".") else f"{study.note}.")
    return " ".join(said)


def observed(answer: Answer) -> tuple[Tag, ...]:
    """Return the tags of a finding from answers: how many there are, and a warning where there are few."""
    tags = [Tag("observed", plural("one respondent", "{count} respondents", answer.n or 0))]
    if answer.warnings:
        tags.append(Tag("note", _(N_("read with care"))))
    return tuple(tags)


def said_on_page(problem: WorkbookError, *, in_form: bool = False) -> str:
    """
    Return what stands in the way, for somebody at a page.

    A table is called as the person called it. What is asked of it is asked without the answers typed on the command: the
    table's form has a field for them, and away from it (not ``in_form``) a sentence points there.
    """
    if not isinstance(problem, TableError | AnalysisError) or "file" not in problem.values:
        return str(problem)
    said = translated(problem.template, **problem.values | {"file": table_called(str(problem.values["file"]))})
    if in_form or not isinstance(problem, TableQuestion):
        return said
    return " ".join([said, _(N_("Answer in the form of the table."))])


def no_study_yet(name: str, sentence: str) -> Exhibit:
    """Return the empty exhibit that says what to bring in first."""
    return Exhibit(name, sentence, empty=True)
