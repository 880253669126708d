"""Which groups do the answers fall into by themselves, and would they again? k-means and latent classes.

K-means lays each respondent to the nearest of k means; latent classes take the answers as drawn from k groups, yes/no
columns by their share of yes and numbers by a normal curve in each. Any data can be cut into k groups, so the number
comes with two figures: BIC, which a further group must earn, and the stability, how much groups found in bootstrap samples
agree with these (adjusted Rand index: 1 the same, 0 as by chance). The figures offer a k; the team chooses.

Sources: Hennig (2007), "Cluster-wise assessment of cluster stability", Computational Statistics & Data Analysis 52(1);
Hubert & Arabie (1985), Journal of Classification 2; Pelleg & Moore (2000), "X-means", for the BIC of k-means;
Lazarsfeld & Henry (1968), "Latent Structure Analysis".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from workbook.answer import FEW, Answer
from workbook.errors import SHOWN_AT_ONCE, AnalysisError, TableError, nearest, require_choice
from workbook.language import N_, listed, number
from workbook.language import translated as _
from workbook.sieve import left_out

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["STABLE", "segments"]

Array = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]
Method = Literal["kmeans", "latent-class"]

STABLE = 0.8
"""Mean adjusted Rand index from which on groups count as found again (Hennig's advice is 0.75 to 0.85)."""

MOST = 8
"""Groups tried at most when none are asked for; a team can hardly tell more apart."""

STARTS, CLASS_STARTS = 20, 10
"""Random starts of k-means and of latent classes, of which the best counts."""

REFITS, REFIT_STARTS = 10, 2
"""Bootstrap samples behind a stability, and random starts in each."""

SAMPLE = 2000
"""Respondents in a bootstrap sample at most: more only take longer."""

ROUGH, FINE = 1e-5, 1e-9
"""Gain in likelihood per respondent at which a start is judged, and at which the best one is done."""

YES, NO = {"yes", "y", "true", "sì", "si", "s", "vero", "1"}, {"no", "n", "false", "falso", "0"}

THIN = 1e-3
"""Variance of a class, in a column of variance 1, below which the likelihood has run off to a single value."""


@dataclass(frozen=True)
class _Study:
    """Respondents by columns: ``values`` as given, ``yes`` telling those with two values, ``scaled`` to mean 0, sd 1."""

    names: list[str]
    values: Array
    yes: npt.NDArray[np.bool_]

    @property
    def scaled(self) -> Array:
        return (self.values - self.values.mean(axis=0)) / self.values.std(axis=0)

    @property
    def shares(self) -> Array:
        """Yes/no columns as 0 and 1, whichever two numbers were given."""
        lowest = self.values.min(axis=0)
        return np.where(self.yes, (self.values > lowest).astype(float), self.scaled)


@dataclass(frozen=True)
class _Groups:
    """A fit: the group of each respondent, how good it is, and ``again``, which fits a sample and sorts all."""

    k: int
    labels: Labels
    bic: float
    goodness: float
    chance: Array | None = None
    thin: bool = False


def segments(
    answers: pd.DataFrame,
    *,
    method: Method = "kmeans",
    k: int | None = None,
    standardise: str = "yes",
    seed: int = 0,
) -> Answer:
    """
    Sort respondents into groups.

    Parameters
    ----------
    answers
        One row per respondent: respondent, and columns of numbers or of yes and no. Others are named and left aside.
    method
        "kmeans" or "latent-class".
    k
        Groups, >= 1. When missing, the one of the lowest BIC among those that are stable is offered.
    standardise
        "yes" gives each column mean 0 and standard deviation 1 before k-means; latent classes do not depend on it.
    seed
        Makes starts and bootstrap repeatable.

    Returns
    -------
    k, sizes (largest first), profiles (mean of each column in each group, in its own unit), inertia or log_likelihood,
    bic, stability, and by_k (k, bic, stability of every k tried). One row per respondent: respondent, segment (1 is the
    largest), and for latent classes chance (of being in it).

    Raises
    ------
    TableError, AnalysisError
        If there is no column or too few respondents to sort.
    """
    _require_options(method, standardise, k)
    respondents, study, excluded, left_aside = _study(answers)
    data = study.shares if method == "latent-class" else study.scaled if standardise == "yes" else study.values
    different = len(np.unique(data, axis=0))
    if k is not None and k > different:
        raise AnalysisError(
            N_("{k} groups are asked for, but only {different} respondents answer differently. Ask for fewer."),
            k=number(k),
            different=number(different),
        )
    most = min(MOST, max(2, len(data) // 5), different)
    import sklearn.cluster  # noqa: F401 - its threads are there to be limited once it is loaded
    from threadpoolctl import threadpool_limits

    # One thread: sums come in one order, so a seed gives the same figures anywhere, and small fits take less time.
    with threadpool_limits(1):
        tried = [_ordered(groups) for groups in _tried(method, study, data, [k] if k else range(1, most + 1), seed)]
        stability = [_stability(method, study, data, groups, seed) for groups in tried]
    at = 0 if k else _offered(method, tried, stability)
    return Answer(
        figures=_figures(method, study, tried, stability, at),
        rows=_members(respondents, tried[at]),
        n=len(data),
        excluded=excluded,
        conventions=_conventions(method, study, standardise, asked=k is not None),
        warnings=_warnings(study, tried[at], stability[at], left_aside, method, standardise),
    )


def _study(answers: pd.DataFrame) -> tuple[pd.Series, _Study, dict[str, int], dict[str, list[str]]]:
    """Return who is sorted, their answers, rows left out by reason, and columns left aside by reason."""
    import pandas as pd

    if "respondent" not in answers.columns:
        raise TableError(
            N_('The table of answers has no column "{column}". Nearest: {near}. Rename the one that holds it.'),
            column="respondent",
            near=nearest("respondent", [str(name) for name in answers.columns]),
        )
    who = answers["respondent"].astype("string").str.strip()
    read = {str(name): _numbers(answers[name]) for name in answers.columns if name != "respondent"}
    aside = {_(N_("words, not numbers or yes and no")): [name for name, column in read.items() if column is None]}
    table = pd.DataFrame({name: column for name, column in read.items() if column is not None}, index=answers.index)
    reasons = {
        _(N_("respondent is missing")): who.isna() | who.eq(""),
        _(N_("same respondent once more (the first row counts)")): who.duplicated() & who.notna(),
        _(N_("an answer is missing or not finite")): table.isna().any(axis=1),
    }
    kept, excluded = left_out(answers, reasons)
    table = table[kept.to_numpy()]
    same = [name for name in table.columns if table[name].nunique() < 2]
    aside[_(N_("the same for everybody"))] = same
    table = table.drop(columns=same)
    if len(table) < 3 or table.shape[1] == 0:
        raise AnalysisError(
            N_(
                "There is nothing to sort: {respondents} usable respondents and {columns} columns of numbers or yes and no "
                "that differ between them; needed are 3 and 1."
            ),
            respondents=number(len(table)),
            columns=number(table.shape[1]),
        )
    values = table.to_numpy(dtype=float)
    yes = np.array([len(np.unique(column)) == 2 for column in values.T])
    return who[kept.to_numpy()], _Study(list(table.columns), values, yes), excluded, aside


def _numbers(column: pd.Series) -> pd.Series | None:
    """Return a column as numbers, yes as 1 and no as 0, NaN where it is empty; None where it holds other words."""
    import pandas as pd

    words = column.astype("string").str.strip().str.lower()
    empty = words.isna() | words.eq("")
    numbers = pd.to_numeric(words, errors="coerce").astype(float)
    if empty.all():
        return None
    if words[~empty].isin(YES | NO).all():
        return words.isin(YES).astype(float).where(~empty)
    return numbers.where(np.isfinite(numbers)) if numbers[~empty].notna().all() else None


def _tried(method: Method, study: _Study, data: Array, counts: Iterable[int], seed: int) -> list[_Groups]:
    """Return a fit for each number of groups; latent classes end when two more groups have not paid."""
    tried: list[_Groups] = []
    for k in counts:
        tried.append(_means(data, k, seed) if method == "kmeans" else _classes(study, data, k, seed))
        if method == "latent-class" and len(tried) > 3 and min(g.bic for g in tried[-2:]) > min(g.bic for g in tried):
            break
    return tried


def _means(data: Array, k: int, seed: int) -> _Groups:
    from sklearn.cluster import KMeans

    found = KMeans(k, n_init=STARTS, random_state=seed).fit(data)
    labels = found.labels_.astype(np.int64)
    return _Groups(k, labels, _spherical_bic(data, labels, float(found.inertia_), k), float(found.inertia_))


def _spherical_bic(data: Array, labels: Labels, inertia: float, k: int) -> float:
    """Return BIC of k round groups of one variance (Pelleg & Moore), lower is better."""
    n, d = data.shape
    sizes = np.bincount(labels, minlength=k)
    variance = max(inertia / (d * max(n - k, 1)), 1e-12)
    log_likelihood = (sizes * np.log(sizes / n)).sum() - n * d / 2 * np.log(2 * np.pi * variance) - d * (n - k) / 2
    return float(-2 * log_likelihood + (k * d + k) * np.log(n))


def _classes(study: _Study, data: Array, k: int, seed: int) -> _Groups:
    """Fit latent classes to distinct answers and their counts; the likelihood is that of the numbers as given."""
    yes, order = study.yes, np.argsort(~study.yes, kind="stable")
    distinct, where, counts = np.unique(data[:, order], axis=0, return_inverse=True, return_counts=True)
    model, thin = _mixture(
        distinct, counts, int(yes.sum()), k, seed, CLASS_STARTS if len(distinct) <= SAMPLE else CLASS_STARTS // 2
    )
    # Standardised columns are narrower by their deviation, and so is their density.
    width = len(data) * float(np.log(study.values.std(axis=0)[~yes]).sum())
    log_likelihood = float(model.lower_bound_) * len(data) - width
    chances = model.predict_proba(distinct)
    labels = chances.argmax(axis=1)[where.ravel()]
    bic = -2 * log_likelihood + model.n_parameters * np.log(len(data))
    return _Groups(k, labels, float(bic), log_likelihood, chances.max(axis=1)[where.ravel()], thin)


def _mixture(
    distinct: Array, counts: Labels, yes: int, k: int, seed: int, starts: int, *, end: float = FINE
) -> tuple[Any, bool]:
    """Return the fitted mixture, its yes/no columns first, and whether a class had to be kept from a single value."""

    def fitted(floor: float) -> Any:
        rough = [
            _from_start(distinct, counts, yes, k, (seed, start), ROUGH, floor)
            for start in range(starts if k > 1 else 1)
        ]
        best = max(range(len(rough)), key=lambda start: rough[start].lower_bound_)
        return rough[best] if end >= ROUGH else _from_start(distinct, counts, yes, k, (seed, best), end, floor)

    model = fitted(1e-6)
    numbers = model.get_parameters()["measurement"].get("numbers")
    if numbers is None or np.min(numbers["covariances"]) >= THIN:
        return model, False
    return fitted(10 * THIN), True


def _from_start(
    distinct: Array, counts: Labels, yes: int, k: int, start: tuple[int, int], end: float, floor: float
) -> Any:
    """Return the mixture that one random start leads to; variances of numbers stay above ``floor``."""
    from warnings import catch_warnings, simplefilter

    from stepmix import StepMix

    kinds: dict[str, dict[str, Any]] = {}
    if yes:
        kinds["yes"] = {"model": "bernoulli", "n_columns": yes}
    if distinct.shape[1] > yes:
        kinds["numbers"] = {"model": "gaussian_diag", "n_columns": distinct.shape[1] - yes, "reg_covar": floor}
    # One seed a start, so that the best start can be run again to the end.
    seed = int(np.random.SeedSequence(start).generate_state(1)[0])
    with catch_warnings():
        simplefilter("ignore")
        mixture = StepMix(k, measurement=kinds, abs_tol=end, max_iter=1000, random_state=seed, progress_bar=0)
        return mixture.fit(distinct, sample_weight=counts.astype(float))


def _stability(method: Method, study: _Study, data: Array, groups: _Groups, seed: int) -> float:
    """Return how much groups of bootstrap samples agree with these: mean adjusted Rand index over the samples."""
    from sklearn.metrics import adjusted_rand_score

    if groups.k == 1:
        return 1.0
    rng, n = np.random.default_rng(seed), len(data)
    scores = []
    for refit in range(REFITS):
        drawn = rng.integers(0, n, min(n, SAMPLE))
        if len(np.unique(data[drawn], axis=0)) <= groups.k:
            continue
        labels = _sorted_by(method, study, data, drawn, groups.k, seed + refit + 1)
        scores.append(adjusted_rand_score(groups.labels, labels))
    return float(np.mean(scores)) if scores else 0.0


def _sorted_by(method: Method, study: _Study, data: Array, drawn: Labels, k: int, seed: int) -> Labels:
    """Return the group of each respondent by a fit to the sample ``drawn``."""
    if method == "kmeans":
        from sklearn.cluster import KMeans

        return np.asarray(KMeans(k, n_init=REFIT_STARTS, random_state=seed).fit(data[drawn]).predict(data))
    ordered = data[:, np.argsort(~study.yes, kind="stable")]
    distinct, counts = np.unique(ordered[drawn], axis=0, return_counts=True)
    model, _thin = _mixture(distinct, counts, int(study.yes.sum()), k, seed, REFIT_STARTS, end=ROUGH)
    return np.asarray(model.predict(ordered))


def _ordered(groups: _Groups) -> _Groups:
    """Return the groups numbered from the largest on, those of one size by who comes first."""
    names, first, sizes = np.unique(groups.labels, return_index=True, return_counts=True)
    order = np.lexsort([first, -sizes])
    rank = np.empty(int(names.max()) + 1, dtype=np.int64)
    rank[names[order]] = np.arange(len(names))
    return _Groups(groups.k, rank[groups.labels], groups.bic, groups.goodness, groups.chance, groups.thin)


def _offered(method: Method, tried: list[_Groups], stability: list[float]) -> int:
    """
    Return the place of the k to offer.

    The BIC of k-means takes groups to be round and goes on falling when they are not: only stable ones are offered.
    """
    better = [i for i, groups in enumerate(tried) if i > 0 and groups.bic < tried[0].bic]
    stable = [i for i in better if stability[i] >= STABLE or method == "latent-class"]
    return min(stable or better or [0], key=lambda i: tried[i].bic)


def _figures(method: Method, study: _Study, tried: list[_Groups], stability: list[float], at: int) -> dict[str, Any]:
    chosen, goodness = tried[at], "inertia" if method == "kmeans" else "log_likelihood"
    present = [chosen.labels == group for group in range(int(chosen.labels.max()) + 1)]
    return {
        "k": chosen.k,
        "sizes": [int(mask.sum()) for mask in present],
        "profiles": [dict(zip(study.names, study.values[mask].mean(axis=0).tolist(), strict=True)) for mask in present],
        goodness: chosen.goodness,
        "bic": chosen.bic,
        "stability": stability[at],
        "by_k": [
            {"k": groups.k, "bic": groups.bic, "stability": agreed, goodness: groups.goodness}
            for groups, agreed in zip(tried, stability, strict=True)
        ],
    }


def _members(respondents: pd.Series, groups: _Groups) -> pd.DataFrame:
    import pandas as pd

    table = pd.DataFrame({"respondent": respondents.to_numpy(), "segment": groups.labels + 1})
    return table if groups.chance is None else table.assign(chance=groups.chance)


def _conventions(method: Method, study: _Study, standardise: str, *, asked: bool) -> tuple[str, ...]:
    if method == "kmeans":
        scale = (
            N_("K-means on columns standardised to mean 0 and standard deviation 1; inertia in these units.")
            if standardise == "yes"
            else N_("K-means on the columns as they are; inertia in their units.")
        )
        how = (_(scale), _(N_("BIC of round groups of one variance (Pelleg & Moore); lower is better.")))
    else:
        how = (
            _(
                N_(
                    "Latent classes: {yes} yes/no columns by their share, {numbers} columns of numbers by normal curves."
                ),
                yes=number(int(study.yes.sum())),
                numbers=number(int((~study.yes).sum())),
            ),
            _(N_("BIC of the likelihood of the answers as given; lower is better.")),
        )
    return (
        *how,
        _(
            N_(
                "Stability: mean adjusted Rand index of {count} fits to bootstrap samples of at most {most} respondents."
            ),
            count=number(REFITS),
            most=number(SAMPLE),
        ),
        _(N_("The number of groups was asked for."))
        if asked
        else _(N_("The number of groups offered has the lowest BIC; the team chooses."))
        if method == "latent-class"
        else _(
            N_(
                "The number of groups offered has the lowest BIC among those of stability {least} or more; the team chooses."
            ),
            least=number(STABLE, 1),
        ),
    )


def _warnings(
    study: _Study, groups: _Groups, stability: float, aside: dict[str, list[str]], method: Method, standardise: str
) -> tuple[str, ...]:
    said = [
        _(N_("Columns left aside ({reason}): {columns}."), reason=reason, columns=listed(names[:SHOWN_AT_ONCE]))
        for reason, names in aside.items()
        if names
    ]
    if len(study.values) < FEW:
        said.append(
            _(
                N_("Only {count} respondents, fewer than {few}: read with care."),
                count=number(len(study.values)),
                few=number(FEW),
            )
        )
    if groups.k == 1:
        said.append(_(N_("The answers fall into no groups: one group has the lowest BIC.")))
    elif stability < STABLE:
        said.append(
            _(
                N_("These groups are not found again in other samples (stability {value}, below {least})."),
                value=number(stability, 2),
                least=number(STABLE, 1),
            )
        )
    spread = study.values.std(axis=0)
    if method == "kmeans" and standardise == "no" and spread.max() > 10 * spread.min():
        said.append(
            _(
                N_("Columns differ in spread more than tenfold, so that “{column}” decides alone; standardise them."),
                column=study.names[int(spread.argmax())],
            )
        )
    if groups.thin:
        said.append(
            _(N_("A class would have shrunk to a single value of a column, so its spread is kept from vanishing."))
        )
    return tuple(said)


def _require_options(method: str, standardise: str, k: int | None) -> None:
    require_choice("method", method, ("kmeans", "latent-class"))
    require_choice("standardise", standardise, ("yes", "no"))
    if k is not None and (k < 1 or k != int(k)):
        raise AnalysisError(N_("{k} groups are asked for, but it must be a whole number of 1 or more."), k=number(k))
