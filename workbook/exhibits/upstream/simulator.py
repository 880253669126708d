"""Step 5 in exhibits, the share simulator: our package beside rivals', and what its price does to its share."""

from functools import lru_cache
from pathlib import Path

import pandas as pd

from workbook.analyses import analysis
from workbook.exhibits.case import Case
from workbook.exhibits.exhibit import Column, Exhibit, Tag
from workbook.exhibits.kept import unmoved_by
from workbook.exhibits.studied import no_study_yet
from workbook.exhibits.upstream.choice import price_column
from workbook.language import N_, _, current, listed, money, number, percent, plural
from workbook.research.choice import ChoiceModel, fitted
from workbook.research.simulator import (
    Contender,
    contenders,
    price_range,
    shares_by_price,
    simulated_shares,
)
from workbook.tables import Reading

__all__ = ["package_shares", "price_and_share"]

BUYERS = 100
"""Choosers for whom takings and margin are worked out."""


@unmoved_by("trials")
def package_shares(case: Case) -> Exhibit:
    """Show how the packages of the plan would share the choices, ours beside the rivals'."""
    model, packages = _model(case), contenders(case.plan)
    if model is None or len(packages) < 2:
        return no_study_yet(
            "package_shares",
            _(
                N_(
                    "Bring in choice tasks, describe your package and a rival's by their columns, and who would take which "
                    "stands here."
                )
            ),
        )
    table = simulated_shares(model, packages)
    digits = 0 if table["price"].max() >= 100 else 2
    from workbook.exhibits.charts.surveys import share_dots

    return Exhibit(
        "package_shares",
        _shares_finding(table, packages),
        table,
        (
            Column("name", _(N_("Package"))),
            Column("price", _(N_("Price")), "money", digits),
            Column("share", _(N_("Share of choices")), "percent", 1),
            Column("low", _(N_("From")), "percent", 1),
            Column("high", _(N_("To")), "percent", 1),
        ),
        share_dots(table, labels={"axis": _(N_("Share of choices, 95 % interval")), "name": _(N_("Package"))}),
        tags=_tags(case, model, packages),
        method=_method(case),
        n=_respondents(case),
        currency=case.currency,
    )


@unmoved_by("trials")
def price_and_share(case: Case) -> Exhibit:
    """Draw the share of our package at each price, and what it leaves from a hundred choosers, with the plan's price."""
    model, packages = _model(case), contenders(case.plan)
    ours = next((one for one in packages if one.own and one.price is not None), None)
    if model is None or ours is None or len(packages) < 2:
        return no_study_yet(
            "price_and_share", _(N_("How far your price moves that stands here, from the same packages."))
        )
    table = _by_price(model, packages, ours)
    digits = 0 if table["price"].max() >= 100 else 2
    kept = "margin" if table["cost"].notna().all() else "takings"
    from workbook.exhibits.charts.price import demand_panels

    best = table.loc[table["revenue"].idxmax()]
    return Exhibit(
        "price_and_share",
        _price_finding(case, table, ours, best, kept, digits),
        table,
        (
            Column("price", _(N_("Price")), "money", digits),
            Column("share", _(N_("Share of choices")), "percent", 1),
            Column("low", _(N_("From")), "percent", 1),
            Column("high", _(N_("To")), "percent", 1),
            Column("revenue", _kept_words(kept), "money"),
        ),
        demand_panels(
            table,
            pd.DataFrame({"low": [best["price"]], "high": [best["price"]]}),
            labels={
                "price": _(N_("Price, {currency}; dotted: the plan's"), currency=case.currency),
                "share": _(N_("Share of choices")),
                "revenue": f"{_kept_words(kept)}, {case.currency}",
            },
        ),
        tags=_tags(case, model, (ours,)),
        method=_method(case),
        n=_respondents(case),
        currency=case.currency,
    )


def _by_price(model: ChoiceModel, packages: tuple[Contender, ...], ours: Contender) -> pd.DataFrame:
    """Return share and takings of our package by price: price, share, low, high, cost, revenue (less cost), shown, best."""
    table = shares_by_price(model, packages, ours.id)
    cost = ours.offer.unit_cost if ours.offer else None
    return table.assign(
        cost=float("nan") if cost is None else cost,
        revenue=BUYERS * table["share"] * (table["price"] - (cost or 0.0)),
        shown=[percent(share) for share in table["share"]],
        best=table["price"].eq(ours.price),
    )


