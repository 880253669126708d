"""When does a claim count as proven? When somebody else could check it: a proof with a source, or an adopted finding."""

from workbook.plan.model import Evidence, Grade, Item

__all__ = ["is_sourced", "proofs_of", "unsourced_of"]


def is_sourced(evidence: Evidence) -> bool:
    """Whether others can check it: it names a source or a finding, and is no claim in circulation (grade E)."""
    return bool(evidence.source or evidence.finding) and evidence.grade is not Grade.E


def proofs_of(item: Item | None) -> tuple[Evidence, ...]:
    """Return what proves ``item``, which may have no evidence at all."""
    return tuple(one for one in getattr(item, "evidence", ()) if is_sourced(one))


def unsourced_of(item: Item | None) -> tuple[Evidence, ...]:
    """Return what is put forward as a proof of ``item`` and is none yet: nobody could check it."""
    return tuple(one for one in getattr(item, "evidence", ()) if not is_sourced(one))
