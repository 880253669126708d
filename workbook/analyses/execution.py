"""Analyses of what follows the plan: tests, hand-over to sales, indicators, forecasts."""

from workbook.analyses.declaration import Analysis, Key, Option
from workbook.language import N_
from workbook.tables import TableColumn

__all__ = ["EXECUTION"]

_ALPHA = Option("alpha", N_("chance to see a difference where there is none"), "number", 0.05, low=0.0001, high=0.5)

_VARIANTS = (
    TableColumn("variant", N_("the variant")),
    TableColumn("users", N_("users who saw it"), "number"),
    TableColumn("conversions", N_("users who did what was hoped for"), "number", required=False),
    TableColumn("mean", N_("mean of one user's figure, where no conversions are counted"), "number", required=False),
    TableColumn("sd", N_("its standard deviation"), "number", required=False),
)

EXECUTION: tuple[Analysis, ...] = (
    Analysis(
        "sample-size",
        N_("Users and days that a test needs"),
        "workbook.execution.samples:sample_size",
        options=(
            Option("baseline", N_("share of the control, 0.2 for 20 %; with --sd a mean"), "number", required=True),
            Option("effect", N_("smallest difference worth having: 0.05 is five points"), "number", required=True),
            Option("power", N_("chance to find it when it is there"), "number", 0.8, low=0.01, high=0.9999),
            _ALPHA,
            Option(
                "convention",
                N_("how the variance of two shares is taken"),
                "choice",
                "pooled",
                choices=("pooled", "unpooled", "arcsine"),
            ),
            Option("sides", N_("2: a difference either way; 1: only that of the effect"), "integer", 2, low=1, high=2),
            Option("sd", N_("standard deviation of one user's figure: compares means"), "number"),
            Option("daily-users", N_("users who enter the test in a day, all variants together"), "number", low=0.01),
            Option("variants", N_("variants, the control among them"), "integer", 2, low=2, high=100),
        ),
        figures=(Key("per_variant", N_("users that each variant needs")), Key("days", N_("days until all have them"))),
        source="Fleiss, Levin & Paik (2003), Statistical Methods for Rates and Proportions; Cohen (1988)",
    ),
    Analysis(
        "ab-test",
        N_("Variants of a page against the control"),
        "workbook.execution.experiments:ab_test",
        columns=_VARIANTS,
        options=(
            Option("control", N_("name of the control; the first row when left out")),
            Option(
                "share",
                N_("share of users meant for a variant, once for each row; alike when left out"),
                "number",
                many=True,
            ),
            Option("test", N_("behind the p-value"), "choice", "delta", choices=("delta", "pooled")),
            _ALPHA,
        ),
        figures=(
            Key("srm_p_value", N_("sample-ratio check: below 0.001 users were not spread as meant")),
            Key("control", N_("what the others are compared with")),
        ),
        rows=(
            Key("variant", N_("the variant")),
            Key("lift", N_("relative: 0.04 is 4 % more than the control")),
            Key("interval", N_("of the lift")),
            Key("p_value", N_("two-sided")),
            Key("chance_to_win", N_("chance to be better than the control")),
            Key("risk", N_("mean relative loss of choosing it where it is worse")),
        ),
        source="Deng, Knoblich & Lu (2018), KDD; Fabijan et al. (2019), KDD; Stucchio (2015)",
    ),
    Analysis(
        "adaptive-test",
        N_("Shares of the next visitors for each variant, and whether to stop"),
        "workbook.execution.adaptive:adaptive_test",
        columns=_VARIANTS,
        options=(
            Option("floor", N_("least share of the visitors for each variant"), "number", 0.05, low=0, high=0.5),
            Option(
                "stop-at", N_("chance to be best from which the test may stop"), "number", 0.95, low=0.5, high=0.99999
            ),
            Option("minimum", N_("users that each variant must have had before"), "integer", 100, low=0),
        ),
        figures=(Key("stop", N_("whether the test may stop")), Key("reason", N_("why, or why not"))),
        rows=(
            Key("variant", N_("the variant")),
            Key("chance_best", N_("chance to be the best of all")),
            Key("next_share", N_("share of the next visitors")),
        ),
        source="Thompson (1933), Biometrika 25; Scott (2010), Appl. Stochastic Models Bus. Ind. 26",
    ),
    Analysis(
        "sla",
        N_("Quotas of leads and customers, value of a lead, capacity of sales"),
        "workbook.execution.handover:sla",
        options=(
            Option("plan", N_("id of a plan, whose agreement gives what the other options leave out"), "plan"),
            Option("revenue-goal", N_("goal of the period, money"), "number"),
            Option("marketing-share", N_("share of the goal from marketing's leads, 0.8 for 80 %"), "number"),
            Option("deal-size", N_("revenue of a new customer, money"), "number"),
            Option("close-rate", N_("leads that become customers, 0.05 for 5 %"), "number"),
            Option(
                "average-revenue",
                N_("revenue of a customer on average, where it is not the deal size"),
                "number",
                low=0,
            ),
            Option("reps", N_("sales people"), "number", low=0),
            Option("hours", N_("hours that each of them has for new leads in a month"), "number", low=0),
            Option("minutes", N_("minutes for one attempt; 20 when left out"), "number", low=0),
            Option("attempts", N_("attempts per lead; 5 when left out"), "number", low=0),
            Option("months", N_("months of the period; 12 when left out"), "integer", low=1, high=120),
        ),
        figures=(
            Key("customers", N_("customers that marketing's share asks for")),
            Key("leads", N_("leads that bring them")),
            Key("lead_value", N_("revenue that a lead is worth")),
            Key("capacity_leads", N_("leads a month that sales can follow up")),
        ),
        rows=(
            Key("month", N_("1 is the first of the period")),
            Key("leads", N_("due in the month")),
            Key("customers", N_("due in the month")),
            Key("cumulative", N_("leads due until its end")),
        ),
        source="Volpe & Halligan (2011), The marketing-sales service-level agreement",
    ),
    Analysis(
        "follow-up",
        N_("How fast and how often leads were followed up"),
        "workbook.execution.handover:follow_up",
        columns=(
            TableColumn("lead", N_("the lead")),
            TableColumn("source", N_("where it came from")),
            TableColumn(
                "first_response", N_("hours until the first answer; empty: none"), "number", low=0, required=False
            ),
            TableColumn("attempts", N_("attempts to reach it"), "number", low=0, required=False),
            TableColumn("stage", N_("how far it came; new: nowhere yet"), required=False),
            TableColumn("visible", N_("hours until people could see it"), "number", low=0, required=False),
            TableColumn("date", N_("the day it came"), "date", required=False),
            TableColumn("region", N_("where it is from"), required=False),
            TableColumn("segment", N_("its segment"), required=False),
        ),
        options=(
            Option("within-hours", N_("hours until the first answer that the agreement allows"), "number", 24.0, low=0),
            Option("attempts", N_("attempts before a lead is given back"), "integer", 5, low=1),
            Option(
                "system-delay",
                N_("hours until people can see a lead, where the table does not say"),
                "number",
                0.0,
                low=0,
            ),
        ),
        figures=(
            Key("median_hours", N_("until the first answer")),
            Key("p90_hours", N_("until the first answer, for nine of ten")),
            Key("people_median_hours", N_("the same without the system's delay")),
            Key("people_p90_hours", N_("for nine of ten, without the system's delay")),
            Key("system_median_hours", N_("until people could see the lead")),
            Key("late_by_system", N_("late leads that people answered in time")),
            Key("answered", N_("share of the leads")),
            Key("in_time", N_("share of the leads")),
            Key("breaches", N_("leads answered late or never")),
        ),
        rows=(
            Key("source", N_("where they came from")),
            Key("in_time", N_("share of its leads")),
            Key("late", N_("leads answered late")),
            Key("never", N_("leads without an answer")),
            Key("few_attempts", N_("new leads given up too early")),
        ),
        source="Oldroyd, McElheran & Elkington (2011), The short life of online sales leads, HBR",
    ),
    Analysis(
        "lead-stages",
        N_("Where leads come from, how far they come, and where a source falls short"),
        "workbook.execution.stages:lead_stages",
        columns=(
            TableColumn("lead", N_("the lead")),
            TableColumn("source", N_("where it came from")),
            TableColumn("stage", N_("how far it came")),
        ),
        options=(
            Option("stage", N_("a stage's word, once for each, in their order; usual words when left out"), many=True),
            _ALPHA,
        ),
        figures=(
            Key("leads", N_("leads in the table")),
            Key("customers", N_("of these, at the last stage")),
            Key("close_rate", N_("share of the leads")),
            Key("close_rate_interval", N_("of it")),
        ),
        rows=(
            Key("source", N_("where they came from")),
            Key("stage", N_("the stage")),
            Key("reached", N_("leads that came so far")),
            Key("rate", N_("of those who reached the stage before")),
            Key("interval", N_("of the rate")),
            Key("others", N_("the rate of all other sources")),
            Key("short", N_("1 where the source falls short of the others")),
        ),
        source="Wilson (1927), Journal of the American Statistical Association 22",
    ),
    Analysis(
        "kpi",
        N_("Indicators against their targets, and where the difference comes from"),
        "workbook.execution.kpis:kpi",
        columns=(
            TableColumn("kpi", N_("the indicator")),
            TableColumn("period", N_("the period, such as 2027-01")),
            TableColumn("target", N_("what was planned"), "number"),
            TableColumn("actual", N_("what came; empty: not in yet"), "number", required=False),
            TableColumn("spend_target", N_("what was to be spent, money"), "number", required=False),
            TableColumn("spend_actual", N_("what was spent, money"), "number", required=False),
        ),
        options=(
            Option(
                "tolerance",
                N_("share of the target that may be missed and still be on course"),
                "number",
                0.1,
                low=0,
                high=1,
            ),
            Option("lower", N_("an indicator of which less is better; may be given several times"), many=True),
        ),
        rows=(
            Key("kpi", N_("the indicator")),
            Key("period", N_("the period")),
            Key("status", N_("ahead, on course, behind, no actual")),
            Key("variance", N_("actual − target")),
            Key("variance_spend", N_("what of it comes of spending more or less")),
            Key("variance_response", N_("what of it comes of what the spending brought")),
        ),
        source="Horngren, Datar & Rajan, Cost Accounting: flexible-budget variances",
    ),
    Analysis(
        "forecast",
        N_("What a series will do next, by the method its own past chooses"),
        "workbook.forecast:forecast",
        columns=(
            TableColumn("date", N_("the day; for months the first or the last one, evenly spaced"), "date"),
            TableColumn("value", N_("the figure of that day, week or month"), "number"),
            TableColumn("series", N_("the series, where there are several"), required=False, names=True),
        ),
        options=(
            Option("periods", N_("how many dates ahead"), "integer", 6, low=1, high=500),
            Option(
                "season", N_("values in a season, 1 for none; by the dates when missing"), "integer", low=1, high=400
            ),
            Option("alpha", N_("1 − alpha is the level of the intervals"), "number", 0.05, low=0.001, high=0.5),
            Option("seed", N_("makes the simulated paths repeatable"), "integer", 0, low=0),
        ),
        figures=(
            Key("backtest_error", N_("mean absolute error of the chosen method on its own past; by series if several")),
            Key("naive_error", N_("the same of repeating the last value")),
            Key("model", N_("the chosen method: simple, trend, damped, additive or multiplicative season")),
        ),
        rows=(
            Key("date", N_("the date ahead")),
            Key("series", N_("the series, where there are several")),
            Key("forecast", N_("what to expect then")),
            Key("interval", N_("of it")),
        ),
        source="Hyndman & Athanasopoulos (2021), Forecasting: Principles and Practice, 3rd edition",
    ),
)
