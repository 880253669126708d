"""Analyses of what people were asked: needs, features, choices, prices, loyalty, awareness."""

from workbook.analyses.declaration import Analysis, Key, Option
from workbook.language import N_
from workbook.tables import TableColumn

__all__ = ["SURVEYS"]

SURVEYS = (
    Analysis(
        "opportunity",
        N_("Unmet needs by importance and satisfaction"),
        "workbook.research.needs:opportunity",
        columns=(
            TableColumn("respondent", N_("who answered")),
            TableColumn("need", N_("the id of the need")),
            TableColumn("importance", N_("how important it is, from 1 to the top of the scale"), "number", 1),
            TableColumn(
                "satisfaction", N_("how satisfied they are today, from 1 to the top of the scale"), "number", 1
            ),
            TableColumn("segment", N_("the id of the respondent's segment"), required=False),
        ),
        options=(
            Option("scale-max", N_("top of the scale"), "integer", 10, low=4),
            Option("alpha", N_("1 - alpha is the level of the intervals"), "number", 0.05, low=0.001, high=0.5),
            Option("seed", N_("makes the bootstrap repeatable"), "integer", 0, low=0),
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
)
