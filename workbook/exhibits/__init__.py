"""What a reader sees: one function an exhibit, each from a case to a sentence, a table and a chart."""

from workbook.exhibits.case import Case
from workbook.exhibits.channels.balance import (
    alignment_shares,
    balance_moves,
    balance_share,
    existing_and_new,
    make_or_buy,
    small_business,
)
from workbook.exhibits.channels.catalogue import tactic_cards, tactics
from workbook.exhibits.channels.curves import observed_curves, tested_curve
from workbook.exhibits.channels.mix import response_curves
from workbook.exhibits.channels.months import spend_by_month
from workbook.exhibits.channels.programmes import programmes_pay
from workbook.exhibits.channels.ranges import next_test, outcome_ranges, robust_split
from workbook.exhibits.channels.screening import criteria_weights, screening
from workbook.exhibits.channels.split import budget_frontier, budget_split, next_euro
from workbook.exhibits.decided import decided, open_points_of, plan_summary
from workbook.exhibits.decided import open_points_exhibit as open_points
from workbook.exhibits.downstream.agreement import goal_and_split, service_agreement
from workbook.exhibits.downstream.campaign_cards import campaign_briefs, personal_messages
from workbook.exhibits.downstream.campaigns import (
    asset_inventory,
    assets_by_campaign,
    campaign_matrix,
    campaigns_by_need,
    journey_messages,
)
from workbook.exhibits.downstream.course import course_to_goal, reallocation, variance_parts
from workbook.exhibits.downstream.followup import follow_up_breaches, response_times
from workbook.exhibits.downstream.handover import lead_values_by_source, lead_waterfall, pacing_line, sales_capacity
from workbook.exhibits.downstream.launch import campaign_calendar, launch_notices, work_by_week
from workbook.exhibits.downstream.measures import (
    actuals_from_table,
    indicator_definitions,
    indicator_status,
    money_figures,
)
from workbook.exhibits.downstream.planned_tests import idea_tests, test_sizes, tests_and_curves
from workbook.exhibits.downstream.quotas import lead_quotas, quotas_by_region
from workbook.exhibits.downstream.readouts import adaptive_regret, adaptive_shares, split_check, test_readouts
from workbook.exhibits.downstream.shortfalls import lead_sources, stage_shortfalls, upstream_questions
from workbook.exhibits.downstream.targets import derived_targets
from workbook.exhibits.downstream.upheld import messages_and_advantages, offers_and_floors
from workbook.exhibits.exhibit import MIME, Attachment, Card, Column, Exhibit, Tag
from workbook.exhibits.overview.answers import decisions_needed, four_answers, money_leaks
from workbook.exhibits.overview.changes import recent_changes
from workbook.exhibits.overview.evidence import adopted_findings
from workbook.exhibits.overview.flow import money_flow, outcome_paths, what_if_outcome
from workbook.exhibits.overview.glossary import glossary
from workbook.exhibits.overview.progress import charter_completeness, plan_progress
from workbook.exhibits.overview.scenarios import scenario_differences, scenario_figures, scenario_splits
from workbook.exhibits.overview.standing import links_overview, stale_items
from workbook.exhibits.readiness import readiness
from workbook.exhibits.sources import sources
from workbook.exhibits.upstream.audience import (
    persona_cards,
    segment_attractiveness,
    segment_decisions,
    share_of_wallet,
)
from workbook.exhibits.upstream.choice import attribute_importance, willingness_to_pay
from workbook.exhibits.upstream.competitors import (
    competitive_moves,
    market_factors,
    market_size,
    price_map,
    strategy_canvas,
)
from workbook.exhibits.upstream.customers import retention_curves, value_by_segment
from workbook.exhibits.upstream.features import kano_quadrant, maxdiff_shares, turf_reach
from workbook.exhibits.upstream.fit import value_fit
from workbook.exhibits.upstream.groups import data_segments, number_of_segments
from workbook.exhibits.upstream.house import brand_voice, message_house
from workbook.exhibits.upstream.journey import customer_journey
from workbook.exhibits.upstream.loyalty import brand_awareness, loyalty_economics, recommendation
from workbook.exhibits.upstream.market import brand_map, feedback_themes
from workbook.exhibits.upstream.needs import opportunity_landscape, opportunity_scores
from workbook.exhibits.upstream.offers import offer_economics, packages
from workbook.exhibits.upstream.one_page import one_pager
from workbook.exhibits.upstream.positioning import claims_and_proofs, needs_coverage, positioning_statement
from workbook.exhibits.upstream.price import acceptable_prices, demand_and_revenue
from workbook.exhibits.upstream.pricing import price_options, trial_economics
from workbook.exhibits.upstream.roadmap import idea_ranking, release_chain, release_timeline
from workbook.exhibits.upstream.simulator import package_shares, price_and_share
from workbook.exhibits.upstream.trends import new_markets, trend_timeline
from workbook.exhibits.upstream.usage import usage_by_segment
from workbook.exhibits.workshop import (
    candidates_in_order,
    channel_votes,
    compared_in_pairs,
    confidence_votes,
    decision_log,
    dot_votes,
    gathered_notes,
    need_votes,
    parking_lot,
    plus_and_delta,
    satisfaction_votes,
    segment_votes,
    three_point_votes,
    workshop_agenda,
    workshop_summary,
)

