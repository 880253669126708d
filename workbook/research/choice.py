"""What is each part of an offer worth to those who choose? Choice-based conjoint.

Respondents choose one of several offers in each task. A conditional logit over all of them gives each level its
part-worth; with a price among the attributes, a part-worth over that of one euro is the willingness to pay for it. The
importance of an attribute is the span of its part-worths over the sum of all spans. `shares` simulates how new offers
would share the choices between them.

Sources: McFadden (1974); Train (2009), Discrete Choice Methods with Simulation, 2nd edition, chapter 3; Krinsky & Robb
(1986), Review of Economics and Statistics 68(4), and Hole (2007), Health Economics 16(8), on intervals of ratios.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from workbook.answer import Answer, few_respondents
from workbook.errors import AnalysisError, nearest, require_choice
from workbook.language import N_, listed, number, percent
from workbook.language import translated as _
from workbook.research.logit import Fit, conditional_logit
from workbook.research.offers import NONE, Attribute, Choices, choices_made, column_named
from workbook.shares import normal_quantile, require_level

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ChoiceModel", "choice", "fitted", "shares"]

Floats = npt.NDArray[np.float64]

DRAWS = 4000
"""Draws of the coefficients; the ends of an interval then move by about a fiftieth of its width from seed to seed."""

INTERVALS = ("delta", "krinsky-robb")


@dataclass(frozen=True)
class ChoiceModel:
    """Part-worths fitted to choices: the attributes, the names of the coefficients, the fit."""

    attributes: tuple[Attribute, ...]
    terms: tuple[str, ...]
    fit: Fit
    price: str | None = None

    @property
    def coefficients(self) -> dict[str, float]:
        """Part-worth of each term: of a level against the reference, or of one unit more."""
        return dict(zip(self.terms, self.fit.coefficients.tolist(), strict=True))


def choice(
    answers: pd.DataFrame,
    *,
    price: str | None = None,
    reference: Sequence[str] = (),
    offer: Sequence[str] = (),
    interval: str = "delta",
    alpha: float = 0.05,
    seed: int = 0,
) -> Answer:
    """
    Fit part-worths to choices.

    Parameters
    ----------
    answers
        One row per alternative: respondent, task, alternative, chosen (0 or 1) and its attributes, any columns.
        Columns of numbers enter as they are, columns of words as dummies against their first level. An alternative
        whose attributes are all empty is "none of these" and gets a constant.
    price
        Column of the price, in money; without it there is no willingness to pay.
    reference
        "column=level" pairs: the level that the others of the column are held against.
    offer
        New offers to simulate, each as "column=level, column=level": what is not named is at its reference or lowest.
    interval
        Of the willingness to pay: "delta" or "krinsky-robb" (simulated).
    alpha
        1 - ``alpha`` is the level of the intervals; 0..1.
    seed
        Makes simulated intervals repeatable.

    Returns
    -------
    ``coefficients``, ``standard_errors``, ``willingness_to_pay`` and its intervals by term, ``importance`` by
    attribute, ``log_likelihood``, that of pure chance, ``tasks``, and ``shares`` of the offers; one row per level.

    Raises
    ------
    TableError
        If a column is missing or holds what it must not.
    AnalysisError
        If no task can be used, the choices do not determine the part-worths, or ``alpha`` is out of range.
    ParameterError
        If an option is none of its choices.
    """
    require_level(alpha)
    require_choice("interval", interval, INTERVALS)
    made = choices_made(answers, price=price, reference=reference)
    model = _model(made)
    price = made.price
    worth, warnings = _willingness(model, interval, alpha, seed)
    importance, own = _importance(made, model)
    figures: dict[str, Any] = {
        "coefficients": model.coefficients,
        "standard_errors": dict(zip(model.terms, np.sqrt(np.diag(model.fit.covariance)).tolist(), strict=True)),
        "log_likelihood": model.fit.log_likelihood,
        "log_likelihood_chance": model.fit.empty,
        "willingness_to_pay": {term: value for term, (value, _low, _high) in worth.items()} if worth else None,
        "willingness_to_pay_interval": {term: [low, high] for term, (_v, low, high) in worth.items()}
        if worth
        else None,
        "importance": importance,
        "importance_of": "respondents" if own else "pooled",
        "tasks": len(made.starts),
    }
    if offer:
        figures["shares"] = _offered(model, offer, alpha, seed)
    respondents = int(made.respondent.max()) + 1
    return Answer(
        figures=figures,
        rows=_rows(model, worth, importance, alpha),
        n=respondents,
        excluded=made.excluded,
        conventions=_conventions(made, price, interval, alpha, own=own),
        warnings=(*few_respondents(respondents), *warnings),
    )


def fitted(answers: pd.DataFrame, *, price: str | None = None, reference: Sequence[str] = ()) -> ChoiceModel:
    """Return the model of ``answers``, for `shares`; parameters and errors are those of `choice`."""
    return _model(choices_made(answers, price=price, reference=reference))


def _model(made: Choices) -> ChoiceModel:
    fit = conditional_logit(made.design, made.starts, made.chosen, list(made.terms))
    return ChoiceModel(made.attributes, made.terms, fit, made.price)


def shares(
    model: ChoiceModel, offers: Iterable[Mapping[str, Any]], *, alpha: float = 0.05, seed: int = 0
) -> pd.DataFrame:
    """
    Simulate how offers would share the choices.

    Parameters
    ----------
    model
        As `fitted` returns it.
    offers
        What each offer is: level or number by attribute; an attribute not named is at its reference, or lowest number.
    alpha, seed
        1 - ``alpha`` is the level of the intervals, 0..1; ``seed`` makes their draws repeatable.

    Returns
    -------
    One row per offer: share (0..1, sum 1), low, high (from draws of the part-worths, Krinsky & Robb).

    Raises
    ------
    AnalysisError
        If an offer names an attribute or a level that was not asked about.
    """
    import pandas as pd

    coded = np.array([_coded(model, offer) for offer in offers])
    best = _logit(coded @ model.fit.coefficients)
    low, high = np.quantile(_logit(_draws(model.fit, seed) @ coded.T), [alpha / 2, 1 - alpha / 2], axis=0)
    return pd.DataFrame({"share": best, "low": low, "high": high})


def _coded(model: ChoiceModel, offer: Mapping[str, Any]) -> Floats:
    names = [attribute.name for attribute in model.attributes]
    asked = {column_named(name, names): value for name, value in offer.items()}
    for name in asked:
        if name not in names:
            raise AnalysisError(
                N_("There is no attribute “{found}” in the answers. The nearest are: {near}."),
                found=name[:40],
                near=nearest(name, names),
            )
    values: dict[str, float] = {}
    for attribute in model.attributes:
        values |= attribute.coded(asked.get(attribute.name))
    return np.array([values.get(term, 0.0) for term in model.terms])


def _logit(utility: Floats) -> Floats:
    weight = np.exp(utility - utility.max(axis=-1, keepdims=True))
    return weight / weight.sum(axis=-1, keepdims=True)


def _draws(fit: Fit, seed: int) -> Floats:
    """Return draws of the coefficients, shape (draws, k)."""
    root = np.linalg.cholesky(fit.covariance)
    return fit.coefficients + np.random.default_rng(seed).standard_normal((DRAWS, len(root))) @ root.T


def _offered(model: ChoiceModel, offers: Sequence[str], alpha: float, seed: int) -> list[dict[str, Any]]:
    asked = [_pairs(offer) for offer in offers]
    rows = shares(model, asked, alpha=alpha, seed=seed).itertuples()
    return [
        {"offer": offer, "share": row.share, "interval": [row.low, row.high]}
        for offer, row in zip(offers, rows, strict=True)
    ]


def _pairs(offer: str) -> dict[str, str]:
    parts = [part.partition("=") for part in offer.split(",") if part.strip()]
    if not all(sign and column.strip() for column, sign, _level in parts):
        raise AnalysisError(N_("“{found}” is no offer. Write it as column=level, column=level."), found=offer[:60])
    return {column.strip(): level.strip() for column, _sign, level in parts}


def _willingness(
    model: ChoiceModel, interval: str, alpha: float, seed: int
) -> tuple[dict[str, tuple[float, float, float]], tuple[str, ...]]:
    """Return the willingness to pay for each term with its interval, and what to mind; nothing without a price."""
    if model.price is None:
        return {}, ()
    place = model.terms.index(model.price)
    if model.fit.coefficients[place] >= 0:
        return {}, (
            _(
                N_("A higher “{price}” is not chosen less often, so there is no willingness to pay to be worked out."),
                price=model.price,
            ),
        )
    others = [i for i, term in enumerate(model.terms) if i != place and term != NONE]
    per_unit = model.fit.coefficients[place]
    worth = -model.fit.coefficients[others] / per_unit
    z = normal_quantile(alpha)
    surely_negative = per_unit + z * np.sqrt(model.fit.covariance[place, place]) < 0
    if interval == "delta":
        low, high = _delta(model.fit, others, place, z)
    else:
        drawn = _draws(model.fit, seed)
        low, high = np.quantile(-drawn[:, others] / drawn[:, [place]], [alpha / 2, 1 - alpha / 2], axis=0)
    said = (
        ()
        if surely_negative
        else (
            _(
                N_("The effect of “{price}” is not clearly below 0, so willingness to pay is hardly determined."),
                price=model.price,
            ),
        )
    )
    ends = zip(worth.tolist(), low.tolist(), high.tolist(), strict=True)
    return dict(zip([model.terms[i] for i in others], ends, strict=True)), said


def _delta(fit: Fit, others: list[int], place: int, z: float) -> tuple[Floats, Floats]:
    """Return the ends of the intervals of -b / p from the first derivatives in b and p."""
    b, p, v = fit.coefficients[others], fit.coefficients[place], fit.covariance
    by_b, by_p = -1 / p, b / p**2
    variance = by_b**2 * np.diag(v)[others] + by_p**2 * v[place, place] + 2 * by_b * by_p * v[others, place]
    half = z * np.sqrt(variance)
    return -b / p - half, -b / p + half


def _importance(made: Choices, model: ChoiceModel) -> tuple[dict[str, float], bool]:
    """Return each attribute's importance (sum 1), and whether it is the mean of the respondents' own."""
    own = _own_fits(made)
    spans = np.array([_spans(made, at) for at in (own if own is not None else [model.fit.coefficients])])
    total = spans.sum(axis=1, keepdims=True)
    parts = (spans / np.where(total > 0, total, 1)).mean(axis=0)
    return {a.name: float(part) for a, part in zip(made.attributes, parts, strict=True)}, own is not None


def _spans(made: Choices, coefficients: Floats) -> list[float]:
    """Return the span of the part-worths of each attribute."""
    worth = dict(zip(made.terms, coefficients, strict=True))
    spans = []
    for attribute in made.attributes:
        if attribute.levels:
            values = [worth.get(f"{attribute.name}={level}", 0.0) for level in attribute.levels]
            spans.append(float(max(values) - min(values)))
        else:
            spans.append(float(abs(worth[attribute.name]) * (attribute.high - attribute.low)))
    return spans


def _own_fits(made: Choices) -> list[Floats] | None:
    """Return the coefficients of each respondent's own fit, or None unless every one of two or more has one."""
    ends = np.r_[made.starts[1:], len(made.design)]
    tasks = np.bincount(made.respondent)
    if len(tasks) < 2 or tasks.min() < len(made.terms):
        return None
    fits = []
    for respondent in np.argsort(tasks, kind="stable"):
        mine = np.flatnonzero(made.respondent == respondent)
        rows = np.concatenate([np.arange(made.starts[t], ends[t]) for t in mine])
        starts = np.r_[0, np.cumsum(ends[mine] - made.starts[mine])[:-1]]
        chosen = starts + made.chosen[mine] - made.starts[mine]
        try:
            fits.append(conditional_logit(made.design[rows], starts, chosen, list(made.terms)).coefficients)
        except AnalysisError:
            return None
    return fits


