"""Revisions from number to number, and what the reader may do with them."""

from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest

from competition.competitions.models import Event
from competition.competitions.queries import scope_of_event
from competition.results import queries
from competition.results.models import PublicationApproval, ResultRevision
from competition.results.presenters.lists import MissingShown, missing_in
from competition.rules.access import Actor, Permission


@dataclass(frozen=True)
class RevisionShown:
    """A revision in the history, with what changed since the one before in plain words."""

    revision: ResultRevision
    approvals: tuple[PublicationApproval, ...]
    published_at: datetime | None
    lines: int
    changes: tuple[queries.LineChange, ...] | None
    missing: MissingShown | None


def history(event: Event) -> list[RevisionShown]:
    """Every revision, the newest first."""
    revisions = queries.revisions_of(event)
    shown = []
    for revision, before in zip_longest(revisions, revisions[1:]):
        publication = queries.publication_of(revision)
        shown.append(
            RevisionShown(
                revision=revision,
                approvals=tuple(queries.approvals_of(revision)),
                published_at=publication.at if publication else None,
                lines=queries.count_of_lines(revision),
                changes=tuple(queries.changes_between(before, revision)) if before else None,
                missing=missing_in(revision),
            )
        )
    return shown


@dataclass(frozen=True)
class PublicRevision:
    """A published revision for everybody: since when, what it corrects, what changed since the published one before."""

    number: int
    hash: str
    reason: str
    published_at: datetime
    final_at: datetime | None
    changes: tuple[queries.LineChange, ...] | None
    missing: MissingShown | None


def public_history(event: Event) -> list[PublicRevision]:
    """Every published revision, the newest first. What was prepared and never published is not in it."""
    publications = queries.publications_of(event)
    shown = []
    for publication, before in zip(publications, [*publications[1:], None], strict=True):
        revision, final = publication.revision, queries.final_of(publication.revision)
        shown.append(
            PublicRevision(
                number=revision.number,
                hash=revision.hash,
                reason=revision.reason,
                published_at=publication.at,
                final_at=final.at if final else None,
                changes=tuple(queries.changes_between(before.revision, revision)) if before else None,
                missing=missing_in(revision),
            )
        )
    return shown


def changes_since_release(event: Event, waiting: ResultRevision) -> tuple[queries.LineChange, ...] | None:
    """What publishing the waiting revision would change for the public; None when nothing is public yet."""
    released = queries.published_revision(event)
    return tuple(queries.changes_between(released, waiting)) if released else None


@dataclass(frozen=True)
class Abilities:
    """What the reader may do on the pages of this event's result."""

    prepare: bool
    approve: bool
    stands_already: bool


def abilities(actor: Actor, event: Event, waiting: ResultRevision | None) -> Abilities:
    scope = scope_of_event(event)
    standing = {approval.by_id for approval in queries.approvals_of(waiting)} if waiting else set()
    return Abilities(
        prepare=actor.may(Permission.RESULTS_REVISION_PREPARE, scope),
        approve=actor.may(Permission.RESULTS_PUBLICATION_APPROVE, scope),
        stands_already=actor.account_id in standing,
    )
