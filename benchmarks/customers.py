"""Lifetime value beside the library ``lifetimes`` on its data; latent classes at 10,000 and themes at 15,000 rows."""

import resource
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter
from typing import Any

__all__ = ["latent_class_run", "lifetime_fit", "theme_run"]

Measured = tuple[float, float]
"""Seconds, and MiB that the process grew to beyond what it held after its imports."""


def lifetime_fit() -> tuple[float, float, float]:
    """Return seconds to fit both models to CDNOW and score every customer; those of ``lifetimes``; the gap in parameters."""
    import lifetimes
    import pandas as pd
    from threadpoolctl import threadpool_limits

    table = pd.read_csv(Path(lifetimes.__file__).parent / "datasets" / "cdnow_customers_summary_with_transactions.csv")
    x, t_x, T, amounts = (table[name] for name in ("x", "t_x", "T", "zbar"))
    buyers = x > 0

    def ours() -> Any:
        from workbook.research.repeat_buying import fitted_buying, fitted_spending

        buying, spending = fitted_buying(x, t_x, T), fitted_spending(x, amounts)
        return buying, buying.expected_purchases(39, x, t_x, T), spending.expected_amount(x, amounts)

    def theirs() -> Any:
        buying = lifetimes.BetaGeoFitter().fit(x, t_x, T)
        spending = lifetimes.GammaGammaFitter().fit(x[buyers], amounts[buyers])
        expected = buying.conditional_expected_number_of_purchases_up_to_time(39, x, t_x, T)
        return buying, expected, spending.conditional_expected_average_profit(x, amounts)

    # One thread for both: the steps of a fit are too small to share.
    with threadpool_limits(1):
        fitted, other = ours()[0], theirs()[0].params_
        gap = max(abs(getattr(fitted, name) - other[name]) for name in ("r", "alpha", "a", "b"))
        return _best(ours), _best(theirs), gap


def latent_class_run(rows: int = 10_000) -> Measured:
    """Return seconds and memory for latent classes of eight yes/no questions, their number chosen, with stability."""
    return _alone(_latent_classes, rows)


def theme_run(rows: int = 15_000) -> Measured:
    """Return seconds and memory for the themes of texts, their number chosen."""
    return _alone(_themes, rows)


def _latent_classes(rows: int) -> Callable[[], object]:
    import numpy as np
    import pandas as pd
    import stepmix  # noqa: F401

    from workbook.research.segments import segments

    rng = np.random.default_rng(1)
    kinds = np.array([[0.85] * 8, [0.2] * 8, [0.85] * 4 + [0.15] * 4])[rng.integers(0, 3, rows)]
    table = pd.DataFrame(np.where(rng.random((rows, 8)) < kinds, "yes", "no"), columns=[f"q{i}" for i in range(8)])
    return lambda: segments(table.assign(respondent=range(rows)), method="latent-class")


def _themes(rows: int) -> Callable[[], object]:
    import numpy as np
    import pandas as pd
    import sklearn.decomposition

    from workbook.research.feedback import feedback_themes
    from workbook.shipped import shipped

    # Reviews put together from two of the sample's: its words and length, no text twice.
    texts = pd.read_csv(shipped("data") / "samples" / "tables" / "adaptive-test-reviews.csv")
    rng = np.random.default_rng(1)
    pairs = rng.integers(0, len(texts), (rows, 2))
    both = [f"{texts['text'][i]} {texts['text'][j]} {n}" for n, (i, j) in enumerate(pairs)]
    table = pd.DataFrame({"text": both, "rating": texts["rating"].to_numpy()[pairs[:, 0]]})
    assert sklearn.decomposition
    return lambda: feedback_themes(table)


def _best(run: Callable[[], object], rounds: int = 5) -> float:
    """Return the shortest of several runs: what else the machine does only ever makes one longer."""
    times = []
    for _round in range(rounds):
        start = perf_counter()
        run()
        times.append(perf_counter() - start)
    return min(times)


def _alone(prepared: Callable[[int], Callable[[], object]], rows: int) -> Measured:
    """Measure in a process of its own, so that its memory is its own too."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(_measured, (prepared, rows))


def _measured(prepared: Callable[[int], Callable[[], object]], rows: int) -> Measured:
    run = prepared(rows)
    before = _mebibytes()
    start = perf_counter()
    run()
    return perf_counter() - start, _mebibytes() - before


def _mebibytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
