"""The plan: everything a team decides, in one frozen model, in the order in which it is decided."""

from functools import cached_property
from typing import Any

from pydantic import Field

from workbook.plan.model.audience import AttractivenessWeights, Need, Persona, Segment
from workbook.plan.model.charter import Charter
from workbook.plan.model.evidence import Study
from workbook.plan.model.fields import Item, Part, items_in
from workbook.plan.model.mix import Budget, Channel, Criterion, Curve
from workbook.plan.model.positioning import Advantage, Alternative, Attribute, Positioning

__all__ = ["Plan"]


def _section(title: str, help: str, add: str = "") -> Any:
    return {"title": title, "description": help, "json_schema_extra": {"add": add} if add else None}


class Plan(Part):
    """
    One plan, upstream to downstream.

    The model checks shapes and ranges only, so that an unfinished plan can be stored; what is missing or does not fit
    together is named by ``plan.checks``.
    """

    charter: Charter = Field(Charter(), **_section("Charter", "What the team set out to do."))
    studies: tuple[Study, ...] = Field(
        (), **_section("Studies", "Tables of answers and records the plan rests on.", "Add a study")
    )
    attractiveness: AttractivenessWeights = Field(
        AttractivenessWeights(),
        **_section("What makes a segment attractive", "Weights from 0 to 100; only the proportions matter."),
    )
    segments: tuple[Segment, ...] = Field(
        (), **_section("Segments", "Groups of customers that could be served as one.", "Add a segment")
    )
    personas: tuple[Persona, ...] = Field(
        (), **_section("Personas", "The people in a segment whom the plan speaks to.", "Add a persona")
    )
    needs: tuple[Need, ...] = Field(
        (), **_section("Needs", "What they want to get done, in their words.", "Add a need")
    )
    alternatives: tuple[Alternative, ...] = Field(
        (), **_section("Alternatives", "What customers would do if we did not exist.", "Add an alternative")
    )
    attributes: tuple[Attribute, ...] = Field(
        (), **_section("Attributes", "What we have or can do, as facts with proofs.", "Add an attribute")
    )
    advantages: tuple[Advantage, ...] = Field(
        (), **_section("Advantages", "The value that attributes give, and to which need.", "Add an advantage")
    )
    positioning: Positioning = Field(
        Positioning(), **_section("Positioning", "For whom, instead of what, in which category.")
    )
    criteria: tuple[Criterion, ...] = Field(
        (), **_section("Criteria", "What channels are judged by.", "Add a criterion")
    )
    channels: tuple[Channel, ...] = Field(
        (), **_section("Channels", "Ways to reach the people of the target segments.", "Add a channel")
    )
    curves: tuple[Curve, ...] = Field(
        (), **_section("Response curves", "What each channel brings for what is spent on it.", "Add a curve")
    )
    budget: Budget = Field(Budget(), **_section("Budget", "The money to split over the channels."))

    @cached_property
    def _index(self) -> dict[str, tuple[str, Item]]:
        return {item.id: (path, item) for path, item in items_in(self)}

    def item(self, id: str | None) -> Item | None:
        """Return the item with this id, at any depth, or None."""
        found = self._index.get(id) if id else None
        return found[1] if found else None

    def path(self, id: str) -> str:
        """Return the path of the item with this id: ``/needs/test-alone``. Raises KeyError when there is none."""
        return self._index[id][0]

    def name_of(self, id: str | None) -> str:
        """Return what people call the item with this id; the id itself when it is gone, nothing for None."""
        item = self.item(id)
        return item.label if item else id or ""

    @property
    def ids(self) -> frozenset[str]:
        """Ids in use, at any depth."""
        return frozenset(self._index)
