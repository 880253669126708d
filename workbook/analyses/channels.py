"""Analyses behind the split of a budget: screening, response to spend, the split itself."""

from workbook.analyses.declaration import Analysis, Key, Option
from workbook.language import N_
from workbook.tables import TableColumn

__all__ = ["CHANNELS"]


def _limit(name: str, meaning: str) -> TableColumn:
    """A column of the split's table. Read as text: a figure that cannot be read refuses the table, by channel."""
    return TableColumn(name, meaning, required=False)


CHANNELS: tuple[Analysis, ...] = (
    Analysis(
        "allocate",
        N_("The best split of a budget over channels, with its proof"),
        "workbook.channels.mix:allocate",
        columns=(
            TableColumn("channel", N_("the channel; one row each")),
            TableColumn(
                "curve",
                N_(
                    "hill: maximum_outcome x s^shape / (half_spend^shape + s^shape), "
                    "or exponential: maximum_outcome x (1 - exp(-s / scale))"
                ),
            ),
            TableColumn("maximum_outcome", N_("outcome that the channel never passes")),
            _limit("half_spend", N_("hill: spend that brings half of it, above 0")),
            _limit("shape", N_("hill: above 1 the curve is S-shaped")),
            _limit("scale", N_("exponential: spend that brings 63 % of it, above 0")),
            _limit("minimum", N_("least spend; empty: 0")),
            _limit("maximum", N_("most spend; empty: no limit")),
            _limit("fixed", N_("spend already decided")),
            _limit("step", N_("spend comes in whole multiples of this sum, counted from 0")),
            _limit("optional", N_("yes: the channel may be left out, and then its minimum does not count")),
            _limit("minimum_buy", N_("least spend when it is bought at all")),
            _limit("group", N_("a group the channel belongs to, one at most")),
            _limit("group_minimum", N_("least spend of the group together, the same on each of its rows")),
            _limit("group_maximum", N_("most spend of the group together, the same on each of its rows")),
        ),
        options=(
            Option("budget", N_("money to split, in the unit of the table"), "number", low=0, required=True),
            Option("frontier", N_("also what every smaller budget could bring at best"), "flag", default=False),
            Option("steps", N_("steps of the grid of spend"), "integer", 1000, low=10, high=5000),
        ),
        figures=(
            Key("outcome", N_("what the split brings, all channels together")),
            Key("upper_bound", N_("what no split of this budget passes")),
            Key("gap", N_("upper_bound / outcome - 1: how much better another split could be, at most")),
            Key("unspent", N_("money for which the limits leave no use, or which would bring nothing")),
            Key("frontier", N_("with --frontier: budget and outcome, from the least the limits allow to the budget")),
        ),
        rows=(
            Key("channel", N_("the channel")),
            Key("spend", N_("its part of the budget")),
            Key("outcome", N_("what it brings")),
            Key("marginal_return", N_("outcome of one more unit of money in it")),
            Key("average_return", N_("outcome per unit of money in it")),
            Key("binding", N_("the limit that holds it, or empty")),
        ),
        source="Bellman & Dreyfus (1962), Applied Dynamic Programming; Everett (1963), Operations Research 11(3)",
    ),
)
