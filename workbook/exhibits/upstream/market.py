"""What people say: the themes of their feedback in their own words, and what each brand is known for."""

import pandas as pd

from workbook.answer import Answer
from workbook.exhibits.adopting import evidenced, offered, proposal
from workbook.exhibits.case import Case
from workbook.exhibits.exhibit import Card, Column, Exhibit, Tag
from workbook.exhibits.studied import no_study_yet, notes_on
from workbook.language import N_, _, listed, number, percent, plural
from workbook.plan.adoption import Proposal
from workbook.plan.model import Mood, new_id

__all__ = ["brand_map", "feedback_themes"]

REACH = 1.15
"""Axes of the map end this far beyond the farthest point."""

STARS, QUOTE = 5.0, 500
"""The scale of the plan's ratings, and letters kept of a quotation."""

LOW, HIGH = 0.4, 0.7
"""Ratings below this share of the scale's length are a complaint, above the other one praise: judgement."""


def feedback_themes(case: Case) -> Exhibit:
    """Show the themes of reviews and comments, worst rated first, with examples as written."""
    answer = case.answer("feedback-themes")
    if answer is None or answer.rows is None:
        return no_study_yet(
            "feedback_themes",
            _(N_("Bring in reviews or comments, one row each, the bad ones too, and their themes stand here.")),
        )
    rated = answer.rows["rating"].notna().any()
    table = answer.rows.assign(rating=answer.rows["rating"].astype(float))
    words = {"low": _(N_("complaint")), "middle": _(N_("mixed")), "high": _(N_("praise")), "": _(N_("no rating"))}
    table["kind"] = [_mood(rating, _top(table["rating"])) for rating in table["rating"]]
    table["mood"] = table["kind"].map(words)
    table["theme"] = table["theme"].str.capitalize()
    table["shown"] = [_share_and_rating(row.share, row.rating) for row in table.itertuples()]
    figures = zip(table["share"], table["rating"], strict=True)
    table["figures"] = [
        f"{percent(share)} · {number(rating, 1)}" if rated else percent(share) for share, rating in figures
    ]
    table["in_words"] = [", ".join(words) for words in table["words"]]
    table["example"] = [f"“{examples[0]}”" for examples in table["examples"]]
    order = [word for word in words.values() if word in set(table["mood"])] if rated else [words[""]]
    from workbook.exhibits.charts.customers import theme_bars

    return Exhibit(
        "feedback_themes",
        _themes_found(table, rated=bool(rated)),
        table,
        (
            Column("theme", _(N_("Theme"))),
            Column("share", _(N_("Share of the texts")), "percent"),
            *((Column("rating", _(N_("Mean rating")), "number", 1),) if rated else ()),
            Column("in_words", _(N_("Its words"))),
            Column("example", _(N_("In their words"))),
        ),
        theme_bars(
            table,
            labels={
                "theme": _(N_("Theme")),
                "share": _(N_("Share of the texts")),
                "axis": _(N_("Share of the texts · mean rating")) if rated else _(N_("Share of the texts")),
                "order": "|".join(order),
            },
        ),
        cards=tuple(
            Card(row.theme, row.shown, ((_(N_("In their words")), tuple(f"“{text}”" for text in row.examples)),))
            for row in table.itertuples()
        ),
        tags=(
            Tag("observed", plural("one text", "{count} texts", answer.n or 0)),
            *((Tag("note", _(N_("read with care"))),) if answer.warnings else ()),
        ),
        method=notes_on(case, "feedback-themes", answer),
        n=answer.n,
        proposals=_theme_proposals(case, answer, table),
    )


def _theme_proposals(case: Case, answer: Answer, table: pd.DataFrame) -> tuple[Proposal, ...]:
    """Return each theme as one of the plan's, with its mood, how often it comes up, its rating and the words of customers."""
    moods = {"low": Mood.COMPLAINT, "middle": Mood.MIXED, "high": Mood.PRAISE}
    stars = _top(table["rating"]) == STARS
    proposals = []
    for row in table.itertuples(index=False):
        about = new_id(row.theme, ())
        path = evidenced(case, "themes", f"feedback-themes-{about}") or f"/themes/{new_id(row.theme, case.plan.ids)}"
        mood = {"mood": moods[row.kind].value} if row.kind else {}
        segment = {"segment": case.segment} if case.segment else {}
        quotes = {"quotes": [" ".join(text.split())[:QUOTE] for text in row.examples]}
        rated = {f"{path}/rating": round(float(row.rating), 2)} if row.rating == row.rating and stars else {}
        proposals.append(
            proposal(
                case,
                "feedback-themes",
                answer,
                about=about,
                name=_(N_("“{theme}”: {share} of the texts"), theme=row.theme, share=percent(row.share)),
                figure=row.share,
                item=path,
                adds={path: {"name": row.theme} | mood | segment | quotes},
                fills={f"{path}/mentions": int(row.n)} | rated,
            )
        )
    return offered(case, proposals)