def _rows(
    model: ChoiceModel, worth: dict[str, tuple[float, float, float]], importance: dict[str, float], alpha: float
) -> pd.DataFrame:
    import pandas as pd

    errors = dict(zip(model.terms, np.sqrt(np.diag(model.fit.covariance)), strict=True))
    z, found = normal_quantile(alpha), model.coefficients
    rows = []
    for attribute in model.attributes:
        for level in attribute.levels or (None,):
            term = attribute.name if level is None else f"{attribute.name}={level}"
            value, error = found.get(term, 0.0), errors.get(term, np.nan)
            paid = worth.get(term, (0.0, np.nan, np.nan) if worth and level == attribute.reference else (np.nan,) * 3)
            ends = (value - z * error, value + z * error)
            rows.append((term, attribute.name, level, value, error, *ends, *paid, importance[attribute.name]))
    if NONE in found:
        value, error = found[NONE], errors[NONE]
        rows.append((NONE, NONE, None, value, error, value - z * error, value + z * error, *(np.nan,) * 4))
    paid_names = [f"willingness_to_pay{end}" for end in ("", "_low", "_high")]
    names = ["term", "attribute", "level", "coefficient", "standard_error", "low", "high", *paid_names, "importance"]
    table = pd.DataFrame(rows, columns=names)
    return table if worth else table.drop(columns=paid_names)


