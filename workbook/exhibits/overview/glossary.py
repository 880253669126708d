"""Step 0 in words: what upstream and downstream mean here, what they mean elsewhere, and the other words of the plan."""

from workbook.exhibits.case import Case
from workbook.exhibits.decided import sentence_case
from workbook.exhibits.exhibit import Card, Exhibit
from workbook.language import N_, _
from workbook.plan.model import Basis, Grade

__all__ = ["glossary"]

BASES = {
    Basis.ASSUMED: N_("Somebody's judgement: cheap, and often the best there is at the start."),
    Basis.OBSERVED: N_("Seen in records or answers: what happened together, not always what caused it."),
    Basis.TESTED: N_("Tried out against a group that was left alone: the dearest kind, and the only one about causes."),
}


def glossary(case: Case) -> Exhibit:
    """Explain the words of the workbook, one card a pair: with both meanings where two are in circulation."""
    cards = (_upstream(), _two_meanings(), _proactive(), _demand(), _evidence(), _grades(), _stale())
    return Exhibit(
        "glossary",
        _(
            N_(
                "Upstream is what a team decides before it speaks, downstream is how it then speaks: in this workbook "
                "the words have this meaning and no other."
            )
        ),
        cards=cards,
    )


def _upstream() -> Card:
    return _card(
        N_("Upstream and downstream"),
        (
            N_("Upstream"),
            N_(
                "Whom to serve, which of their problems to solve, with what, at what price, and why they should choose us."
            ),
            N_("Slow to decide, dear to get wrong: everything below is carried along by it."),
        ),
        (
            N_("Downstream"),
            N_("How to reach those people: channels, messages, offers, campaigns, the hand-over to sales, tests."),
            N_("Quick to change, and only as good as what it stands on."),
        ),
        (
            N_("What joins them"),
            N_(
                "Each downstream item names the upstream items it stands on, so a change above shows what it touches below."
            ),
        ),
    )


def _two_meanings() -> Card:
    return _card(
        N_("Two meanings in circulation"),
        (
            N_("Strategy and execution"),
            N_("The meaning used here, and the one most writers use: first decide, then carry out."),
        ),
        (
            N_("Existing and new customers"),
            N_("Others call upstream what keeps present customers and has them tell others: slow and cheap."),
            N_("Downstream is then what wins new customers and revenue at once."),
            N_("They count word of mouth and loyalty on both sides, since they keep customers and also win them."),
        ),
        (
            N_("Where they part"),
            N_(
                "A loyalty programme is upstream in that second meaning; here it is downstream, as a way to carry a plan out."
            ),
            N_("Nothing is lost: its tactics are planned here too, each with the side the team gives it."),
        ),
    )


def _proactive() -> Card:
    return _card(
        N_("Proactive and reactive"),
        (
            N_("Proactive"),
            N_(
                "Acting on what customers will want before they ask and before a rival offers it. Most upstream work is."
            ),
        ),
        (
            N_("Reactive"),
            N_(
                "Answering what has happened: a rival's price, a weak month, a request. Much downstream work is, and must be."
            ),
            N_("It becomes a trouble when a plan is nothing else."),
        ),
    )


def _demand() -> Card:
    return _card(
        N_("Creating demand and generating leads"),
        (
            N_("Creating demand"),
            N_(
                "More people come to see the problem, and us as one who solves it. Measured in months, by awareness and trust."
            ),
        ),
        (
            N_("Generating leads"),
            N_(
                "People who see it already leave their name, so that somebody can speak with them. Measured in weeks, by count."
            ),
        ),
        (N_("Why it matters"), N_("Leads taken from a demand that nobody renews grow fewer and dearer.")),
    )


def _evidence() -> Card:
    return _card(N_("Assumed, observed, tested"), *((basis.label, sentence) for basis, sentence in BASES.items()))


def _grades() -> Card:
    lines = (*(grade.label for grade in Grade), N_("A figure made from others is as good as the weakest of them."))
    return _card(N_("Grades of evidence"), (N_("From the firmest to the weakest"), *lines))


def _stale() -> Card:
    return _card(
        N_("Confirmed, stale, waiting"),
        (
            N_("Confirmed"),
            N_("Somebody has looked at an item and at all it stands on, and said that they fit together."),
        ),
        (
            N_("Stale"),
            N_(
                "Something it stands on has changed since. Confirm it again, change it, or waive the change with a reason."
            ),
        ),
        (N_("Waiting"), N_("It stands on something stale: its turn comes when that is settled.")),
    )


def _card(title: str, *facts: tuple[str, ...]) -> Card:
    """Return a card in the language in use; each fact is a label with its lines."""
    worded = ((sentence_case(_(label)), tuple(_(line) for line in lines)) for label, *lines in facts)
    return Card(_(title), "", tuple(worded))