def brand_map(case: Case) -> Exhibit:
    """Lay brands and attributes out in one map, by what each brand is known for more than others are."""
    answer = case.answer("perceptual-map")
    if answer is None or answer.rows is None:
        return no_study_yet(
            "brand_map",
            _(N_("Ask which attributes people tie to which brand, bring the counts in, and the map is drawn here.")),
        )
    table = answer.rows.assign(quality_shown=[percent(quality) for quality in answer.rows["quality"]])
    kinds = {"brand": _(N_("Brand")), "attribute": _(N_("Attribute"))}
    table["kind_words"] = table["kind"].map(kinds)
    reach = REACH * max(float(table[["x", "y"]].abs().to_numpy().max()), 1e-9)
    inertia = [*answer.figures["inertia"], 0.0][:2]
    first, second = (percent(value / answer.figures["total_inertia"]) for value in inertia)
    from workbook.exhibits.charts.customers import brand_biplot

    return Exhibit(
        "brand_map",
        _map_found(table, answer.figures["shown"]),
        table,
        (
            Column("name", _(N_("Name"))),
            Column("kind_words", _(N_("Brand or attribute"))),
            Column("x", _(N_("Across")), "number", 2),
            Column("y", _(N_("Up")), "number", 2),
            Column("quality", _(N_("Shown by the map")), "percent"),
        ),
        brand_biplot(
            table,
            labels={
                "x": _(N_("First dimension, {share} of the differences"), share=first),
                "y": _(N_("Second dimension, {share}"), share=second),
                "name": _(N_("Name")),
                "quality": _(N_("Shown by the map")),
            },
            reach=reach,
        ),
        tags=(
            Tag("observed", plural("one mention", "{count} mentions", answer.n or 0)),
            *((Tag("note", _(N_("read with care"))),) if answer.warnings else ()),
        ),
        method=notes_on(case, "perceptual-map", answer)
        + " "
        + _(N_("Pale points are shown badly; a brand is known for the attributes that lie in its direction.")),
        n=answer.n,
    )


def _top(ratings: pd.Series) -> float:
    """Return the top of the scale the ratings are on: 5, 10 or 100."""
    highest = float(ratings.max()) if ratings.notna().any() else 5.0
    return next((top for top in (5.0, 10.0, 100.0) if highest <= top), highest)


def _mood(rating: float, top: float) -> str:
    if rating != rating:
        return ""
    share = (rating - 1) / (top - 1)
    return "low" if share < LOW else "high" if share > HIGH else "middle"


def _share_and_rating(share: float, rating: float) -> str:
    if rating != rating:
        return percent(share)
    return _(N_("{share}, rated {rating}"), share=percent(share), rating=number(rating, 1))


def _themes_found(table: pd.DataFrame, *, rated: bool) -> str:
    first = table.iloc[0]
    if not rated:
        return _(
            N_("People write most about {words}: {share} of the texts."),
            words=listed([f"“{word}”" for word in first["words"][:3]]),
            share=percent(first["share"]),
        )
    return _(
        N_("Worst rated is what people write about {words}: {rating} on average, {share} of the texts."),
        words=listed([f"“{word}”" for word in first["words"][:3]]),
        rating=number(first["rating"], 1),
        share=percent(first["share"]),
    )


def _map_found(table: pd.DataFrame, shown: float) -> str:
    """Say of the brand that stands out most which attribute lies in its direction."""
    brands, attributes = (table[table["kind"] == kind] for kind in ("brand", "attribute"))
    far = brands.loc[(brands["x"] ** 2 + brands["y"] ** 2).idxmax()]
    along = attributes["x"] * far["x"] + attributes["y"] * far["y"]
    return _(
        N_("“{brand}” stands out most, and is known for “{attribute}”; the map shows {share} of the differences."),
        brand=far["name"],
        attribute=attributes.loc[along.idxmax(), "name"],
        share=percent(shown),
    )
