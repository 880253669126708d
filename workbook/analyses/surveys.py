"""Analyses of what people were asked: needs, features, choices, prices, loyalty, awareness."""

from workbook.analyses.declaration import Analysis, Key, Option
from workbook.language import N_
from workbook.tables import TableColumn

__all__ = ["SURVEYS"]

RESPONDENT = TableColumn("respondent", N_("who answered"))
SEGMENT = TableColumn("segment", N_("the id of the respondent's segment"), required=False)
ALPHA = Option("alpha", N_("1 - alpha is the level of the intervals"), "number", 0.05, low=0.001, high=0.5)
SEED = Option("seed", N_("makes the bootstrap repeatable"), "integer", 0, low=0)

SURVEYS = (
    Analysis(
        "opportunity",
        N_("Unmet needs by importance and satisfaction"),
        "workbook.research.needs:opportunity",
        columns=(
            RESPONDENT,
            TableColumn("need", N_("the id of the need")),
            TableColumn("importance", N_("how important it is, from 1 to the top of the scale"), "number", 1),
            TableColumn(
                "satisfaction", N_("how satisfied they are today, from 1 to the top of the scale"), "number", 1
            ),
            SEGMENT,
        ),
        options=(
            Option("scale-max", N_("top of the scale"), "integer", 10, low=4),
            ALPHA,
            SEED,
        ),
        rows=(
            Key("need", N_("the need")),
            Key("importance", N_("share of the two top boxes x 10")),
            Key("satisfaction", N_("share of the two top boxes x 10")),
            Key("opportunity", N_("importance + max(importance - satisfaction, 0), 0 to 20")),
            Key("interval", N_("of the opportunity, by bootstrap over respondents")),
        ),
        source="Ulwick (2005), What Customers Want, McGraw-Hill",
    ),
    Analysis(
        "kano",
        N_("Features that delight, are asked for, or are taken for granted"),
        "workbook.research.kano:kano",
        columns=(
            RESPONDENT,
            TableColumn("feature", N_("the feature")),
            TableColumn("functional", N_("how they feel with it: 1 I like it ... 5 I dislike it"), "number", 1, 5),
            TableColumn(
                "dysfunctional", N_("how they feel without it: 1 I like it ... 5 I dislike it"), "number", 1, 5
            ),
            SEGMENT,
        ),
        options=(
            Option("evaluation", N_("evaluation table"), "choice", "berger", choices=("berger", "pouliot")),
            ALPHA,
        ),
        rows=(
            Key("feature", N_("the feature")),
            Key("n", N_("answers used")),
            Key("A, O, M, I, R, Q", N_("answers that make it attractive, one-dimensional, must-be, ... (counts)")),
            Key("category", N_("the most frequent of these; ties by M > O > A > I > R > Q")),
            Key("better", N_("(A+O)/(A+O+M+I), 0 to 1, with its interval")),
            Key("worse", N_("-(O+M)/(A+O+M+I), -1 to 0, with its interval")),
        ),
        source="Kano, Seraku, Takahashi & Tsuji (1984), Hinshitsu 14(2); Berger et al. (1993), CQM Journal 2(4)",
    ),
    Analysis(
        "turf",
        N_("Sets of items that reach the most people"),
        "workbook.research.turf:turf",
        columns=(
            RESPONDENT,
            TableColumn("item", N_("the item")),
            TableColumn("reached", N_("1 when the item reaches the respondent, else 0"), "number", 0, 1),
            SEGMENT,
        ),
        options=(Option("max-size", N_("largest set; all items when not said"), "integer", low=1), ALPHA),
        rows=(
            Key("size", N_("items in the set")),
            Key("items", N_("the set")),
            Key("reach", N_("share of respondents that at least one of them reaches, 0 to 1")),
            Key("interval", N_("of the reach")),
            Key("frequency", N_("items that reach a respondent, on average")),
            Key("method", N_("exhaustive or greedy")),
        ),
        source="Miaoulis, Parsons & Free (1990), Marketing Research 2(1)",
    ),
    Analysis(
        "nps",
        N_("Net promoter score"),
        "workbook.research.loyalty:nps",
        columns=(
            RESPONDENT,
            TableColumn("score", N_("how likely they recommend us, 0 to 10"), "number", 0, 10),
            SEGMENT,
        ),
        options=(
            Option("interval", N_("how the interval is made"), "choice", "wald", choices=("wald", "adjusted-wald")),
            ALPHA,
        ),
        figures=(
            Key("nps", N_("promoters less detractors, -100 to 100")),
            Key("interval", N_("of the score")),
            Key("promoters", N_("share of 9 and 10")),
            Key("passives", N_("share of 7 and 8")),
            Key("detractors", N_("share of 0 to 6")),
        ),
        rows=(Key("segment", N_("with a segment column: the segment, and the same figures in it")),),
        source="Reichheld (2003), Harvard Business Review 81(12); Rocks (2016), The American Statistician 70(4)",
    ),
    Analysis(
        "awareness",
        N_("Who knows the brand, unprompted and prompted"),
        "workbook.research.loyalty:awareness",
        columns=(
            RESPONDENT,
            TableColumn("unprompted", N_("1 when they name the brand unasked, else 0"), "number", 0, 1),
            TableColumn("prompted", N_("1 when they know it from a list, else 0"), "number", 0, 1),
            SEGMENT,
        ),
        options=(ALPHA,),
        figures=(
            Key("unprompted", N_("share who name it unasked")),
            Key("prompted", N_("share who know it from the list")),
            Key("total", N_("share of either")),
            Key("unprompted_interval, prompted_interval, total_interval", N_("of each")),
        ),
        source="Keller (1993), Journal of Marketing 57(1)",
    ),
)
