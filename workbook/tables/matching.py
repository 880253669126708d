"""Which column of the table holds what an analysis asks for?

A name that differs only in capitals, spaces, hyphens or accents is the same name. Any other likeness (a synonym in
English or Italian, a close spelling, cells of the kind asked for) is a suggestion: somebody has to say so, once, and the
plan remembers it.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from workbook.errors import SHOWN_AT_ONCE, TableError, TableQuestion, nearest
from workbook.language import N_, listed, translated
from workbook.tables.cells import Kind, TableColumn
from workbook.tables.reading import Reading

__all__ = ["Match", "located", "matches", "named_beside", "normalised", "place", "renamed_notes"]


@dataclass(frozen=True)
class Match:
    """
    What a table has for a ``column`` asked for.

    ``found`` is the place of the table's column (0 the first), or None. ``candidates`` are places that may hold it, the
    likeliest first, none when ``found`` is certain.
    """

    column: TableColumn
    found: int | None = None
    candidates: tuple[int, ...] = ()


SYNONYMS = {
    "respondent": "id user participant person interviewee response_id user_id rispondente intervistato partecipante utente",
    "customer": "customer_id client client_id account buyer cust user cliente id_cliente codice_cliente acquirente",
    "date": "day order_date purchase_date when timestamp data giorno data_ordine data_acquisto",
    "amount": "value revenue total spend price_paid importo totale valore ricavo spesa prezzo_pagato",
    "segment": "group cluster audience segmento gruppo",
    "need": "outcome job problem bisogno esigenza problema",
    "importance": "imp important importanza importante rilevanza",
    "satisfaction": "sat satisfied soddisfazione soddisfatto",
    "feature": "function attribute caratteristica funzione funzionalita",
    "functional": "with_feature positive funzionale con",
    "dysfunctional": "without_feature negative disfunzionale senza",
    "task": "set choice_set question compito prova domanda",
    "item": "option message oggetto voce elemento opzione messaggio",
    "shown": "displayed mostrato visto",
    "best": "most migliore piu_importante",
    "worst": "least peggiore meno_importante",
    "reached": "reach likes raggiunto",
    "score": "nps rating answer recommend voto punteggio risposta",
    "text": "comment review feedback verbatim testo commento recensione opinione",
    "rating": "stars score grade voto stelle valutazione",
    "source": "origin channel fonte origine canale provenienza",
    "brand": "company product marca marchio azienda",
    "attribute": "trait quality attributo caratteristica qualita",
    "count": "n number frequency answers conteggio numero frequenza",
    "too_cheap": "toocheap very_cheap troppo_economico troppo_basso troppo_conveniente",
    "cheap": "inexpensive bargain good_value economico conveniente",
    "expensive": "dear high caro costoso",
    "too_expensive": "tooexpensive very_expensive troppo_caro troppo_costoso",
    "weight": "w peso",
    "price": "cost prezzo costo",
    "would_buy": "buy purchase intent acquisterebbe comprerebbe acquisto",
    "alternative": "option profile alternativa opzione profilo",
    "chosen": "choice selected picked scelto scelta",
    "cohort": "start vintage coorte inizio",
    "period": "month week time periodo mese settimana",
    "customers": "active remaining clienti attivi rimasti",
    "channel": "medium source canale mezzo",
    "spend": "cost budget spesa costo",
    "outcome": "sales leads conversions result esito risultato vendite",
    "tactic": "channel activity tattica attivita",
    "criterion": "factor criterio fattore",
    "variant": "version arm group variante versione",
    "users": "visitors n sessions utenti visitatori",
    "conversions": "converted successes orders conversioni",
    "value": "amount y valore importo",
    "kpi": "indicator metric indicatore metrica",
    "target": "goal plan obiettivo",
    "actual": "result observed effettivo consuntivo",
}
"""Other names of a column, in English and Italian. They are suggested, never taken for granted."""

CLOSE = 0.72
SHOWN = 8


def normalised(name: str) -> str:
    """Return ``name`` in small letters without accents, its words joined by underscores."""
    plain = unicodedata.normalize("NFKD", name.strip()).casefold()
    return re.sub(r"[\W_]+", "_", "".join(c for c in plain if not unicodedata.combining(c))).strip("_")


def matches(
    header: Sequence[str],
    columns: Sequence[TableColumn],
    chosen: Mapping[str, str] | None = None,
    looks_like: Mapping[int, frozenset[Kind]] | None = None,
) -> list[Match]:
    """
    Return for each of ``columns`` what the table with this ``header`` has for it.

    ``chosen`` maps names asked for to names of the table (or places, ``#3``), as somebody said; ``looks_like`` says of
    places in the header which kinds their cells could be.
    """
    plain = [normalised(name) for name in header]
    by_hand = {normalised(wanted): place(header, found) for wanted, found in (chosen or {}).items()}
    taken = {found for found in by_hand.values() if found is not None}
    made = []
    for column in columns:
        wanted = normalised(column.name)
        if wanted in by_hand:
            made.append(Match(column, by_hand[wanted]))
            continue
        same = [i for i, name in enumerate(plain) if name == wanted and i not in taken]
        if len(same) == 1:
            taken.add(same[0])
            made.append(Match(column, same[0]))
        else:
            made.append(Match(column, None, tuple(same)))
    return [_with_candidates(match, header, plain, taken, looks_like or {}) for match in made]


def place(header: Sequence[str], found: str) -> int | None:
    """Return the place of the column called ``found``, or ``#3`` by position; None when there is none, or several."""
    if re.fullmatch(r"#\d{1,4}", found) and found not in header:
        position = int(found[1:]) - 1
        return position if 0 <= position < len(header) else None
    for names, name in ((list(header), found), ([normalised(one) for one in header], normalised(found))):
        if names.count(name) == 1:
            return names.index(name)
    return None


def located(
    file: str,
    header: Sequence[str],
    columns: Sequence[TableColumn],
    reading: Reading,
    looks_like: Callable[[int], frozenset[Kind]] | None = None,
) -> dict[str, int]:
    """
    Return the place in ``header`` of each of ``columns`` that is there.

    ``looks_like`` says which kinds the cells in a place could be, for suggestions where a column is missing.

    Raises
    ------
    TableError
        If a required column is not there, or a name that somebody gave is not.
    TableQuestion
        If a column may be there under another name, or twice.
    """
    for wanted, found in reading.columns:
        if place(header, found) is None:
            raise TableError(
                N_("{file} has no column “{found}” for {wanted}, or more than one. It has: {near}."),
                file=file,
                found=found,
                wanted=wanted,
                near=nearest(found, list(header), at_most=8),
            )
    made = matches(header, columns, dict(reading.columns))
    if looks_like and any(match.found is None and match.column.required for match in made):
        made = matches(header, columns, dict(reading.columns), {at: looks_like(at) for at in range(len(header))})
    for match in made:
        if match.found is None and _is_there_twice(match, header):
            raise _twice(file, header, match)
    missing = [match for match in made if match.found is None and match.column.required]
    if missing:
        raise _missing(file, header, missing)
    return {match.column.name: match.found for match in made if match.found is not None}


def named_beside(file: str, header: Sequence[str], places: Mapping[str, int], reading: Reading) -> dict[str, int]:
    """
    Return the places of the columns beside ``places``, by what they are called from now on.

    Raises TableError when two would be called the same.
    """
    renamed = {found: wanted for wanted, found in reading.columns}
    beside: dict[str, int] = {}
    for at, name in enumerate(header):
        if at in places.values() or not name:
            continue
        called = renamed.get(name, name.lower())
        if called in beside or called in places:
            raise TableError(
                N_("{file} has more than one column “{column}”. Rename all but one."), file=file, column=name
            )
        beside[called] = at
    return beside


def renamed_notes(header: Sequence[str], places: Mapping[str, int]) -> list[str]:
    """Return a sentence for each column that the table calls otherwise."""
    return [
        translated(N_("{column} is the table's column “{found}”."), column=name, found=header[at])
        for name, at in places.items()
        if normalised(name) != normalised(header[at])
    ]


def _is_there_twice(match: Match, header: Sequence[str]) -> bool:
    return sum(normalised(header[i]) == normalised(match.column.name) for i in match.candidates) > 1


def _twice(file: str, header: Sequence[str], match: Match) -> TableQuestion:
    same = [i for i in match.candidates if normalised(header[i]) == normalised(match.column.name)]
    words = translated(N_("the column in place {place}"), place="{}")
    return TableQuestion(
        N_("{file} has more than one column “{column}”."),
        tuple((f"--column {match.column.name}=#{i + 1}", words.format(i + 1)) for i in same),
        file=file,
        column=match.column.name,
    )


def _missing(file: str, header: Sequence[str], missing: Sequence[Match]) -> TableError:
    likely: dict[str, str] = {}
    for match in missing:
        free = [header[at] for at in match.candidates if header[at] not in likely.values()]
        likely |= {match.column.name: free[0]} if free else {}
    near = [*likely.values(), *(name for name in header if name and name not in likely.values())]
    values: dict[str, Any] = {
        "file": file,
        "missing": listed([f"“{match.column.name}”" for match in missing]),
        "found": ", ".join(near[:SHOWN]) + (", …" if len(near) > SHOWN else "") or "-",
        "meaning": listed([translated(match.column.meaning) for match in missing[:SHOWN_AT_ONCE]]),
    }
    template = N_(
        "{file} has no column {missing}. It has: {found}. Rename the column that holds {meaning}, or say which it is."
    )
    if not likely:
        answer = ("--column " + missing[0].column.name + "=…", translated(missing[0].column.meaning))
        return TableQuestion(template, (answer,), **values)
    options = " ".join(f"--column {name}={_quoted(found)}" for name, found in likely.items())
    return TableQuestion(template, likely=options, **values)


def _quoted(name: str) -> str:
    return name if re.fullmatch(r"[\w.-]+", name) else f'"{name}"'


def _with_candidates(
    match: Match,
    header: Sequence[str],
    plain: Sequence[str],
    taken: set[int],
    looks_like: Mapping[int, frozenset[Kind]],
) -> Match:
    """Return ``match`` with the places that may hold its column, the likeliest first."""
    if match.found is not None or match.candidates:
        return match
    likeness = {
        i: _likeness(match.column, plain[i], looks_like.get(i))
        for i in range(len(header))
        if i not in taken and plain[i]
    }
    likely = sorted((i for i, value in likeness.items() if value > 0), key=lambda i: -likeness[i])
    return Match(match.column, None, tuple(likely))


def _likeness(column: TableColumn, name: str, kinds: frozenset[Kind] | None) -> float:
    """Return how well a column called ``name`` would do, 0 for not at all: its words, then its spelling, then its cells."""
    if kinds is not None and column.kind not in kinds:
        return 0.0
    wanted = normalised(column.name)
    known = SYNONYMS.get(wanted, "").split()
    if name in known:
        return 2.0
    if set(name.split("_")) & {*known, wanted}:
        return 1.5
    spelled = SequenceMatcher(None, wanted, name).ratio()
    return spelled if spelled >= CLOSE or (len(name) >= 3 and wanted.startswith(name)) else 0.0
