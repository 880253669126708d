"""Step 3 in exhibits: where we differ from rivals, what they charge, how large the market is, what to change."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from workbook.exhibits.adopting import offered
from workbook.exhibits.case import Case
from workbook.exhibits.exhibit import Card, Column, Exhibit, Tag
from workbook.language import N_, _, listed, money, number, percent, plural, with_cents
from workbook.plan.adoption import Proposal
from workbook.plan.model import Action, Factor, Grade, MarketSize, Move, Per, Ref, Targeting, Way, shapes
from workbook.research.competitors import excess_share_of_voice, market_sizes
from workbook.research.competitors import strategy_canvas as canvas_of

__all__ = ["competitive_moves", "market_factors", "market_size", "price_map", "strategy_canvas"]

FROM_SEGMENTS = "size-from-segments"
"""Id of the count that is put together from the target segments."""

A_YEAR = {Per.YEAR: 1, Per.MONTH: 12}
"""Times a price is paid a year; rivals' are entered by the year."""

LEAD = 1.0
"""Points by which our score must be above the best rival's for a gap that is ours: judgement."""

FAR_APART = 2.0
"""Top-down and bottom-up are far apart when one is this many times the other: judgement."""


def strategy_canvas(case: Case) -> Exhibit:
    """Set our scores beside the rivals', factor by factor, with the gap to the best of them."""
    canvas = canvas_of(case.plan)
    if canvas.table["own"].isna().all():
        return Exhibit(
            "strategy_canvas",
            _(
                N_(
                    "Name four to eight factors that buyers weigh, score yourselves and one rival on each, and the curves "
                    "appear here."
                )
            ),
            empty=True,
        )
    ours = _(N_("We"))
    scores = canvas.scores.assign(
        who=[who or ours for who in canvas.scores["who"]],
        place=range(len(canvas.scores)),
    )
    from workbook.exhibits.charts.competitors import canvas_dots

    return Exhibit(
        "strategy_canvas",
        _(N_("No rival is scored on these factors yet, so there is no gap to own or to close."))
        if canvas.divergence is None
        else _canvas_finding(canvas.table),
        canvas.table,
        (
            Column("factor", _(N_("Factor"))),
            Column("weight", _(N_("Weight")), "number"),
            Column("own", _(N_("We")), "number", 1),
            Column("best", _(N_("Best rival")), "number", 1),
            Column("best_rival", _(N_("Which"))),
            Column("mean", _(N_("Rivals' mean")), "number", 1),
            Column("gap", _(N_("Gap")), "number", 1),
        ),
        canvas_dots(
            scores,
            labels={
                "score": _(N_("Score, 0 to 10")),
                "who": _(N_("Who")),
                "factor": _(N_("Factor")),
                "ours": ours,
            },
        ),
        tags=(
            *(
                (Tag("note", _(N_("divergence {share}"), share=percent(canvas.divergence))),)
                if canvas.divergence is not None
                else ()
            ),
            Tag("assumed", _(N_("scores as the team thinks buyers see them"))),
        ),
        method=_(
            N_(
                "Gap = our score − the best rival's. Divergence = mean distance to the rivals' mean, as a share of the scale: "
                "0 is a curve like everybody's."
            )
        ),
    )


def price_map(case: Case) -> Exhibit:
    """Set prices against how well each does on what buyers weigh."""
    plan = case.plan
    weights = {factor.id: factor.weight for factor in plan.factors}
    rows = [
        {"name": rival.label, "price": rival.price, "value": _value(rival.scores, weights), "own": False}
        for rival in plan.rivals
        if rival.price is not None
    ]
    rows += [
        {"name": offer.label, "price": offer.price * A_YEAR[offer.per], "value": ours, "own": True}
        for ours in [_value(plan.standing.scores, weights)]
        for offer in case.offers
        if offer.price is not None and offer.per in A_YEAR
    ]
    table = pd.DataFrame(rows, columns=["name", "price", "value", "own"]).dropna(subset="value")
    if table["own"].all() or table.empty:
        return Exhibit(
            "price_map",
            _(N_("Enter what rivals charge and how they do, and prices stand here against what buyers get.")),
            empty=True,
        )
    table["shown"] = [with_cents(price, case.currency) for price in table["price"]]
    cheapest = table[~table["own"]].sort_values("price").iloc[0]
    from workbook.exhibits.charts.competitors import price_dots

    return Exhibit(
        "price_map",
        _price_finding(table, cheapest, case),
        table,
        (
            Column("name", _(N_("Name"))),
            Column("price", _(N_("Price a year")), "money"),
            Column("value", _(N_("How well it does")), "number", 1),
        ),
        price_dots(
            table,
            labels={
                "value": _(N_("How well it does, 0 to 10, by the weights of the factors")),
                "price": _(N_("Price a year, {currency}"), currency=case.currency),
                "name": _(N_("Name")),
            },
        ),
        method=_price_method(case),
        currency=case.currency,
    )


