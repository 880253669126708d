"""The groups that respondents fall into by themselves, what speaks for their number, and which of our segments they are."""

from dataclasses import dataclass
from math import sqrt
from typing import Any

import pandas as pd

from workbook.answer import Answer
from workbook.exhibits.adopting import evidenced, offered, proposal
from workbook.exhibits.case import Case
from workbook.exhibits.exhibit import Column, Exhibit, Tag
from workbook.exhibits.studied import name_in_words, no_study_yet, notes_on, observed
from workbook.language import N_, _, listed, number, percent, plural
from workbook.plan.adoption import Proposal
from workbook.plan.model import new_id

__all__ = ["data_segments", "number_of_segments"]

STABLE = 0.8
"""Stability from which on groups count as found again (``research.segments``)."""

APART, MIXED = 0.2, 3
"""Agreement (adjusted Rand index, 0 as by chance) under which two ways to group have little in common; segments named."""

TOLD = 3
"""Questions that describe a group: those on which it is farthest from all."""


def data_segments(case: Case) -> Exhibit:
    """Show the groups that respondents fall into by themselves, by what each answers."""
    answer = case.answer("segments")
    if answer is None:
        return no_study_yet(
            "data_segments",
            _(
                N_(
                    "Bring in a survey or an export of your CRM, one row a respondent, numbers or yes and no, and its groups "
                    "stand here."
                )
            ),
        )
    figures, shares = answer.figures, [size / sum(answer.figures["sizes"]) for size in answer.figures["sizes"]]
    names = [_(N_("Group {number}"), number=number(i + 1)) for i in range(len(shares))]
    questions = list(figures["profiles"][0])
    spread = _spread(figures)
    cells = [
        {
            "question": question.capitalize(),
            "group": f"{name} ({percent(share)})",
            "distance": (profile[question] - spread[question][0]) / spread[question][1],
            "shown": _said(profile[question], spread[question][2]),
        }
        for question in questions
        for name, share, profile in zip(names, shares, figures["profiles"], strict=True)
    ]
    table = pd.DataFrame(
        [
            {"group": name, "size": size, "share": share, **{f"q{i}": profile[q] for i, q in enumerate(questions)}}
            for name, size, share, profile in zip(names, figures["sizes"], shares, figures["profiles"], strict=True)
        ]
    )
    own = _beside_ours(case, answer)
    if own is not None:
        table["ours"] = own.mix
    from workbook.exhibits.charts.customers import group_profiles

    return Exhibit(
        "data_segments",
        _groups_found(figures, shares) + (f" {own.finding}" if own is not None else ""),
        table,
        (
            Column("group", _(N_("Group"))),
            Column("size", _(N_("Respondents")), "number", 0),
            Column("share", _(N_("Share")), "percent"),
            *((Column("ours", _(N_("Of our segments"))),) if own is not None else ()),
            *(
                Column(f"q{i}", q.capitalize(), "percent" if spread[q][2] else "number")
                for i, q in enumerate(questions)
            ),
        ),
        group_profiles(
            pd.DataFrame(cells),
            labels={"question": _(N_("Question")), "group": _(N_("Group")), "answer": _(N_("Answer"))},
        ),
        tags=(*observed(answer), Tag("note", _(N_("stability {value}"), value=number(figures["stability"], 2)))),
        method=notes_on(case, "segments", answer),
        n=answer.n,
        proposals=_group_proposals(case, answer, names, shares, spread),
    )


@dataclass(frozen=True)
class _BesideOurs:
    """Which of the team's segments each group is made of, in words, and what that says."""

    mix: list[str]
    finding: str


def _beside_ours(case: Case, answer: Answer) -> _BesideOurs | None:
    """Return how the groups lie across the team's own segments; None where the answers name none or only one."""
    checked = case.answers("segments")
    if checked is None or answer.rows is None or "segment" not in checked.rows.columns or answer.figures["k"] < 2:
        return None
    ours = checked.rows.drop_duplicates("respondent").set_index("respondent")["segment"].dropna()
    both = answer.rows.assign(ours=answer.rows["respondent"].map(ours)).dropna(subset="ours")
    if both["ours"].nunique() < 2:
        return None
    from sklearn.metrics import adjusted_rand_score

    mix = []
    for place in range(1, answer.figures["k"] + 1):
        shares = both.loc[both["segment"] == place, "ours"].value_counts(normalize=True).head(MIXED)
        mix.append(listed([f"{name_in_words(case, str(id))} {percent(share)}" for id, share in shares.items()]))
    alike = float(adjusted_rand_score(both["segment"], both["ours"]))
    template = (
        N_("They are much the same as the team's own segments (agreement {value})")
        if alike >= STABLE
        else N_("They cut across the team's own segments (agreement {value})")
        if alike < APART
        else N_("They resemble the team's own segments in part (agreement {value})")
    )
    return _BesideOurs(mix, _(template, value=number(alike, 2)) + ".")


