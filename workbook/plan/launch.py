"""When is whom told of a release? The day a notice goes out: its date, else its release's date less the days before it."""

from datetime import date, timedelta

from workbook.plan.model import Notice, Plan, Release

__all__ = ["goes_out"]


def goes_out(notice: Notice, plan: Plan) -> date | None:
    """Return the day on which ``notice`` goes out; None while neither it nor its release says."""
    release = plan.item(notice.release)
    if notice.date is not None:
        return notice.date
    if not isinstance(release, Release) or release.date is None or notice.days_before is None:
        return None
    return release.date - timedelta(days=notice.days_before)
