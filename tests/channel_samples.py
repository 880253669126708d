"""The sample plan with more channels than it ships with, for tests and benchmarks."""

from workbook.forms.live import LivePlan
from workbook.plan.workspace import Workspace


def double_channels(workspace: Workspace) -> None:
    """Have the sample's six channels and their curves there twice."""
    live = LivePlan(workspace, "adaptive-test")
    for curve in list(live.plan.curves):
        channel = live.copy(f"/channels/{curve.channel}")
        live.edit(f"/curves/{live.copy(f'/curves/{curve.id}')}/channel", channel)
    assert len(live.plan.channels) == 12
