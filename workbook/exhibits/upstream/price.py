"""What price would people accept: the four curves with the range, and demand with what it earns."""

from typing import Any

import pandas as pd

from workbook.answer import Answer
from workbook.exhibits.adopting import offered, proposal
from workbook.exhibits.case import Case
from workbook.exhibits.exhibit import Column, Exhibit
from workbook.exhibits.studied import no_study_yet, notes_on, observed
from workbook.language import N_, _, money, percent
from workbook.plan.adoption import Proposal
from workbook.plan.model import PriceModel

__all__ = ["acceptable_prices", "demand_and_revenue"]

MOST = 0.98
"""Share to whom it is too expensive, past which the curves are no longer drawn."""

CURVES = ("too_cheap", "cheap", "expensive", "too_expensive")


def acceptable_prices(case: Case) -> Exhibit:
    """Draw van Westendorp's four curves, the range of acceptable prices shaded and the crossings named."""
    answer = case.answer("van-westendorp")
    if answer is None or answer.rows is None:
        return no_study_yet(
            "acceptable_prices",
            _(
                N_(
                    "Ask at which price it is too cheap, cheap, expensive, too expensive; bring the answers in, and the range stands here."
                )
            ),
        )
    table = _points(case, answer)
    from workbook.exhibits.charts.price import price_curves

    low, high = answer.figures["range"]
    digits = _digits(high)
    return Exhibit(
        "acceptable_prices",
        _(
            N_("Prices from {low} to {high} are acceptable; {optimal} is the price that fewest rule out."),
            low=money(low, case.currency, digits),
            high=money(high, case.currency, digits),
            optimal=table.set_index("point").loc["opp", "shown"],
        ),
        table,
        (
            Column("name", _(N_("Point"))),
            Column("shown", _(N_("Price"))),
            Column("low", _(N_("From")), "money", digits),
            Column("high", _(N_("To")), "money", digits),
            Column("meaning", _(N_("Meaning"))),
        ),
        price_curves(
            _long(answer.rows),
            table,
            pd.DataFrame({"low": [low], "high": [high]}),
            labels={
                "price": _(N_("Price, {currency}"), currency=case.currency),
                "share": _(N_("Share of people; dashed: not cheap, not expensive")),
                "order": "|".join(_curve_words().values()),
            },
        ),
        tags=observed(answer),
        method=notes_on(case, "van-westendorp", answer),
        n=answer.n,
        currency=case.currency,
        proposals=_for_offers(
            case,
            "van-westendorp",
            answer,
            N_("“{offer}” at {price} for {unit}: the price that fewest rule out"),
            float(table.set_index("point").loc["opp", "at"]),
            answer.figures["opp_interval"],
        ),
    )


def _points(case: Case, answer: Answer) -> pd.DataFrame:
    """Return one row per crossing, by price: point, name, shown (price in words), at, low, high, meaning."""
    words = {
        "pmc": (_(N_("Lower limit")), _(N_("below it more find it too cheap than not a bargain"))),
        "opp": (_(N_("Optimal price")), _(N_("as many find it too cheap as too expensive"))),
        "idp": (_(N_("Indifference price")), _(N_("as many find it cheap as expensive"))),
        "pme": (_(N_("Upper limit")), _(N_("above it more find it too expensive than not yet expensive"))),
    }
    rows = []
    for point, (name, meaning) in words.items():
        found = answer.figures[point]
        ends = found if isinstance(found, list) else [found, found]
        digits = _digits(ends[1])
        shown = " – ".join(money(end, case.currency, digits) for end in dict.fromkeys(ends))
        rows.append((point, name, shown, sum(ends) / 2, *answer.figures[f"{point}_interval"], meaning))
    table = pd.DataFrame(rows, columns=["point", "name", "shown", "at", "low", "high", "meaning"])
    return (
        table.sort_values("at", kind="stable")
        .reset_index(drop=True)
        .assign(label=lambda t: t["name"] + " " + t["shown"], label_at=[1.3, 1.22, 1.14, 1.06], floor=0.0)
    )


def _curve_words() -> dict[str, str]:
    return {
        "too_cheap": _(N_("too cheap")),
        "cheap": _(N_("cheap")),
        "expensive": _(N_("expensive")),
        "too_expensive": _(N_("too expensive")),
    }


