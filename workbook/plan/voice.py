"""Does the plan say what its brand does not say? The words and phrases to avoid, found in what is meant for customers.

"Revolutionary, seamless: words that say nothing" bans two words; what follows a colon is the reason. A phrase counts
where it stands by itself, whatever its capitals; a longer word in its other forms too (seamlessly; artigianali).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from workbook.plan.model import Plan

__all__ = ["Unwanted", "avoided", "texts_for_customers", "unwanted_words"]

LEAST = 3
"""Letters of a word that is looked for: shorter ones stand in too many others' company."""

LONG = 6
"""Letters from which on a word is looked for in its other forms, whose last letters differ."""


@dataclass(frozen=True)
class Unwanted:
    """A ``phrase`` the brand avoids, found in the text at ``path``."""

    path: str
    text: str
    phrase: str


def avoided(plan: Plan) -> tuple[str, ...]:
    """Return the words and phrases that the brand does not use, in the order in which they were written."""
    said = (line.partition(":")[0] for line in plan.brand.avoids)
    phrases = (phrase.strip(" .\"“”«»'’") for line in said for phrase in re.split(r"[,;]", line))
    return tuple(dict.fromkeys(phrase for phrase in phrases if len(phrase) >= LEAST))


def texts_for_customers(plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield (path, text) of what customers are to read: the message house, the statement's words, the messages."""
    house = plan.message_house
    yield "/message_house/roof", house.roof
    yield "/message_house/foundation", house.foundation
    for pillar in house.pillars:
        yield f"/message_house/pillars/{pillar.id}/name", pillar.name
        yield f"/message_house/pillars/{pillar.id}/proof", pillar.proof
    yield "/positioning/category", plan.positioning.category
    yield "/positioning/product", plan.positioning.product
    for message in plan.messages:
        for name in ("name", "text", "call"):
            yield f"/messages/{message.id}/{name}", getattr(message, name)


def unwanted_words(plan: Plan) -> list[Unwanted]:
    """Return where the plan says what its brand does not say."""
    phrases = {phrase: _pattern(phrase) for phrase in avoided(plan)}
    return [
        Unwanted(path, text, phrase)
        for path, text in texts_for_customers(plan)
        for phrase, pattern in phrases.items()
        if pattern.search(text)
    ]


def _pattern(phrase: str) -> re.Pattern[str]:
    formed = len(phrase) >= LONG and phrase.isalpha()
    looked_for = re.escape(phrase[:-1]) + r"\w{1,3}" if formed else re.escape(phrase)
    return re.compile(rf"(?<!\w){looked_for}(?!\w)", re.IGNORECASE)
