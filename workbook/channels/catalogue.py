"""Which tactics are there, what do they cost elsewhere, and what is said of them without a source?

The catalogue holds every tactic with its default side. A team sets another side by setting it on its channel, and adds
a tactic of its own as a channel that names none of these. Published figures come from ``data/benchmarks.csv`` with
source, year and grade; where there is none the catalogue says "none known". Claims in circulation stand apart, flagged.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from workbook.channels.downstream import DOWNSTREAM
from workbook.channels.tactic import Tactic
from workbook.channels.upstream import UPSTREAM
from workbook.errors import AnalysisError, nearest
from workbook.language import N_
from workbook.plan.model import Channel, Grade, Plan
from workbook.shipped import shipped

__all__ = ["OLD_AFTER", "TACTICS", "Benchmark", "Claim", "benchmarks", "catalogue", "claims", "tactic", "tactic_of"]

TACTICS = (*UPSTREAM, *DOWNSTREAM)

OLD_AFTER = 3
"""Years after which a benchmark is called old."""


GRADES = {grade.value: grade for grade in Grade}


@dataclass(frozen=True)
class Benchmark:
    """A published figure: ``low`` and ``high`` where a range is given; ``year`` is None where the source has none."""

    channel: str
    metric: str
    low: float | None
    typical: float | None
    high: float | None
    unit: str
    source: str
    year: int | None
    url: str
    grade: Grade
    tactic: str
    note: str

    def old(self, today: date) -> bool:
        """Whether it is older than three years, or of no known year."""
        return self.year is None or today.year - self.year > OLD_AFTER


@dataclass(frozen=True)
class Claim:
    """
    Something that is said without a source that could be checked, beside better evidence; never used in a sum.

    Its texts are English messages of the catalogue of words.
    """

    claim: str
    reason: str
    better_evidence: str
    url: str
    tactic: str


def tactic(id: str) -> Tactic:
    """Return the tactic called ``id``. Raises AnalysisError, with the nearest names, when there is none."""
    known = {one.id: one for one in TACTICS}
    if id not in known:
        raise AnalysisError(
            N_("there is no tactic “{found}” in the catalogue. The nearest are: {near}."),
            found=id,
            near=nearest(id, list(known)),
        )
    return known[id]


def tactic_of(channel: Channel) -> Tactic | None:
    """Return the tactic that ``channel`` names, on the side the team set; None where it names none of the catalogue."""
    known = next((one for one in TACTICS if one.id == channel.tactic), None)
    return None if known is None else replace(known, side=channel.side)


def catalogue(plan: Plan | None = None) -> tuple[Tactic, ...]:
    """
    Return all tactics: those of the catalogue, and the team's own.

    Where channels of ``plan`` name a tactic, it stands on the side of the last of them.
    """
    channels = plan.channels if plan else ()
    sides = {channel.tactic: channel.side for channel in channels}
    own = tuple(_own(channel) for channel in channels if tactic_of(channel) is None)
    return (*(replace(one, side=sides.get(one.id, one.side)) for one in TACTICS), *own)


def benchmarks(tactic: str) -> tuple[Benchmark, ...]:
    """Return the published figures on ``tactic``, the newest first; none where none is known."""
    found = [one for one in _benchmarks() if one.tactic == tactic]
    return tuple(sorted(found, key=lambda one: -(one.year or 0)))


def claims(tactic: str) -> tuple[Claim, ...]:
    """Return what is claimed of ``tactic`` without a source."""
    return tuple(one for one in _claims() if one.tactic == tactic)


def _own(channel: Channel) -> Tactic:
    lag = None if channel.lag is None else (round(channel.lag), round(channel.lag))
    return Tactic(channel.id, channel.label, channel.side, "", channel.purpose, channel.relation, lag=lag, own=True)


@lru_cache(maxsize=1)
def _benchmarks() -> tuple[Benchmark, ...]:
    return tuple(
        Benchmark(
            row["channel"],
            row["metric"],
            _figure(row["low"]),
            _figure(row["typical"]),
            _figure(row["high"]),
            row["unit"],
            row["source"],
            int(row["year"]) if row["year"].isdigit() else None,
            row["url"],
            GRADES[row["grade"]],
            row["tactic"],
            row["note"],
        )
        for row in _rows("benchmarks.csv")
    )


@lru_cache(maxsize=1)
def _claims() -> tuple[Claim, ...]:
    return tuple(
        Claim(row["claim"], row["reason"], row["better_evidence"], row["url"], row["tactic"])
        for row in _rows("claims.csv")
    )


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (shipped("data") / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _figure(text: str) -> float | None:
    return float(text) if text else None
