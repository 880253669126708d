"""What has the team adopted, from which table, how good is it, and does it still hold?"""

import pandas as pd

from workbook.errors import StoreError
from workbook.exhibits.case import Case
from workbook.exhibits.exhibit import Column, Exhibit, Tag
from workbook.exhibits.studied import method_in_words
from workbook.language import N_, _, date_words, number, plural
from workbook.plan.model import Finding

__all__ = ["adopted_findings"]


def adopted_findings(case: Case) -> Exhibit:
    """List the adopted findings with interval, n, grade, source and day, the outdated ones first."""
    findings = case.plan.findings
    if not findings:
        return Exhibit(
            "adopted_findings",
            _(
                N_(
                    "Nothing has been adopted yet: every figure in the plan is the team's judgement. Adopt what a study says."
                )
            ),
            empty=True,
        )
    stale = {one.node for one in case.stale}
    rows = [_row(one, case, old=one.id in stale or _moved(one, case)) for one in findings]
    table = pd.DataFrame(rows).sort_values("old", ascending=False, kind="stable", ignore_index=True)
    old = int(table["old"].sum())
    derived = sum(bool(one.basis) for one in findings)
    parts = []
    if derived < len(findings):
        parts.append(
            plural(
                "One figure of the plan rests on a study.",
                "{count} figures of the plan rest on studies.",
                len(findings) - derived,
            )
        )
    if derived:
        parts.append(
            plural("One was worked out from the plan itself.", "{count} were worked out from the plan itself.", derived)
        )
    if old:
        parts.append(
            plural(
                "One is out of date: what it was worked out from has changed since it was adopted.",
                "{count} are out of date: what they were worked out from has changed since they were adopted.",
                old,
            )
        )
    return Exhibit(
        "adopted_findings",
        " ".join(parts),
        table,
        (
            Column("says", _(N_("What it says"))),
            Column("interval", _(N_("Interval"))),
            Column("n", _(N_("Answers")), "number", 0),
            Column("grade", _(N_("Grade"))),
            Column("source", _(N_("Source"))),
            Column("method", _(N_("Method"))),
            Column("adopted", _(N_("Adopted on"))),
            Column("state", _(N_("State"))),
        ),
        tags=(Tag("stale", plural("one is out of date", "{count} are out of date", old)),) if old else (),
        method=_(
            N_(
                "A: own data, 100 answers or more, with an interval; B: own data from fewer; D: the team's judgement. Renew an "
                "outdated figure by adopting it again."
            )
        ),
    )


def _row(one: Finding, case: Case, *, old: bool) -> dict[str, object]:
    known = one.low is not None and one.high is not None
    state = N_("out of date") if old else N_("holds") if one.fills else N_("holds, as evidence only")
    return {
        "says": one.label,
        "interval": f"{number(one.low)} – {number(one.high)}" if known else "–",
        "n": float("nan") if one.n is None else one.n,
        "grade": one.grade.value,
        "source": case.plan.name_of(one.study) or one.table or (_(N_("the plan itself")) if one.basis else "–"),
        "method": method_in_words(one.analysis) or "–",
        "adopted": date_words(one.adopted) if one.adopted else "–",
        "state": _(state),
        "old": old,
    }


def _moved(one: Finding, case: Case) -> bool:
    """Whether the table of the finding's study is another one today, or gone."""
    if not one.study or not one.fingerprint:
        return False
    try:
        return case.workspace.fingerprint(one.study, case.plan) != one.fingerprint
    except StoreError:
        return True
