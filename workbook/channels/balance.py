"""How much upstream, how much downstream? The recommended share, what made it so, and what would change it.

A rule of judgement, every number of which the team can edit: half and half, moved by what the business needs now (each
need has a side), by a long horizon and by a short runway, and kept within limits. Beside it stands a published
yardstick. Brand building is not the same as upstream, so it is a reference and enters no sum.

Sources of the yardstick: Binet & Field (2013), "The Long and the Short of It", IPA; Binet & Field (2019), "The 5
Principles of Growth in B2B Marketing", LinkedIn B2B Institute.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, product

from workbook.errors import AnalysisError
from workbook.language import N_, listed, money, number, percent
from workbook.language import translated as _
from workbook.plan.model import Balance, BalanceRule, BusinessNeeds, Plan

__all__ = ["AT_MOST_CHANNELS", "NEEDS", "REFERENCES", "Move", "Reason", "Recommendation", "balance", "moves"]

NEEDS = {
    "differentiate": 1.0,
    "raise_demand": 1.0,
    "innovate": 1.0,
    "own_category": 1.0,
    "sell_now": 0.0,
    "cut_cost": 0.0,
    "reduce_stock": 0.0,
    "keep_customers": 0.5,
}
"""How much of each need counts as upstream; the rest of it counts as downstream."""

REFERENCES = {N_("All markets, mostly consumer: 60 to 40"): 0.60, N_("Business to business: 46 to 54"): 0.46}
"""Binet and Field's share of brand building, the rest being activation."""

STEP = 0.10
"""A recommendation that moves by this much is another recommendation."""

AT_MOST_CHANNELS = 3
"""Channels a small business can look after."""

MOST = 5
"""Top of the scale on which needs are scored."""

SMALLEST = 1e-9


@dataclass(frozen=True)
class Reason:
    """What moved the share, in words, and by how much (a share; 0.05 is five points)."""

    words: str
    shift: float


@dataclass(frozen=True)
class Move:
    """What would have to change, in words, and the upstream share that would then be recommended."""

    words: str
    upstream: float


@dataclass(frozen=True)
class Recommendation:
    """
    The recommended upstream share and what it rests on.

    Parameters
    ----------
    upstream
        Share of effort and money, 0..1.
    up, down
        Points that the needs give to either side.
    reasons
        What moved it from the middle, in the rule's order; their shifts and the middle sum to ``upstream``.
    small
        Why the business counts as small, in words; empty where it does not.
    missing
        What the rule asks for and nobody entered, in words: without it the share is half a guess.
    """

    upstream: float
    up: float
    down: float
    middle: float
    reasons: tuple[Reason, ...]
    small: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def downstream(self) -> float:
        """The rest."""
        return 1 - self.upstream


@dataclass(frozen=True)
class _Situation:
    """What the rule reads, so that "what if" is the same rule on another situation."""

    scores: Mapping[str, float | None]
    horizon: float
    runway: float | None


def balance(plan: Plan) -> Recommendation:
    """
    Return the upstream share that the team's rule recommends for ``plan``.

    Raises
    ------
    AnalysisError
        If the rule's lower limit is over its upper one.
    """
    now, rule = _situation(plan), plan.balance.rule
    reasons = tuple(_reasons(now, rule))
    up, down = _points(now.scores)
    return Recommendation(
        upstream=_share(now, rule),
        up=up,
        down=down,
        middle=rule.middle,
        reasons=reasons,
        small=tuple(_smallness(plan)),
        missing=tuple(_missing(plan.balance)),
    )


def moves(plan: Plan) -> tuple[Move, ...]:
    """
    Return the least changes that would move the recommendation by ten points or more, at most a few in each direction.

    Single changes; where none does it in a direction, the least pair of needs. Raises AnalysisError as ``balance`` does.
    """
    now, rule = _situation(plan), plan.balance.rule
    singles = [move for name in NEEDS for move in _nearest(_rescored(now, name), now, rule)]
    singles += _nearest(_other_times(now, rule), now, rule)
    before = _share(now, rule)
    ways = {move.upstream > before for move in singles}
    if len(ways) == 2:
        return tuple(singles)
    pairs = sorted(
        (changed for one, two in combinations(NEEDS, 2) for changed in _rescored(now, one, two)),
        key=lambda changed: sum(abs((score or 0) - (now.scores[name] or 0)) for name, score in changed.scores.items()),
    )
    return (*singles, *(move for move in _nearest(pairs, now, rule) if (move.upstream > before) not in ways))


def _situation(plan: Plan) -> _Situation:
    """Return what the rule reads of the plan; AnalysisError where no share is within the rule's limits."""
    rule = plan.balance.rule
    if rule.least > rule.most:
        raise AnalysisError(
            N_(
                "The rule keeps the upstream share at {least} at least and {most} at most. Lower the one, or raise the other."
            ),
            least=percent(rule.least),
            most=percent(rule.most),
        )
    scores = {name: getattr(plan.balance.needs, name) for name in NEEDS}
    return _Situation(scores, plan.charter.period.months, plan.balance.runway)


def need_title(name: str) -> str:
    """Return what people call the need ``name`` of ``BusinessNeeds``."""
    return _(BusinessNeeds.model_fields[name].title or name)