def _price_method(case: Case) -> str:
    said = _(N_("What a customer pays a year; check that the prices are for the same size of customer."))
    bought = [offer.label for offer in case.offers if offer.price is not None and offer.per not in A_YEAR]
    if not bought:
        return said
    return said + " " + _(N_("Paid by the purchase, and so not set beside them: {offers}."), offers=listed(bought))


def market_size(case: Case) -> Exhibit:
    """Show each count of the market in its three steps, top-down beside bottom-up, with the grade of its evidence."""
    sizes = market_sizes(case.plan)
    known = sizes.dropna(subset="tam")
    if known.empty:
        return Exhibit(
            "market_size",
            _(
                N_(
                    "Count the market twice, from the top and from the accounts you can name: where the two differ, one "
                    "factor is wrong."
                )
            ),
            proposals=offered(case, _from_segments(case)),
            empty=True,
        )
    words = {"tam": _(N_("Whole market")), "sam": _(N_("We can serve")), "som": _(N_("We can win"))}
    drawn = pd.DataFrame(
        [
            {"name": row["name"], "step": words[step], "amount": row[step], "shown": money(row[step], case.currency)}
            for _i, row in known.iterrows()
            for step in words
            if not np.isnan(row[step])
        ]
    )
    ways = {way.value: way.label for way in Way}
    table = known.assign(way_words=[_(ways[way]) for way in known["way"]])
    from workbook.exhibits.charts.competitors import market_bars

    return Exhibit(
        "market_size",
        _market_finding(known, case),
        table,
        (
            Column("name", _(N_("Way of counting"))),
            Column("way_words", _(N_("Counted"))),
            Column("customers", _(N_("Customers")), "number", 0),
            Column("value", _(N_("Value of one")), "money"),
            Column("tam", words["tam"], "money", formula="{customers} * {value}"),
            Column("served", _(N_("Share we can serve")), "percent"),
            Column("sam", words["sam"], "money", formula="{tam} * {served}"),
            Column("won", _(N_("Share we can win")), "percent", 1),
            Column("som", words["som"], "money", formula="{sam} * {won}"),
            Column("grade", _(N_("Grade"))),
        ),
        market_bars(
            drawn,
            labels={
                "amount": _(N_("{currency} a year"), currency=case.currency),
                "step": _(N_("Step")),
                "name": _(N_("Way of counting")),
            },
        ),
        tags=tuple(
            Tag("note" if grade < "D" else "assumed", _(N_("{name}: grade {grade}"), name=name, grade=grade))
            for name, grade in zip(known["name"], known["grade"], strict=True)
        ),
        method=_voice(case)
        + _(
            N_(
                "TAM = customers × value; SAM = TAM × share we can serve; SOM = SAM × share we can win. "
                "A count has the worst grade of its factors."
            )
        ),
        currency=case.currency,
        proposals=offered(case, _from_segments(case)),
    )


def _from_segments(case: Case) -> tuple[Proposal, ...]:
    """Return a count from the bottom up of what step 1 says of the target segments, where nobody has counted so yet."""
    known = [
        one
        for one in case.plan.segments
        if one.targeting is Targeting.TARGET and one.customers and (one.category_spend or one.contract_value)
    ]
    if not known or any(size.way is Way.BOTTOM_UP and size.id != FROM_SEGMENTS for size in case.plan.sizes):
        return ()
    customers = sum(one.customers or 0 for one in known)
    spend = sum((one.customers or 0) * float(one.category_spend or one.contract_value or 0) for one in known)
    path = f"/sizes/{FROM_SEGMENTS}"
    name = _(N_("From the target segments of step 1"))
    said = _(
        N_("{name}: {customers} customers at {value} a year"),
        name=name,
        customers=number(customers),
        value=money(spend / customers, case.currency),
    )
    added = {"name": name, "way": Way.BOTTOM_UP.value, "segments": [one.id for one in known]}
    return (
        Proposal(
            key="market-size",
            name=said,
            figure=round(spend, 2),
            adds={path: added},
            fills={f"{path}/customers": customers, f"{path}/value": round(spend / customers, 2)},
            judged=True,
        ),
    )


