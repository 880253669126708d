"""Analyses of what customers did and said of their own accord: groups, value, staying, themes, associations."""

from workbook.analyses.declaration import Analysis, Key, Option
from workbook.language import N_
from workbook.tables import TableColumn

__all__ = ["CUSTOMERS"]

LEVEL = Option("alpha", N_("1 − alpha is the level of the intervals"), "number", 0.05, low=0.001, high=0.5)

SEED = Option("seed", N_("makes random starts repeatable"), "integer", 0, low=0)

LIFETIME_VALUE = Analysis(
    "lifetime-value",
    N_("What customers will still buy, and what that is worth"),
    "workbook.research.value:lifetime_value",
    columns=(
        TableColumn("customer", N_("who bought")),
        TableColumn("date", N_("the day, as 2027-06-01"), "date"),
        TableColumn("amount", N_("what was paid, in one currency; below 0 is a refund"), "money"),
        TableColumn("segment", N_("the name or id of the customer's segment"), required=False),
    ),
    options=(
        Option("until", N_("last day to learn from; the last one in the table when missing"), "date"),
        Option("unit", N_("unit of time of alpha and of the horizon"), "choice", "week", ("day", "week", "month")),
        Option("horizon", N_("how far to look ahead, in units; a year when missing"), "number", low=0),
        Option("discount", N_("yearly rate at which later money counts less: 0.1 is 10 %"), "number", 0.0, low=0),
        LEVEL,
    ),
    figures=(
        Key("r", N_("BG/NBD: shape of the purchase rates")),
        Key("alpha", N_("BG/NBD: scale of the purchase rates, in units of time")),
        Key("a", N_("BG/NBD: first shape of the chances to leave")),
        Key("b", N_("BG/NBD: second shape of the chances to leave")),
        Key("log_likelihood", N_("of BG/NBD, in units of time")),
        Key("p", N_("Gamma-Gamma: shape of one purchase")),
        Key("q", N_("Gamma-Gamma: shape of the customers' scales")),
        Key("v", N_("Gamma-Gamma: scale of the customers' scales, in money")),
        Key("mean_spend", N_("expected amount of a purchase over all customers")),
    ),
    rows=(
        Key("customer", N_("who bought")),
        Key("segment", N_("the id of the customer's segment")),
        Key("expected_purchases", N_("expected in the horizon")),
        Key("alive", N_("chance that the customer is still one")),
        Key("stays", N_("chance that one who is a customer today still is at the end of the horizon")),
        Key("spend", N_("expected amount of a purchase")),
        Key("value", N_("revenue expected in the horizon, discounted")),
    ),
    source="Fader, Hardie & Lee (2005), Marketing Science 24(2); Fader & Hardie (2013), brucehardie.com/notes/025",
    reduce="workbook.research.purchases:reduced",
)

RETENTION = Analysis(
    "retention",
    N_("How long subscribers stay, by cohort"),
    "workbook.research.retention:retention",
    columns=(
        TableColumn("cohort", N_("who began together, such as the month they began")),
        TableColumn("period", N_("periods since the start, 0 = start"), "number", 0),
        TableColumn("customers", N_("how many are still there"), "number", 0),
    ),
    options=(
        Option("horizon", N_("last period of the curves; twice the longest history when missing"), "integer", low=1),
    ),
    figures=(
        Key("alpha", N_("of all cohorts together")),
        Key("beta", N_("of all cohorts together")),
        Key("log_likelihood", N_("of all cohorts together")),
        Key("curve", N_("share still there at period 0, 1, 2 ..., all cohorts together")),
    ),
    rows=(
        Key("cohort", N_("who began together")),
        Key("alpha", N_("first shape of the chances to leave")),
        Key("beta", N_("second shape of the chances to leave")),
        Key("curve", N_("share still there at period 0, 1, 2 ...")),
        Key("basis", N_("own fit, or pooled where a cohort is too short")),
        Key("customers", N_("at the start")),
        Key("periods", N_("last period seen")),
    ),
    source="Fader & Hardie (2007), Journal of Interactive Marketing 21(1)",
)

AHP = Analysis(
    "ahp",
    N_("Weights of criteria from comparisons of two at a time"),
    "workbook.scoring:ahp",
    columns=(
        TableColumn("criterion_a", N_("one criterion")),
        TableColumn("criterion_b", N_("the one it is compared with")),
        TableColumn("value", N_("how many times as important the first is, from 1/9 to 9")),
    ),
    options=(
        Option("random-index", N_("table behind the consistency ratio"), "choice", "saaty", ("saaty", "saaty-1980")),
    ),
    figures=(
        Key("consistency_ratio", N_("inconsistency against random judgements; above 0.10 judge again")),
        Key("worst_pair", N_("the pair to compare again, when the ratio is above 0.10")),
        Key("lambda_max", N_("largest eigenvalue")),
    ),
    rows=(Key("criterion", N_("the criterion")), Key("weight", N_("share of 1"))),
    source="Saaty (1980), The Analytic Hierarchy Process, McGraw-Hill; Saaty & Vargas (2012)",
)