def _kept_words(kept: str) -> str:
    if kept == "margin":
        return _(N_("Margin per {count} choices"), count=number(BUYERS))
    return _(N_("Takings per {count} choices"), count=number(BUYERS))


def _model(case: Case) -> ChoiceModel | None:
    """Return the part-worths of the choice tasks; None without a study."""
    study, checked = case.study("choice"), case.answers("choice")
    if study is None or checked is None:
        return None
    path = case.workspace.table(study.table)
    reading = Reading.of(study.reading, study.columns)
    price = price_column(checked.rows.columns)
    return _fitted(path, reading, path.stat().st_mtime_ns, current(), case.segment, price)


@lru_cache(maxsize=16)
def _fitted(
    path: Path, reading: Reading, _changed: int, _language: str, segment: str, price: str | None
) -> ChoiceModel:
    """Fit once: a price typed on the page changes the packages, not what people chose."""
    rows = analysis("choice").read(path, reading).rows
    if segment and "segment" in rows.columns and (rows["segment"] == segment).any():
        rows = rows[rows["segment"] == segment].reset_index(drop=True)
    return fitted(rows, price=price)


def _respondents(case: Case) -> int | None:
    checked = case.answers("choice")
    return None if checked is None else int(checked.rows["respondent"].nunique())


def _tags(case: Case, model: ChoiceModel, packages: tuple[Contender, ...]) -> tuple[Tag, ...]:
    tags = [Tag("observed", plural("one respondent", "{count} respondents", _respondents(case) or 0))]
    asked = price_range(model)
    outside = [
        one.name for one in packages if asked and one.price is not None and not asked[0] <= one.price <= asked[1]
    ]
    if asked and outside:
        tags.append(
            Tag(
                "assumed",
                _(
                    N_("priced outside what was asked ({low} to {high}): {names}"),
                    low=money(asked[0], case.currency),
                    high=money(asked[1], case.currency),
                    names=listed(outside),
                ),
            )
        )
    return tuple(tags)


def _method(case: Case) -> str:
    said = _(
        N_(
            "Conditional logit of the choice tasks; everybody takes one of these packages, all are known and at hand alike. "
            "Intervals of 95 % from draws of the part-worths. It says how far a price moves a share, not what the market will do."
        )
    )
    study = case.study("choice")
    return " ".join(filter(None, (said, study.note if study else "")))


def _shares_finding(table: pd.DataFrame, packages: tuple[Contender, ...]) -> str:
    own = table[table["own"]]
    if own.empty:
        return _(N_("No package of ours is among them: name the offer it is."))
    first = own.sort_values("share", ascending=False).iloc[0]
    words = {
        "package": first["name"],
        "share": percent(first["share"]),
        "low": percent(first["low"]),
        "high": percent(first["high"]),
        "others": number(len(packages) - 1),
    }
    finding = plural(
        "“{package}” would be taken by {share} ({low} to {high}), against one other.",
        "“{package}” would be taken by {share} ({low} to {high}), against {count} others.",
        len(packages) - 1,
        **words,
    )
    rival = table[~table["own"]].sort_values("share", ascending=False)
    if len(rival) and rival.iloc[0]["share"] > first["share"]:
        finding += " " + _(
            N_("“{rival}” is ahead with {share}."), rival=rival.iloc[0]["name"], share=percent(rival.iloc[0]["share"])
        )
    return finding


def _price_finding(case: Case, table: pd.DataFrame, ours: Contender, best: pd.Series, kept: str, digits: int) -> str:
    now = table[table["best"]].iloc[0]
    said = _(
        N_("At {price} “{package}” is taken by {share}."),
        price=money(now["price"], case.currency, digits),
        package=ours.name,
        share=percent(now["share"]),
    )
    if best["price"] in (table["price"].min(), table["price"].max()):
        end = _(
            N_("Of the prices drawn {price} leaves most; the best may lie beyond."),
            price=money(best["price"], case.currency, digits),
        )
        return f"{said} {end}"
    words = {"price": money(best["price"], case.currency, digits), "share": percent(best["share"])}
    most = (
        _(N_("Most is left at {price}, with {share}."), **words)
        if kept == "margin"
        else _(N_("Most is taken at {price}, with {share}; enter the unit cost to see what is left."), **words)
    )
    return f"{said} {most}"