__all__ = [
    "MIME",
    "Attachment",
    "Card",
    "Case",
    "Column",
    "Exhibit",
    "Tag",
    "acceptable_prices",
    "actuals_from_table",
    "adaptive_regret",
    "adaptive_shares",
    "adopted_findings",
    "alignment_shares",
    "asset_inventory",
    "assets_by_campaign",
    "attribute_importance",
    "balance_moves",
    "balance_share",
    "brand_awareness",
    "brand_map",
    "brand_voice",
    "budget_frontier",
    "budget_split",
    "campaign_briefs",
    "campaign_calendar",
    "campaign_matrix",
    "campaigns_by_need",
    "candidates_in_order",
    "channel_votes",
    "charter_completeness",
    "claims_and_proofs",
    "compared_in_pairs",
    "competitive_moves",
    "confidence_votes",
    "course_to_goal",
    "criteria_weights",
    "customer_journey",
    "data_segments",
    "decided",
    "decision_log",
    "decisions_needed",
    "demand_and_revenue",
    "derived_targets",
    "dot_votes",
    "existing_and_new",
    "feedback_themes",
    "follow_up_breaches",
    "four_answers",
    "gathered_notes",
    "glossary",
    "goal_and_split",
    "idea_ranking",
    "idea_tests",
    "indicator_definitions",
    "indicator_status",
    "journey_messages",
    "kano_quadrant",
    "launch_notices",
    "lead_quotas",
    "lead_sources",
    "lead_values_by_source",
    "lead_waterfall",
    "links_overview",
    "loyalty_economics",
    "make_or_buy",
    "market_factors",
    "market_size",
    "maxdiff_shares",
    "message_house",
    "messages_and_advantages",
    "money_figures",
    "money_flow",
    "money_leaks",
    "need_votes",
    "needs_coverage",
    "new_markets",
    "next_euro",
    "next_test",
    "number_of_segments",
    "observed_curves",
    "offer_economics",
    "offers_and_floors",
    "one_pager",
    "open_points",
    "open_points_of",
    "opportunity_landscape",
    "opportunity_scores",
    "outcome_paths",
    "outcome_ranges",
    "pacing_line",
    "package_shares",
    "packages",
    "parking_lot",
    "persona_cards",
    "personal_messages",
    "plan_progress",
    "plan_summary",
    "plus_and_delta",
    "positioning_statement",
    "price_and_share",
    "price_map",
    "price_options",
    "programmes_pay",
    "quotas_by_region",
    "readiness",
    "reallocation",
    "recent_changes",
    "recommendation",
    "release_chain",
    "release_timeline",
    "response_curves",
    "response_times",
    "retention_curves",
    "robust_split",
    "sales_capacity",
    "satisfaction_votes",
    "scenario_differences",
    "scenario_figures",
    "scenario_splits",
    "screening",
    "segment_attractiveness",
    "segment_decisions",
    "segment_votes",
    "service_agreement",
    "share_of_wallet",
    "small_business",
    "sources",
    "spend_by_month",
    "split_check",
    "stage_shortfalls",
    "stale_items",
    "strategy_canvas",
    "tactic_cards",
    "tactics",
    "test_readouts",
    "test_sizes",
    "tested_curve",
    "tests_and_curves",
    "three_point_votes",
    "trend_timeline",
    "trial_economics",
    "turf_reach",
    "upstream_questions",
    "usage_by_segment",
    "value_by_segment",
    "value_fit",
    "variance_parts",
    "what_if_outcome",
    "willingness_to_pay",
    "work_by_week",
    "workshop_agenda",
    "workshop_summary",
]
