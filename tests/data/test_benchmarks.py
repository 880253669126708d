"""Published figures come with source, year, address and grade; the articles' claims are never more than claims."""

import csv
import re
from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[2] / "data"
# How far a figure is from who measured it, and the grade of evidence that goes with it.
GRADES = {"primary": "B", "secondary": "C", "weak": "D"}


def rows_of(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", rows_of("benchmarks.csv"), ids=lambda row: f"{row['channel']}-{row['metric'][:20]}")
def test_a_benchmark_says_where_it_comes_from(row):
    assert None not in row
    assert row["source"]
    assert re.fullmatch(r"(19|20)\d\d|n\.d\.", row["year"])
    assert re.fullmatch(r"https?://\S+", row["url"])
    assert row["grade"] == GRADES[row["evidence"]]
    assert row["unit"]
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*|", row["tactic"])
    figures = [float(row[name]) for name in ("low", "typical", "high") if row[name]]
    assert figures
    assert figures == sorted(figures)


def test_no_benchmark_is_there_twice():
    rows = [tuple(row.values()) for row in rows_of("benchmarks.csv")]
    assert len(rows) == len(set(rows)) == 144


def test_every_claim_is_flagged_graded_e_and_stands_beside_something_better():
    claims = rows_of("claims.csv")
    assert len(claims) == 9
    for claim in claims:
        assert claim["grade"] == "E"
        assert claim["status"] in ("flagged", "unsourced")
        assert claim["claim"]
        assert claim["article"]
        assert claim["reason"]
        assert claim["better_evidence"]
        assert re.fullmatch(r"https?://\S+|", claim["url"])


def test_no_claim_is_also_a_benchmark():
    typical = {(row["tactic"], float(row["typical"])) for row in rows_of("benchmarks.csv") if row["typical"]}
    for claim in rows_of("claims.csv"):
        for figure in re.findall(r"\d+(?:\.\d+)?", claim["claim"]):
            assert (claim["tactic"], float(figure)) not in typical