def _columns_said(made: Choices) -> list[str]:
    """Return how each column entered, in words."""
    numbers = [attribute.name for attribute in made.attributes if not attribute.levels]
    words = [f"{attribute.name} ({attribute.reference})" for attribute in made.attributes if attribute.levels]
    said = []
    if numbers:
        said.append(_(N_("Numbers, as they are: {columns}."), columns=listed(numbers)))
    if words:
        said.append(_(N_("Words, against the level in brackets: {columns}."), columns=listed(words)))
    if NONE in made.terms:
        said.append(_(N_("An alternative whose attributes are empty is none of these, with the constant “none”.")))
    if made.still:
        said.append(
            _(N_("Not used, since they never differ within a task: {columns}."), columns=listed(list(made.still)))
        )
    return said


def _conventions(made: Choices, price: str | None, interval: str, alpha: float, *, own: bool) -> tuple[str, ...]:
    said = [
        _(N_("Conditional logit by maximum likelihood over all respondents; standard errors from the Hessian.")),
        *_columns_said(made),
        _(N_("Importance is the mean of the respondents' own: each has a fit of its own."))
        if own
        else _(N_("Importance is of the pooled fit: not every respondent's choices determine a fit of its own.")),
    ]
    if price is None:
        said.append(_(N_("No column is said to be the price, so there is no willingness to pay.")))
    elif interval == "delta":
        said.append(
            _(
                N_(
                    "Willingness to pay is against the reference level, or for one unit more; intervals of {level} by the delta method."
                ),
                level=percent(1 - alpha),
            )
        )
    else:
        said.append(
            _(
                N_(
                    "Willingness to pay is against the reference level, or for one unit more; intervals of {level} from "
                    "{draws} draws of the coefficients (Krinsky and Robb)."
                ),
                level=percent(1 - alpha),
                draws=number(DRAWS),
            )
        )
    return tuple(said)
