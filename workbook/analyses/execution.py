"""Analyses of what follows the plan: tests, hand-over to sales, indicators, forecasts; and pairwise judgement."""

from workbook.analyses.declaration import Analysis, Key, Option
from workbook.language import N_
from workbook.tables import TableColumn

__all__ = ["EXECUTION"]

FORECAST = Analysis(
    "forecast",
    N_("What a series will do next, by the method its own past chooses"),
    "workbook.forecast:forecast",
    columns=(
        TableColumn("date", N_("the day; for months the first or the last one, evenly spaced"), "date"),
        TableColumn("value", N_("the figure of that day, week or month"), "number"),
        TableColumn("series", N_("the series, where there are several"), required=False),
    ),
    options=(
        Option("periods", N_("how many dates ahead"), "integer", 6, low=1, high=500),
        Option("season", N_("values in a season, 1 for none; by the dates when missing"), "integer", low=1, high=400),
        Option("alpha", N_("1 - alpha is the level of the intervals"), "number", 0.05, low=0.001, high=0.5),
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
)

EXECUTION: tuple[Analysis, ...] = (FORECAST,)
