"""What a reader sees: one function an exhibit, each from a case to a sentence, a table and a chart."""

from workbook.exhibits.audience import persona_cards, segment_attractiveness
from workbook.exhibits.case import Case
from workbook.exhibits.changes import recent_changes
from workbook.exhibits.choice import attribute_importance, willingness_to_pay
from workbook.exhibits.decided import decided, open_points_of, plan_summary
from workbook.exhibits.decided import open_points_exhibit as open_points
from workbook.exhibits.exhibit import MIME, Card, Column, Exhibit, Tag
from workbook.exhibits.features import kano_quadrant, maxdiff_shares, turf_reach
from workbook.exhibits.glossary import glossary
from workbook.exhibits.loyalty import brand_awareness, recommendation
from workbook.exhibits.mix import budget_split, next_euro, response_curves
from workbook.exhibits.needs import opportunity_landscape, opportunity_scores
from workbook.exhibits.positioning import claims_and_proofs, needs_coverage, positioning_statement
from workbook.exhibits.price import acceptable_prices, demand_and_revenue
from workbook.exhibits.progress import charter_completeness, plan_progress
from workbook.exhibits.scenarios import scenario_differences, scenario_figures
from workbook.exhibits.screening import screening
from workbook.exhibits.standing import links_overview, stale_items

__all__ = [
    "MIME",
    "Card",
    "Case",
    "Column",
    "Exhibit",
    "Tag",
    "acceptable_prices",
    "attribute_importance",
    "brand_awareness",
    "budget_split",
    "charter_completeness",
    "claims_and_proofs",
    "decided",
    "demand_and_revenue",
    "glossary",
    "kano_quadrant",
    "links_overview",
    "maxdiff_shares",
    "needs_coverage",
    "next_euro",
    "open_points",
    "open_points_of",
    "opportunity_landscape",
    "opportunity_scores",
    "persona_cards",
    "plan_progress",
    "plan_summary",
    "positioning_statement",
    "recent_changes",
    "recommendation",
    "response_curves",
    "scenario_differences",
    "scenario_figures",
    "screening",
    "segment_attractiveness",
    "stale_items",
    "turf_reach",
    "willingness_to_pay",
]
