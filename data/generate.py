"""Draws the synthetic studies of the sample plans: seeded, from true values that are written down.

Nobody was asked. The tables show the methods on data of a realistic shape; the tests hold the analyses to the truth in
``studies``. Run ``python data/generate.py`` to write them again.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

# Run or loaded by its path, this file must find the folder beside it.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from data.studies import surveys
from data.studies.adaptive_test import ADAPTIVE_TEST
from data.studies.forno_aurora import FORNO_AURORA
from data.studies.tables import SEED, tables

RESPONDENTS = sum(ADAPTIVE_TEST.needs.respondents.values())
TRUE_NEEDS = ADAPTIVE_TEST.needs.top_two["enterprise"]


def needs_survey(*, seed: int = SEED) -> pd.DataFrame:
    """Return one row per respondent and need: respondent, segment, need, importance and satisfaction (1 to 10)."""
    return surveys.needs(ADAPTIVE_TEST.needs, np.random.default_rng(seed))


def studies() -> dict[str, pd.DataFrame]:
    """Return every table by its file name."""
    drawn = {
        f"{company.plan}-{study}.csv": table
        for company in (ADAPTIVE_TEST, FORNO_AURORA)
        for study, table in tables(company).items()
    }
    # The sample plan reads its needs under this name.
    del drawn["adaptive-test-needs.csv"]
    return {"needs-survey.csv": needs_survey(), **drawn}


def main() -> None:
    """Write every table into ``samples/tables``."""
    folder = Path(__file__).parent / "samples" / "tables"
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in studies().items():
        table.to_csv(folder / name, index=False, lineterminator="\n", encoding="utf-8")


if __name__ == "__main__":
    main()