def _points(scores: Mapping[str, float | None]) -> tuple[float, float]:
    """Return the points of the upstream and of the downstream needs; what nobody scored counts nothing."""
    up = sum((score or 0.0) * NEEDS[name] for name, score in scores.items())
    return up, sum(score or 0.0 for score in scores.values()) - up


def _shifts(now: _Situation, rule: BalanceRule) -> dict[str, float]:
    """Return what each part of the rule adds to the middle, before the limits."""
    up, down = _points(now.scores)
    return {
        "needs": rule.swing * (up - down) / (up + down) if up + down else 0.0,
        "horizon": rule.for_long_horizon if now.horizon > rule.long_horizon else 0.0,
        "runway": -rule.for_short_runway if now.runway is not None and now.runway < rule.short_runway else 0.0,
    }


def _share(now: _Situation, rule: BalanceRule) -> float:
    return min(max(rule.middle + sum(_shifts(now, rule).values()), rule.least), rule.most)


def _reasons(now: _Situation, rule: BalanceRule) -> Iterator[Reason]:
    shifts = _shifts(now, rule)
    up, down = _points(now.scores)
    if up + down:
        yield Reason(
            _(N_("The needs give {up} points to upstream, {down} to downstream"), up=_plain(up), down=_plain(down)),
            shifts["needs"],
        )
    if shifts["horizon"]:
        yield Reason(
            _(
                N_("The horizon of {found} months is longer than {line}"),
                found=number(now.horizon),
                line=number(rule.long_horizon),
            ),
            shifts["horizon"],
        )
    if shifts["runway"]:
        yield Reason(
            _(
                N_("The money lasts {found} months, less than {line}"),
                found=number(now.runway),
                line=number(rule.short_runway),
            ),
            shifts["runway"],
        )
    free = rule.middle + sum(shifts.values())
    held = _share(now, rule) - free
    if abs(held) > SMALLEST:
        words = N_("Kept at {limit} at least") if held > 0 else N_("Kept at {limit} at most")
        yield Reason(_(words, limit=percent(free + held)), held)


def _nearest(options: Iterable[_Situation], now: _Situation, rule: BalanceRule) -> Iterator[Move]:
    """Yield the first of ``options`` that moves the share by a step upwards, and the first that moves it down."""
    before = _share(now, rule)
    seen: set[bool] = set()
    for changed in options:
        share = _share(changed, rule)
        if abs(share - before) >= STEP - SMALLEST and (share > before) not in seen:
            seen.add(share > before)
            yield Move(_changed_words(now, changed, rule), share)


def _rescored(now: _Situation, *names: str) -> Iterator[_Situation]:
    """Yield the needs ``names`` all scored otherwise, the nearest scores of the first one first."""
    others = [_nearest_scores(now.scores[name] or 0.0) for name in names]
    for values in product(*others):
        yield _Situation({**now.scores, **dict(zip(names, values, strict=True))}, now.horizon, now.runway)


def _nearest_scores(here: float) -> list[int]:
    return sorted((value for value in range(MOST + 1) if value != here), key=lambda value: abs(value - here))


def _other_times(now: _Situation, rule: BalanceRule) -> Iterator[_Situation]:
    """Yield the other side of each line in time."""
    short = now.runway is not None and now.runway < rule.short_runway
    if short or rule.short_runway > 0:
        yield _Situation(now.scores, now.horizon, rule.short_runway if short else 0.0)
    long = now.horizon > rule.long_horizon
    yield _Situation(now.scores, rule.long_horizon if long else rule.long_horizon + 1, now.runway)


def _changed_words(now: _Situation, changed: _Situation, rule: BalanceRule) -> str:
    """Say in words what is different."""
    if changed.runway != now.runway:
        words = N_("Money for {months} months or more") if changed.runway else N_("Money for less than {months} months")
        return _(words, months=number(rule.short_runway))
    if changed.horizon != now.horizon:
        words = N_("A horizon of more than {months} months")
        if changed.horizon <= rule.long_horizon:
            words = N_("A horizon of {months} months or less")
        return _(words, months=number(rule.long_horizon))
    return listed(
        [
            _(
                N_("“{need}” at {other} instead of {found}"),
                need=need_title(name),
                other=_plain(score or 0.0),
                found=_(N_("nothing")) if now.scores[name] is None else _plain(now.scores[name] or 0.0),
            )
            for name, score in changed.scores.items()
            if score != now.scores[name]
        ]
    )


def _plain(points: float) -> str:
    return number(points, 0 if points == int(points) else 1)


def _smallness(plan: Plan) -> Iterator[str]:
    team, total, rule = plan.balance.team_size, plan.budget.total, plan.balance.rule
    if team is not None and team <= rule.small_team:
        yield _(N_("{found} people in marketing, {line} or fewer"), found=number(team), line=number(rule.small_team))
    if total is not None and total < rule.small_budget:
        currency = plan.charter.currency.value
        yield _(
            N_("a budget of {found}, under {line}"),
            found=money(total, currency),
            line=money(rule.small_budget, currency),
        )


def _missing(entered: Balance) -> Iterator[str]:
    unscored = [need_title(name) for name in NEEDS if getattr(entered.needs, name) is None]
    if len(unscored) == len(NEEDS):
        yield _(N_("what the business needs now"))
    elif unscored:
        yield _(N_("a score for: {needs}"), needs=listed(unscored))
    if entered.runway is None:
        yield _(N_("how long the money lasts"))