def _group_proposals(
    case: Case, answer: Answer, names: list[str], shares: list[float], spread: dict[str, tuple[float, float, bool]]
) -> tuple[Proposal, ...]:
    """Return each group as a further segment, where others would find the same groups; the team names and keeps them."""
    figures = answer.figures
    if figures["k"] < 2 or figures["stability"] < STABLE:
        return ()
    proposals = []
    for place, (name, share, profile) in enumerate(zip(names, shares, figures["profiles"], strict=True), start=1):
        path = evidenced(case, "segments", f"segments-{place}") or f"/segments/{new_id(name, case.plan.ids)}"
        far = sorted(profile, key=lambda q: -abs(profile[q] - spread[q][0]) / spread[q][1])[:TOLD]
        apart = [
            _(
                N_("{question} {value} (all: {mean})"),
                question=question,
                value=_said(profile[question], spread[question][2]),
                mean=_said(spread[question][0], spread[question][2]),
            )
            for question in far
        ]
        says = _(
            N_("{group}, {share} of the respondents: {answers}"),
            group=name,
            share=percent(share),
            answers="; ".join(apart),
        )
        proposals.append(
            proposal(
                case,
                "segments",
                answer,
                about=str(place),
                name=says,
                figure=share,
                n=int(figures["sizes"][place - 1]),
                item=path,
                adds={path: {"name": name, "description": f"{says}."}},
            )
        )
    return offered(case, proposals)


def number_of_segments(case: Case) -> Exhibit:
    """Show what speaks for each number of groups: BIC, and how much groups of other samples agree."""
    answer = case.answer("segments")
    if answer is None:
        return no_study_yet(
            "number_of_segments",
            _(N_("With that table, how many groups there are, and how stable they are, stands here.")),
        )
    table = pd.DataFrame(answer.figures["by_k"])
    table["chosen"] = table["k"] == answer.figures["k"]
    chosen = table[table["chosen"]].iloc[0]
    from workbook.exhibits.charts.customers import groups_by_count

    return Exhibit(
        "number_of_segments",
        plural(
            "The answers fall into one group; the team decides whether to split it.",
            "{count} groups are offered, found again with a stability of {stability}; the team decides.",
            int(chosen["k"]),
            stability=number(chosen["stability"], 2),
        ),
        table,
        (
            Column("k", _(N_("Groups")), "number", 0),
            Column("bic", _(N_("BIC, lower is better")), "number", 0),
            Column("stability", _(N_("Stability, 0 to 1")), "number", 2),
        ),
        groups_by_count(
            table,
            labels={
                "k": _(N_("Groups")),
                "bic": _(N_("BIC, lower is better")),
                "stability": _(N_("Stability, 0 to 1")),
            },
            stable=STABLE,
        ),
        tags=observed(answer),
        method=notes_on(case, "segments", answer),
        n=answer.n,
    )


def _spread(figures: Any) -> dict[str, tuple[float, float, bool]]:
    """Return of each question the mean of all, a scale for distances from it, and whether it is a yes or no."""
    sizes, found = figures["sizes"], {}
    for question in figures["profiles"][0]:
        means = [profile[question] for profile in figures["profiles"]]
        mean = sum(size * one for size, one in zip(sizes, means, strict=True)) / sum(sizes)
        shares = all(0 <= one <= 1 for one in means)
        between = sqrt(sum(size * (one - mean) ** 2 for size, one in zip(sizes, means, strict=True)) / sum(sizes))
        found[question] = (mean, sqrt(mean * (1 - mean)) if shares and 0 < mean < 1 else between or 1.0, shares)
    return found


def _said(value: float, share: bool) -> str:
    return percent(value) if share else number(value, 1)


def _groups_found(figures: Any, shares: list[float]) -> str:
    if figures["k"] == 1:
        return _(N_("The answers fall into no groups: what sets respondents apart is not of a piece."))
    found = _(
        N_("Respondents fall into {count} groups; the largest holds {share} of them."),
        count=number(figures["k"]),
        share=percent(shares[0]),
    )
    again = (
        N_("Other samples give the same groups (stability {value}).")
        if figures["stability"] >= STABLE
        else N_("Other samples give other groups (stability {value}), so do not build on them yet.")
    )
    return found + " " + _(again, value=number(figures["stability"], 2))
