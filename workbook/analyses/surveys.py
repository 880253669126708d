"""Analyses of what people were asked: needs, features, choices, prices, loyalty, awareness."""

from workbook.analyses.declaration import Analysis, Key, Option
from workbook.language import N_
from workbook.tables import TableColumn

__all__ = ["SURVEYS"]

RESPONDENT = TableColumn("respondent", N_("who answered"))
SEGMENT = TableColumn("segment", N_("the name or id of the respondent's segment"), required=False)
ALPHA = Option("alpha", N_("1 − alpha is the level of the intervals"), "number", 0.05, low=0.001, high=0.5)
SEED = Option("seed", N_("makes the bootstrap repeatable"), "integer", 0, low=0)

SURVEYS = (
    Analysis(
        "opportunity",
        N_("Unmet needs by importance and satisfaction"),
        "workbook.research.needs:opportunity",
        columns=(
            RESPONDENT,
            TableColumn("need", N_("the name or id of the need")),
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
            Key("importance", N_("share of the two top boxes × 10")),
            Key("satisfaction", N_("share of the two top boxes × 10")),
            Key("opportunity", N_("importance + max(importance − satisfaction, 0), 0 to 20")),
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
            TableColumn("reached", N_("1 when the item reaches the respondent, else 0"), "flag"),
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
            TableColumn("unprompted", N_("1 when they name the brand unasked, else 0"), "flag"),
            TableColumn("prompted", N_("1 when they know it from a list, else 0"), "flag"),
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
    Analysis(
        "maxdiff",
        N_("Items by how often they are chosen as best and worst"),
        "workbook.research.maxdiff:maxdiff",
        columns=(
            RESPONDENT,
            TableColumn("task", N_("the number of the task, for each respondent")),
            TableColumn("item", N_("the item")),
            TableColumn("shown", N_("1 when the task showed the item, else 0"), "flag"),
            TableColumn("best", N_("1 when it was chosen as best, else 0"), "flag"),
            TableColumn("worst", N_("1 when it was chosen as worst, else 0"), "flag"),
            SEGMENT,
        ),
        options=(
            Option(
                "model",
                N_("how best and worst are chosen: one after the other, each of all, or as a pair"),
                "choice",
                "sequential",
                choices=("sequential", "marginal", "maxdiff"),
            ),
            ALPHA,
        ),
        rows=(
            Key("item", N_("the item")),
            Key("shown", N_("times shown")),
            Key("best", N_("times best")),
            Key("worst", N_("times worst")),
            Key("score", N_("best − worst")),
            Key("share", N_("chance to be named best of all items, 0 to 1")),
            Key("interval", N_("of the share")),
        ),
        source="Finn & Louviere (1992), Journal of Public Policy & Marketing 11(2); Marley & Louviere (2005), JMP 49(6)",
    ),
    Analysis(
        "choice",
        N_("What each part of an offer is worth, from choices between offers"),
        "workbook.research.choice:choice",
        columns=(
            RESPONDENT,
            TableColumn("task", N_("the number of the task, for each respondent")),
            TableColumn("alternative", N_("the number of the alternative, in each task")),
            TableColumn("chosen", N_("1 when it was chosen, else 0"), "flag"),
        ),
        others=N_("the attributes of the alternatives: numbers enter as they are, words as dummies"),
        options=(
            Option("price", N_("the column of the price; without it no willingness to pay")),
            Option("reference", N_("column=level that the others are held against; else the first level"), many=True),
            Option("offer", N_("new offer to simulate, as “column=level, column=level”"), many=True),
            Option(
                "interval",
                N_("how the intervals of willingness to pay are made"),
                "choice",
                "delta",
                choices=("delta", "krinsky-robb"),
            ),
            ALPHA,
            SEED,
        ),
        figures=(
            Key("coefficients", N_("part-worth by column, or column=level")),
            Key("standard_errors", N_("of the coefficients, from the Hessian")),
            Key("log_likelihood", N_("at the maximum")),
            Key("log_likelihood_chance", N_("when every alternative is as likely")),
            Key("willingness_to_pay", N_("money that a level, or one unit more, is worth")),
            Key("willingness_to_pay_interval", N_("of each")),
            Key("importance", N_("share of the spans of part-worths, by attribute; they sum to 1")),
            Key("importance_of", N_("respondents (mean of their own) or pooled")),
            Key("tasks", N_("tasks used")),
            Key("shares", N_("share of choices of each --offer, with its interval")),
        ),
        rows=(
            Key("term", N_("name of the coefficient")),
            Key("attribute, level", N_("what it stands for")),
            Key("coefficient", N_("part-worth; 0 for the reference")),
            Key("standard_error, interval", N_("of the coefficient")),
            Key("willingness_to_pay, willingness_to_pay_interval", N_("with --price")),
            Key("importance", N_("of the attribute")),
        ),
        source="McFadden (1974); Train (2009), Discrete Choice Methods with Simulation, chapter 3",
    ),
    Analysis(
        "van-westendorp",
        N_("Range of acceptable prices, from four prices each"),
        "workbook.research.price_meter:van_westendorp",
        columns=(
            RESPONDENT,
            TableColumn("too_cheap", N_("price so low that they would doubt it"), "money", 0),
            TableColumn("cheap", N_("price that is a bargain"), "money", 0),
            TableColumn("expensive", N_("price that is high but to be considered"), "money", 0),
            TableColumn("too_expensive", N_("price too high to be considered"), "money", 0),
            TableColumn("weight", N_("how many the respondent counts for, above 0"), "number", 0, required=False),
            TableColumn("buy_at_cheap", N_("chance to buy at the cheap price, 0 to 1"), "number", 0, 1, required=False),
            TableColumn(
                "buy_at_expensive", N_("chance to buy at the expensive price, 0 to 1"), "number", 0, 1, required=False
            ),
            SEGMENT,
        ),
        options=(
            Option("range", N_("rule of the range"), "choice", "original", choices=("original", "narrower")),
            Option("interpolate", N_("straight lines in place of step curves"), "flag", False),
            Option("newton-miller-smith", N_("also the prices of the widest reach and largest revenue"), "flag", False),
            ALPHA,
            SEED,
        ),
        figures=(
            Key("pmc", N_("point of marginal cheapness: a price, or a pair where the curves run together")),
            Key("pme", N_("point of marginal expensiveness, likewise")),
            Key("opp", N_("optimal price: too cheap meets too expensive")),
            Key("idp", N_("indifference price: cheap meets expensive")),
            Key("range", N_("from pmc to pme")),
            Key("pmc_interval, pme_interval, opp_interval, idp_interval", N_("of each, by bootstrap")),
            Key("price_max_reach", N_("price that most would buy at (with --newton-miller-smith)")),
            Key("price_max_revenue", N_("price of the largest revenue (with --newton-miller-smith)")),
        ),
        rows=(
            Key("price", N_("answered price")),
            Key("too_cheap, cheap, expensive, too_expensive", N_("the four curves, shares of 0 to 1")),
            Key("reach, revenue", N_("chance to buy, and revenue per head (with --newton-miller-smith)")),
        ),
        source="van Westendorp (1976), ESOMAR congress; Newton, Miller & Smith (1993), Marketing Research 5(1)",
    ),
    Analysis(
        "gabor-granger",
        N_("Demand, revenue and the best of the prices asked"),
        "workbook.research.price_ladder:gabor_granger",
        columns=(
            RESPONDENT,
            TableColumn("price", N_("price asked about"), "money", 0),
            TableColumn("would_buy", N_("1 when they would buy at it, else 0"), "flag"),
            SEGMENT,
        ),
        options=(
            Option(
                "unit-cost", N_("cost of one unit: the best price is then that of the largest profit"), "number", low=0
            ),
            ALPHA,
            SEED,
        ),
        figures=(
            Key("best_price", N_("asked price of the largest revenue, or profit with --unit-cost")),
            Key("best_price_interval", N_("of the best price, by bootstrap")),
        ),
        rows=(
            Key("price", N_("price asked about")),
            Key("n", N_("answers used")),
            Key("observed", N_("share who would buy, as answered")),
            Key("share", N_("share who would buy, never rising with the price")),
            Key("interval", N_("of the share, by bootstrap")),
            Key("revenue", N_("price × share, per person asked")),
            Key("profit", N_("(price − unit cost) × share, with --unit-cost")),
        ),
        source="Gabor & Granger (1966), Economica 33(129)",
    ),
)