def market_factors(case: Case) -> Exhibit:
    """List every factor of each count with its source and grade, and name the one in which the two ways differ most."""
    rows = [row for size in case.plan.sizes for row in _factors(size, case)]
    if not rows:
        return Exhibit(
            "market_factors",
            _(N_("Enter a count of the market, and each of its factors stands here with where it is from.")),
            empty=True,
        )
    table = pd.DataFrame(rows)
    open_ = table[table["source"] == ""]
    table["source"] = table["source"].replace("", _(N_("no source yet")))
    said = _parted(case) or plural(
        "The market is counted once.", "The market is counted {count} times.", len(case.plan.sizes)
    )
    if len(open_):
        said += " " + plural("One factor has no source yet.", "{count} factors have no source yet.", len(open_))
    judged = int((table["grade"] >= Grade.D.value).sum())
    return Exhibit(
        "market_factors",
        said,
        table,
        (
            Column("size", _(N_("Way of counting"))),
            Column("factor", _(N_("Factor"))),
            Column("shown", _(N_("Figure"))),
            Column("source", _(N_("Source"))),
            Column("grade", _(N_("Grade"))),
            Column("n", "n", "number", 0),
        ),
        tags=(Tag("assumed", plural("one factor is judgement", "{count} factors are judgement", judged)),)
        if judged
        else (),
        currency=case.currency,
    )


def _factors(size: MarketSize, case: Case) -> list[dict[str, object]]:
    written = {"customers": number, "value": lambda v: money(v, case.currency), "served": _one_digit, "won": _one_digit}
    titles = {shape.name: shape.title for shape in shapes(MarketSize)}
    rows = []
    for name, words in written.items():
        figure, evidence = getattr(size, name), getattr(size, f"{name}_evidence")
        if figure is None:
            continue
        # Of several pieces of evidence the best one carries the factor.
        best = min(evidence, key=lambda one: one.grade, default=None)
        rows.append(
            {
                "size": f"{_(size.way.label).partition(':')[0]}: {size.label}",
                "factor": _(titles[name]),
                "shown": words(figure),
                "source": (best.source or best.label) if best else "",
                "n": float("nan") if best is None or best.n is None else best.n,
                "grade": (best.grade if best else Grade.D).value,
            }
        )
    return rows


def _one_digit(share: float) -> str:
    """Return a share in words: those of a market are small, and a tenth of a point decides."""
    return percent(share, 1)


def _parted(case: Case) -> str:
    """Return in which factor the first count of each way differ most; nothing where there is only one way."""
    down, up = (next((one for one in case.plan.sizes if one.way is way), None) for way in (Way.TOP_DOWN, Way.BOTTOM_UP))
    if down is None or up is None:
        return ""
    titles = {shape.name: shape.title for shape in shapes(MarketSize)}
    both = [name for name in ("customers", "value", "served", "won") if getattr(down, name) and getattr(up, name)]
    if not both:
        return ""
    most = max(both, key=lambda name: abs(np.log(getattr(down, name) / getattr(up, name))))
    shown = [
        next(row["shown"] for row in _factors(one, case) if row["factor"] == _(titles[most])) for one in (down, up)
    ]
    return _(
        N_("Top-down and bottom-up differ most in “{factor}”: {down} against {up}."),
        factor=_(titles[most]),
        down=shown[0],
        up=shown[1],
    )


