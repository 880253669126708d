"""Analyses behind the split of a budget: screening, response to spend, the split itself."""

from workbook.analyses.declaration import Analysis, Key, Option
from workbook.language import N_
from workbook.tables import TableColumn

__all__ = ["CHANNELS"]

CHANNELS: tuple[Analysis, ...] = (
    Analysis(
        "screening",
        N_("Tactics ranked by weighted criteria, and how firm the ranks are"),
        "workbook.channels.screening:screened",
        columns=(
            TableColumn("tactic", N_("the tactic")),
            TableColumn("criterion", N_("what it is judged by; impact, confidence and ease also make the ICE score")),
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
        figures=(Key("ranks", N_("the rank of each tactic, by its name")),),
        rows=(
            Key("tactic", N_("the tactic, the best first")),
            Key("rank", N_("1 is best; equal scores share the better rank")),
            Key("score", N_("weighted mean of the criteria")),
            Key("stability", N_("share of random weight sets around the given ones that keep the rank")),
            Key("ring", N_("inner, middle or outer ring of the bullseye")),
            Key("ice", N_("impact x confidence x ease / 100, where all three are judged from 1 to 10")),
            Key("missing", N_("criteria with a weight but without a score")),
        ),
        source="Lahdelma, Hokkanen & Salminen (1998), EJOR 106(1); Weinberg & Mares (2015), Traction",
    ),
)