def _long(curves: pd.DataFrame) -> pd.DataFrame:
    """Return one row per price and curve, the two opposites among them: price, curve, share, opposite."""
    words = _curve_words()
    # The last few answers run far out; nearly everybody is past caring there.
    curves = curves[(curves["too_expensive"] <= MOST) | (curves["price"] <= curves["price"].iloc[0])]
    parts = [
        pd.DataFrame({"price": curves["price"], "curve": words[name], "share": curves[name], "opposite": False})
        for name in CURVES
    ]
    parts += [
        pd.DataFrame({"price": curves["price"], "curve": words[name], "share": 1 - curves[name], "opposite": True})
        for name in ("cheap", "expensive")
    ]
    return pd.concat(parts, ignore_index=True)


def demand_and_revenue(case: Case) -> Exhibit:
    """Draw who would buy at each price, and under it what that earns."""
    answer = case.answer("gabor-granger")
    if answer is None or answer.rows is None:
        return no_study_yet(
            "demand_and_revenue",
            _(
                N_(
                    "Ask who would buy at each of several prices, bring the answers in, and demand and revenue stand here."
                )
            ),
        )
    rows, best = answer.rows, answer.figures["best_price"]
    digits = _digits(rows["price"].max())
    table = rows.assign(
        revenue=100 * rows["revenue"], best=rows["price"].eq(best), shown=[percent(share) for share in rows["share"]]
    )
    from workbook.exhibits.charts.price import demand_panels

    return Exhibit(
        "demand_and_revenue",
        _demand_finding(case, answer, table, digits),
        table,
        (
            Column("price", _(N_("Price")), "money", digits),
            Column("share", _(N_("Would buy")), "percent", 1),
            Column("low", _(N_("From")), "percent", 1),
            Column("high", _(N_("To")), "percent", 1),
            Column("observed", _(N_("As answered")), "percent", 1),
            Column("revenue", _(N_("Revenue from 100 people")), "money"),
            Column("n", _(N_("Answers")), "number", 0),
        ),
        demand_panels(
            table,
            pd.DataFrame([answer.figures["best_price_interval"]], columns=["low", "high"]),
            labels={
                "price": _(N_("Price, {currency}; dotted: the best one, shaded: its interval"), currency=case.currency),
                "share": _(N_("Share who would buy")),
                "revenue": _(N_("Revenue from 100 people, {currency}"), currency=case.currency),
            },
        ),
        tags=observed(answer),
        method=notes_on(case, "gabor-granger", answer),
        n=answer.n,
        currency=case.currency,
        proposals=_for_offers(
            case,
            "gabor-granger",
            answer,
            N_("“{offer}” at {price} for {unit}: of the prices asked it earns most"),
            float(answer.figures["best_price"]),
            answer.figures["best_price_interval"],
        ),
    )


def _for_offers(
    case: Case, analysis: str, answer: Answer, says: str, price: float, interval: tuple[float, float]
) -> tuple[Proposal, ...]:
    """Return the price as one of each offer that is paid for: the answers do not say which one was asked about."""
    price = round(price, 2)
    return offered(
        case,
        (
            proposal(
                case,
                analysis,
                answer,
                about=offer.id,
                name=_(
                    says,
                    offer=offer.label,
                    price=money(price, case.currency, _digits(price)),
                    unit=_(offer.per.label),
                ),
                figure=price,
                interval=interval,
                item=f"/offers/{offer.id}",
                fills={f"/offers/{offer.id}/price": price},
                to=offer.id,
            )
            for offer in case.plan.offers
            if offer.model not in (PriceModel.FREE, PriceModel.BUNDLED)
            and (not case.segment or not offer.segments or case.segment in offer.segments)
        ),
    )


def _demand_finding(case: Case, answer: Answer, table: pd.DataFrame, digits: int) -> str:
    low, high = answer.figures["best_price_interval"]
    words: dict[str, Any] = {
        "price": money(answer.figures["best_price"], case.currency, digits),
        "share": percent(table.loc[table["best"], "share"].iloc[0]),
    }
    if low == high:
        return _(N_("Of the prices asked {price} earns most: {share} would buy."), **words)
    return (
        _(
            N_("Of the prices asked {price} earns most: {share} would buy. It could as well be {low} to {high}."),
            low=money(low, case.currency, digits),
            high=money(high, case.currency, digits),
            **words,
        )
        if answer.figures["best_price"] not in (low, high)
        else _(
            N_("Of the prices asked {price} earns most: {share} would buy. It could as well be {other}."),
            other=money(low if high == answer.figures["best_price"] else high, case.currency, digits),
            **words,
        )
    )


def _digits(price: float) -> int:
    """Return decimals that a price of this size deserves."""
    return 0 if price >= 100 else 2
