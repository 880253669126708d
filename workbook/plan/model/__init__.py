"""The plan's models, one module for each stage of planning."""

from workbook.plan.model.audience import AttractivenessWeights, Need, Persona, Segment, Targeting
from workbook.plan.model.charter import Charter, Currency, Member, Period
from workbook.plan.model.evidence import Basis, Evidence, Grade, Study
from workbook.plan.model.fields import Choice, FieldShape, Item, Part, Ref, Value, items_in, new_id, shapes, tree
from workbook.plan.model.mix import Budget, Channel, Criterion, Curve, Direction, Side, ThreePoint
from workbook.plan.model.plan import Plan
from workbook.plan.model.positioning import Advantage, Alternative, Attribute, Positioning

__all__ = [
    "Advantage",
    "Alternative",
    "AttractivenessWeights",
    "Attribute",
    "Basis",
    "Budget",
    "Channel",
    "Charter",
    "Choice",
    "Criterion",
    "Currency",
    "Curve",
    "Direction",
    "Evidence",
    "FieldShape",
    "Grade",
    "Item",
    "Member",
    "Need",
    "Part",
    "Period",
    "Persona",
    "Plan",
    "Positioning",
    "Ref",
    "Segment",
    "Side",
    "Study",
    "Targeting",
    "ThreePoint",
    "Value",
    "items_in",
    "new_id",
    "shapes",
    "tree",
]