def competitive_moves(case: Case) -> Exhibit:
    """Show what to eliminate, reduce, raise and create, side by side."""
    actions = case.plan.actions
    if not actions:
        return Exhibit(
            "competitive_moves",
            _(N_("Ask of each factor: eliminate, reduce or raise it? Then: what could we create that nobody offers?")),
            empty=True,
        )
    cards = []
    for move in Move:
        mine = [action for action in actions if action.move is move]
        head, _sep, meaning = _(move.label).partition(": ")
        lines = tuple(
            (action.label, tuple(part for part in (_from_to(action, case), action.reason) if part) or ("–",))
            for action in mine
        )
        cards.append(Card(head, meaning, lines or ((_(N_("Nothing yet")), ("–",)),)))
    missing = [_(move.label).partition(":")[0] for move in Move if not any(a.move is move for a in actions)]
    finding = plural("One move is planned.", "{count} moves are planned.", len(actions))
    if missing:
        finding += " " + _(N_("Nothing yet to: {moves}."), moves=listed([name.lower() for name in missing]))
    return Exhibit("competitive_moves", finding, cards=tuple(cards))


def _from_to(action: Action, case: Case) -> str:
    """Return the factor an action changes, from where we stand today to where we want to stand."""
    factor = case.plan.name_of(action.factor)
    today = next((score for about, score in case.plan.standing.scores.items() if about == action.factor), None)
    if action.score is None:
        return factor
    if not factor or today is None:
        aim = _(N_("aim: {score} of 10"), score=number(action.score))
        return f"{factor}, {aim}" if factor else aim
    return _(
        N_("{factor}, from {today} to {score} of 10"), factor=factor, today=number(today), score=number(action.score)
    )


def _value(given: Mapping[Ref[Factor], float], weights: Mapping[str, float]) -> float:
    """Return the weighted mean of the scores there are; missing where none is of weight."""
    scores = {str(about): score for about, score in given.items()}
    known = {id: weight for id, weight in weights.items() if id in scores and weight > 0}
    total = sum(known.values())
    return sum(scores[id] * weight for id, weight in known.items()) / total if total else float("nan")


def _canvas_finding(table: pd.DataFrame) -> str:
    known = table.dropna(subset="gap")
    ahead = known[known["gap"] >= LEAD].sort_values(["weight", "gap"], ascending=False)
    behind = known[known["gap"] <= -LEAD].sort_values("weight", ascending=False)
    if ahead.empty:
        finding = _(N_("On no factor are we clearly ahead of every rival."))
    else:
        finding = _(N_("We are clearly ahead of every rival on {factors}."), factors=_foremost(ahead))
    if len(behind):
        finding += " " + _(N_("Clearly behind the best one: {factors}."), factors=_foremost(behind))
    return finding


def _foremost(factors: pd.DataFrame) -> str:
    return listed([f"“{factor}”" for factor in factors["factor"][:3]])


def _price_finding(table: pd.DataFrame, cheapest: pd.Series, case: Case) -> str:
    own = table[table["own"]]
    rivals = table[~table["own"]]
    said = _(
        N_("Rivals charge from {low} to {high}."),
        low=money(rivals["price"].min(), case.currency),
        high=money(rivals["price"].max(), case.currency),
    )
    if own.empty:
        return said + " " + _(N_("The cheapest is {name}. We have no price yet."), name=cheapest["name"])
    first = own.iloc[0]
    return (
        said
        + " "
        + _(
            N_("“{name}” at {price} scores {value} of 10 on what buyers weigh."),
            name=first["name"],
            price=first["shown"],
            value=number(first["value"], 1),
        )
    )


def _market_finding(known: pd.DataFrame, case: Case) -> str:
    won = known.dropna(subset="som")
    if won.empty:
        return _(
            N_("The whole market is worth {amount}; the shares we can serve and win are still open."),
            amount=money(known["tam"].iloc[0], case.currency),
        )
    low, high = won["som"].min(), won["som"].max()
    if len(won) == 1:
        return _(
            N_("We can win {amount} a year by one count. A second, from the other end, would check it."),
            amount=money(low, case.currency),
        )
    said = _(
        N_("We can win {low} to {high} a year, depending on how the market is counted."),
        low=money(low, case.currency),
        high=money(high, case.currency),
    )
    if high > FAR_APART * low:
        said += " " + _(N_("The counts are far apart: find the factor that makes the difference."))
    return said


def _voice(case: Case) -> str:
    excess = excess_share_of_voice(case.plan.standing.voice, case.plan.standing.share)
    if excess is None:
        return ""
    return (
        _(N_("Our share of voice less our share of the market: {excess} points."), excess=number(100 * excess, 0)) + " "
    )
