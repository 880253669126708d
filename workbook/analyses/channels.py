"""Analyses behind the split of a budget: screening, response to spend, the split itself."""

from workbook.analyses.declaration import Analysis, Key, Option
from workbook.language import N_
from workbook.tables import TableColumn
from workbook.tables.cells import Kind

__all__ = ["CHANNELS"]


def _limit(name: str, meaning: str, kind: Kind = "money", *, endless: bool = False) -> TableColumn:
    """A column of the split's table that may be left empty; a cell that cannot be read refuses the table."""
    return TableColumn(name, meaning, kind, required=False, endless=endless)


CHANNELS: tuple[Analysis, ...] = (
    Analysis(
        "screening",
        N_("Tactics ranked by weighted criteria, and how firm the ranks are"),
        "workbook.channels.screening:screened",
        columns=(
            TableColumn("tactic", N_("the tactic"), names=True),
            TableColumn(
                "criterion", N_("what it is judged by; impact, confidence and ease also make the ICE score"), names=True
            ),
            TableColumn("score", N_("its score on the criterion"), "number"),
            TableColumn(
                "weight",
                N_("weight of the criterion, the same on all its rows; without it all weigh alike"),
                "number",
                required=False,
            ),
        ),
        options=(
            Option("cost", N_("a criterion of which less is better; may be given several times"), many=True),
            Option(
                "compare",
                N_("two criteria, as reach/cost=3 (1/9 to 9), for weights by AHP; give every pair"),
                many=True,
            ),
            Option(
                "scale",
                N_("as-given: all criteria share one scale; range: each is scaled 0 to 1 over the tactics"),
                "choice",
                "as-given",
                choices=("as-given", "range"),
            ),
            Option("scale-min", N_("bottom of the shared scale; only costs need it"), "number", 0.0),
            Option("scale-max", N_("top of the shared scale; only costs need it"), "number", 10.0),
            Option("inner", N_("tactics in the inner ring of the bullseye"), "integer", 3, low=0),
            Option("middle", N_("tactics in the middle ring"), "integer", 6, low=0),
            Option("draws", N_("random weight sets behind the stability"), "integer", 1000, low=1, high=100_000),
            Option("seed", N_("makes the draws repeatable"), "integer", 0, low=0),
        ),
        figures=(
            Key("ranks", N_("the rank of each tactic, by its name")),
            Key("weights", N_("of the criteria, where they were compared")),
            Key("consistency_ratio", N_("inconsistency against random judgements; above 0.10 judge again")),
            Key("worst_pair", N_("the pair to compare again, when the ratio is above 0.10")),
        ),
        rows=(
            Key("tactic", N_("the tactic, the best first")),
            Key("rank", N_("1 is best; equal scores share the better rank")),
            Key("score", N_("weighted mean of the criteria")),
            Key("stability", N_("share of random weight sets around the given ones that keep the rank")),
            Key("ring", N_("inner, middle or outer ring of the bullseye")),
            Key("ice", N_("impact × confidence × ease / 100, where all three are judged from 1 to 10")),
            Key("missing", N_("criteria with a weight but without a score")),
        ),
        source="Lahdelma, Hokkanen & Salminen (1998), EJOR 106(1); Weinberg & Mares (2015), Traction",
    ),
    Analysis(
        "response-curve",
        N_("What each channel brings for what is spent on it, from a history"),
        "workbook.channels.fitting:response_curve",
        columns=(
            TableColumn("period", N_("the week or month: a day, a number, or any name that sorts")),
            TableColumn("channel", N_("the channel"), names=True),
            TableColumn("spend", N_("money spent on it in the period, 0 or more"), "number"),
            TableColumn(
                "outcome", N_("the period's total on each of its rows; the channel's own if attributed"), "number"
            ),
        ),
        others=N_("controls, one number a period: trend, season, events"),
        options=(
            Option("attributed", N_("the outcome is each channel's own, not the period's total"), "flag", False),
            Option("kind", N_("family of the curves"), "choice", "hill", choices=("hill", "exponential")),
            Option(
                "adstock",
                N_("normalised: steady spend makes a stock of its size; summed: of spend / (1 − carryover)"),
                "choice",
                "normalised",
                choices=("normalised", "summed"),
            ),
            Option("alpha", N_("1 − alpha is the level of the intervals"), "number", 0.2, low=0.001, high=0.5),
            Option("seed", N_("makes starts and draws repeatable"), "integer", 0, low=0),
        ),
        figures=(
            Key("periods", N_("periods of the history")),
            Key("fit", N_("share of the outcome's variance explained (R squared)")),
            Key("base", N_("outcome of a mean period without any spend")),
            Key("noise", N_("standard deviation of what is left unexplained")),
        ),
        rows=(
            Key("channel", N_("the channel")),
            Key("kind", N_("hill or exponential")),
            Key("maximum_outcome", N_("outcome per period that is never passed, with its interval")),
            Key("half_spend", N_("spend per period that brings half of it (Hill), with its interval")),
            Key("shape", N_("above 1 for an S-shaped curve (Hill), with its interval")),
            Key("scale", N_("spend per period that brings 63 % of it (exponential), with its interval")),
            Key("carryover", N_("share of the stock still there a period later, with its interval")),
            Key("spend", N_("mean spend per period")),
            Key("outcome", N_("what that spend brings per period, if steady")),
            Key("interval", N_("of that outcome")),
            Key("share", N_("of the mean outcome")),
            Key("marginal_return", N_("outcome per further unit of money at the mean spend")),
            Key("fit", N_("R squared of the fit the channel is part of")),
            Key("evidence", N_("observed")),
        ),
        source="Jin, Wang, Sun, Chan & Koehler (2017), Bayesian methods for media mix modeling, Google",
    ),
    Analysis(
        "allocate",
        N_("The best split of a budget over channels, with its proof"),
        "workbook.channels.mix:allocate",
        columns=(
            TableColumn("channel", N_("the channel; one row each"), names=True),
            TableColumn(
                "curve",
                N_(
                    "hill: maximum_outcome × s^shape / (half_spend^shape + s^shape), "
                    "or exponential: maximum_outcome × (1 − exp(-s / scale))"
                ),
            ),
            TableColumn("maximum_outcome", N_("outcome that the channel never passes"), "number"),
            _limit("half_spend", N_("hill: spend that brings half of it, above 0")),
            _limit("shape", N_("hill: above 1 the curve is S-shaped"), "number"),
            _limit("scale", N_("exponential: spend that brings 63 % of it, above 0")),
            _limit("minimum", N_("least spend; empty: 0")),
            _limit("maximum", N_("most spend; empty: no limit"), endless=True),
            _limit("fixed", N_("spend already decided")),
            _limit("step", N_("spend comes in whole multiples of this sum, counted from 0")),
            _limit("optional", N_("yes: the channel may be left out, and then its minimum does not count"), "text"),
            _limit("minimum_buy", N_("least spend when it is bought at all")),
            TableColumn("group", N_("a group the channel belongs to, one at most"), required=False, names=True),
            _limit("group_minimum", N_("least spend of the group together, the same on each of its rows")),
            _limit("group_maximum", N_("most spend of the group together, the same on each of its rows"), endless=True),
        ),
        options=(
            Option("budget", N_("money to split, in the unit of the table"), "number", low=0, required=True),
            Option("frontier", N_("also what every smaller budget could bring at best"), "flag", default=False),
            Option("steps", N_("steps of the grid of spend"), "integer", 1000, low=10, high=5000),
        ),
        figures=(
            Key("outcome", N_("what the split brings, all channels together")),
            Key("upper_bound", N_("what no split of this budget passes")),
            Key("gap", N_("upper_bound / outcome − 1: how much better another split could be, at most")),
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
        every_row=True,
    ),
)
