"""The briefs of a plan's campaigns as files to hand on: one a campaign, as Markdown or as a page that needs nothing else.

They hold what the cards of ``exhibits.campaign_briefs`` hold. What a person typed is text in both.
"""

from html import escape
from pathlib import Path
from typing import Literal

from workbook.errors import PlanError
from workbook.exhibits.case import Case
from workbook.exhibits.downstream.campaign_cards import brief_cards
from workbook.exhibits.exhibit import Card, card_html, card_markdown
from workbook.exhibits.theme import tokens_css
from workbook.exhibits.view import card_css
from workbook.language import N_, _, current
from workbook.plan.files import write_atomically

__all__ = ["Format", "write_briefs"]

Format = Literal["markdown", "html"]

ENDINGS = {"markdown": "md", "html": "html"}


def write_briefs(case: Case, folder: Path, *, format: Format = "markdown") -> list[Path]:
    """
    Write a brief for each campaign of the case into ``folder``, named by the campaign's id, and return the files.

    Raises PlanError when there is no campaign.
    """
    cards = brief_cards(case)
    if not cards:
        raise PlanError(N_("“{plan}” has no campaign yet. Add one in step 9."), plan=case.plan_id)
    plan = case.plan.charter.title or case.plan_id
    files = []
    for id, card in cards.items():
        # Ids are slugs, so that none leads out of the folder.
        path = folder / f"{id}.{ENDINGS[format]}"
        content = _page(card, plan) if format == "html" else card_markdown(card, plan)
        write_atomically(path, content.encode("utf-8", "replace"))
        files.append(path)
    return files


def _page(card: Card, plan: str) -> str:
    held = {
        "title": "",
        "subtitle": card.subtitle,
        "facts": [{"label": label, "lines": list(lines)} for label, lines in card.facts if lines],
        "tags": [{"kind": tag.kind, "text": tag.text} for tag in card.tags],
    }
    title = _(N_("Brief: {campaign}"), campaign=card.title)
    report = Path(__file__).with_name("page.css").read_text("utf-8")
    return f"""<!doctype html>
<html lang="{escape(current())}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<style>{tokens_css()}{card_css()}{report}</style>
</head>
<body class="wb-report wb-brief">
<main>
<h1>{escape(title)}</h1>
<p>{escape(plan)}</p>
<figure class="wb-exhibit"><div class="wb-facts">{card_html(held)}</div></figure>
</main>
</body>
</html>
"""
