"""Gathers every sentence a reader may see and brings the catalogues up to date with them.

    python -m workbook.words.gather

Sentences stand in five places: marked in code, in the fields of the plan's models, in the prose of the notebooks, in
the registries (marked there), and in the claims among the data. What is translated stays; what is new waits for its
translation, and the tests say so.
"""

import csv
import sys
from collections import defaultdict
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from workbook.language import LANGUAGES
from workbook.pages import prose_in
from workbook.plan.files import write_atomically
from workbook.plan.model import Part, Plan, shapes
from workbook.shipped import shipped

__all__ = ["catalogue_path", "gathered", "updated"]

PACKAGE = Path(__file__).parents[1]
KEYWORDS = {"_": None, "N_": None, "translated": None, "plural": (1, 2)}

Message = str | tuple[str, ...]


def gathered() -> dict[Message, list[str]]:
    """Return every sentence with the places it stands in; a pair where a count chooses between two."""
    found: dict[Message, list[str]] = defaultdict(list)
    for place, message in (*_in_code(), *_in_models(Plan, set()), *prose_in(shipped("notebooks")), *_in_claims()):
        if message and place not in found[message]:
            found[message].append(place)
    return dict(found)


def catalogue_path(language: str) -> Path:
    """Return where the catalogue of ``language`` is."""
    return PACKAGE / "words" / language / "LC_MESSAGES" / "workbook.po"


def updated(language: str) -> Catalog:
    """Return the catalogue of ``language`` with all sentences gathered: known translations kept, unused ones gone."""
    path = catalogue_path(language)
    known: Catalog | None = None
    if path.exists():
        with path.open("rb") as stream:
            known = read_po(stream, locale=language)
    fresh = Catalog(
        locale=language,
        project="marketing-workbook",
        version="0",
        msgid_bugs_address="none",
        last_translator="none",
        charset="utf-8",
        fuzzy=False,
    )
    fresh.header_comment = "# The words of the marketing workbook."
    if known is not None:
        fresh.creation_date, fresh.revision_date = known.creation_date, known.revision_date
    for message, places in sorted(gathered().items(), key=lambda entry: (entry[1][0], str(entry[0]))):
        before = known.get(message if isinstance(message, str) else message[0]) if known is not None else None
        # A place without a line: lines move with every edit, and would make every edit a change of the catalogue.
        locations: Any = [(place, None) for place in places]
        fresh.add(message, before.string if before is not None and before.id == message else None, locations=locations)
    return fresh


def main() -> int:
    """Write the catalogues; return 1 when sentences wait for their translation."""
    waiting = 0
    for language in LANGUAGES:
        if language == "en":
            continue
        catalogue = updated(language)
        out = BytesIO()
        write_po(out, catalogue, width=110, include_lineno=False, omit_header=False)
        write_atomically(catalogue_path(language), out.getvalue())
        missing = [entry for entry in catalogue if entry.id and not _translated(entry.string)]
        waiting += len(missing)
        print(f"{catalogue_path(language)}: {len(list(catalogue)) - 1} sentences, {len(missing)} to translate")
    return 1 if waiting else 0


def _translated(string: object) -> bool:
    return all(string) if isinstance(string, list | tuple) else bool(string)


def _in_code() -> Iterator[tuple[str, Message]]:
    for name, _line, message, _comments, _context in extract_from_dir(
        str(PACKAGE),
        method_map=[("**.py", "python"), ("**.html.j2", "jinja2.ext:babel_extract")],
        keywords=KEYWORDS,
        strip_comment_tags=True,
    ):
        yield f"workbook/{name}", message


def _in_models(model: type[Part], seen: set[type]) -> Iterator[tuple[str, Message]]:
    """Yield the words of a model's fields: title, help, unit, example, what a button says."""
    if model in seen:
        return
    seen.add(model)
    place = model.__module__.replace(".", "/") + ".py"
    for shape in shapes(model):
        example = shape.example if isinstance(shape.example, str) and shape.kind in ("line", "text", "lines") else ""
        for words in (shape.title, shape.help, shape.unit, shape.add, example):
            yield place, words
        if shape.holds is not None:
            yield from _in_models(shape.holds, seen)


def _in_claims() -> Iterator[tuple[str, Message]]:
    with (shipped("data") / "claims.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for column in ("claim", "reason", "better_evidence"):
                yield "data/claims.csv", row[column]


if __name__ == "__main__":
    sys.exit(main())
