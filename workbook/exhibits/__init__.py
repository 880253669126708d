"""What a reader sees: one function an exhibit, each from a case to a sentence, a table and a chart."""

from workbook.exhibits.audience import persona_cards, segment_attractiveness
from workbook.exhibits.case import Case
from workbook.exhibits.decided import decided, open_points_of, plan_summary
from workbook.exhibits.decided import open_points_exhibit as open_points
from workbook.exhibits.exhibit import MIME, Card, Column, Exhibit, Tag
from workbook.exhibits.mix import budget_split, next_euro, response_curves, screening
from workbook.exhibits.needs import opportunity_landscape, opportunity_scores
from workbook.exhibits.positioning import claims_and_proofs, needs_coverage, positioning_statement

__all__ = [
    "MIME",
    "Card",
    "Case",
    "Column",
    "Exhibit",
    "Tag",
    "budget_split",
    "claims_and_proofs",
    "decided",
    "needs_coverage",
    "next_euro",
    "open_points",
    "open_points_of",
    "opportunity_landscape",
    "opportunity_scores",
    "persona_cards",
    "plan_summary",
    "positioning_statement",
    "response_curves",
    "screening",
    "segment_attractiveness",
]