SEGMENTS = Analysis(
    "segments",
    N_("Groups of respondents who answer alike"),
    "workbook.research.segments:segments",
    columns=(TableColumn("respondent", N_("who answered")),),
    others=N_("a question each: numbers, or yes and no"),
    options=(
        Option("method", N_("how to sort"), "choice", "kmeans", ("kmeans", "latent-class")),
        Option("k", N_("number of groups; offered by BIC and stability when missing"), "integer", low=1, high=50),
        Option("standardise", N_("whether k-means gives each column the same spread"), "choice", "yes", ("yes", "no")),
        SEED,
    ),
    figures=(
        Key("k", N_("number of groups")),
        Key("sizes", N_("respondents in each group, largest first")),
        Key("profiles", N_("mean of each column in each group, in its own unit")),
        Key("inertia", N_("k-means: squared distances to the groups' means, summed")),
        Key("log_likelihood", N_("latent classes: of the answers as given")),
        Key("bic", N_("what a further group must earn; lower is better")),
        Key("stability", N_("mean adjusted Rand index over bootstrap refits, 1 = found again")),
        Key("by_k", N_("k, BIC and stability of each number of groups tried")),
    ),
    rows=(
        Key("respondent", N_("who answered")),
        Key("segment", N_("number of the group, 1 = largest")),
        Key("chance", N_("latent classes: chance of being in it")),
    ),
    source="Hennig (2007), Computational Statistics & Data Analysis 52(1); Lazarsfeld & Henry (1968)",
)

THEMES = Analysis(
    "feedback-themes",
    N_("Themes of reviews and comments"),
    "workbook.research.feedback:feedback_themes",
    columns=(
        TableColumn("text", N_("what was written")),
        TableColumn("rating", N_("stars or points, higher is better"), "number", required=False),
        TableColumn("date", N_("the day, as 2027-06-01"), required=False),
        TableColumn("source", N_("where it was written"), required=False),
        TableColumn("segment", N_("the name or id of the customer's segment"), required=False),
    ),
    options=(Option("themes", N_("number of themes; chosen when missing"), "integer", low=1, high=50), SEED),
    figures=(Key("themes", N_("number of themes")),),
    rows=(
        Key("theme", N_("its first three words")),
        Key("words", N_("its words, weightiest first")),
        Key("share", N_("of the texts, whose main theme it is")),
        Key("n", N_("texts whose main theme it is")),
        Key("rating", N_("mean rating of these texts")),
        Key("examples", N_("texts as written, worst rating first")),
    ),
    source="Lee & Seung (1999), Nature 401; Spärck Jones (1972), Journal of Documentation 28(1)",
)

PERCEPTUAL_MAP = Analysis(
    "perceptual-map",
    N_("What each brand is known for, as a map"),
    "workbook.research.perception:perceptual_map",
    columns=(
        TableColumn("brand", N_("the brand")),
        TableColumn("attribute", N_("what it may be known for")),
        TableColumn("count", N_("how many people tie the two together"), "number", 0),
    ),
    figures=(
        Key("inertia", N_("eigenvalues, largest first")),
        Key("total_inertia", N_("their sum")),
        Key("shown", N_("share of it that the two dimensions show")),
    ),
    rows=(
        Key("kind", N_("brand or attribute")),
        Key("name", N_("its name")),
        Key("x", N_("first principal coordinate; its sign is arbitrary")),
        Key("y", N_("second principal coordinate; its sign is arbitrary")),
        Key("quality", N_("share of its profile that the map shows")),
    ),
    source="Greenacre (2017), Correspondence Analysis in Practice, CRC Press",
)

USAGE = Analysis(
    "usage",
    N_("Which features each segment uses, and how often"),
    "workbook.research.usage:usage",
    columns=(
        TableColumn("customer", N_("who uses it")),
        TableColumn("feature", N_("the feature")),
        TableColumn("uses", N_("how many times; 0 for those who do not use it"), "number", 0),
        TableColumn("month", N_("the month, as 2027-06"), required=False),
        TableColumn("segment", N_("the name or id of the customer's segment"), required=False),
    ),
    options=(LEVEL,),
    figures=(Key("months", N_("months counted")),),
    rows=(
        Key("feature", N_("the feature")),
        Key("segment", N_("the segment; empty for all customers")),
        Key("customers", N_("of the segment, in the log")),
        Key("n", N_("customers who use it")),
        Key("users", N_("share of the segment's customers, 0 to 1")),
        Key("interval", N_("of that share")),
        Key("frequency", N_("uses a month by those who use it")),
    ),
    source="Wilson (1927), Journal of the American Statistical Association 22(158), for the interval",
)

CUSTOMERS = (SEGMENTS, THEMES, USAGE, PERCEPTUAL_MAP, LIFETIME_VALUE, RETENTION, AHP)
