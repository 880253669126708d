"""Draws the synthetic studies of the sample plans: seeded, with the true values written down here.

Nobody was asked. The tables show the methods on data of a realistic shape; the tests hold the analyses to the truth
below. Run ``python data/generate.py`` to write them again.
"""

from pathlib import Path

import numpy as np
import pandas as pd

SEED = 20270101

RESPONDENTS = 180

# Shares of respondents who put importance, and satisfaction, in the two top boxes of the scale from 1 to 10.
TRUE_NEEDS = {
    "test-alone": (0.78, 0.18),
    "analyse-at-scale": (0.71, 0.27),
    "prove-return": (0.66, 0.31),
    "one-view": (0.80, 0.66),
    "keep-consent": (0.55, 0.58),
    "fewer-tools": (0.44, 0.35),
}


def needs_survey(*, seed: int = SEED) -> pd.DataFrame:
    """Return one row per respondent and need: respondent, segment, need, importance and satisfaction (1 to 10)."""
    rng = np.random.default_rng(seed)
    rows = []
    for number in range(1, RESPONDENTS + 1):
        for need, (important, satisfied) in TRUE_NEEDS.items():
            rows.append((f"r{number:03d}", "enterprise", need, _mark(rng, important), _mark(rng, satisfied)))
    return pd.DataFrame(rows, columns=["respondent", "segment", "need", "importance", "satisfaction"])


def _mark(rng: np.random.Generator, top_two: float) -> int:
    """Return 9 or 10 with probability ``top_two``, else 3 to 8, the higher the likelier."""
    if rng.random() < top_two:
        return int(rng.integers(9, 11))
    return int(rng.choice(np.arange(3, 9), p=np.array([1, 2, 3, 4, 4, 4]) / 18))


def main() -> None:
    """Write every table into ``samples/tables``."""
    folder = Path(__file__).parent / "samples" / "tables"
    folder.mkdir(parents=True, exist_ok=True)
    needs_survey().to_csv(folder / "needs-survey.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
