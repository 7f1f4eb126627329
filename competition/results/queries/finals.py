"""Where a result stands between the last signed sheet and the certificate."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from competition.competitions.models import Event
from competition.database import session
from competition.results import finality
from competition.results.models import Publication, ResultFinal, ResultRevision
from competition.results.queries.notices import notice_of
from competition.results.queries.revisions import newest_publication, newest_revision
from competition.rules.lifecycle import EventState
from competition.rules.sentences import Sentence, sentence

LOOK_AGAIN = timedelta(minutes=15)
"""How long a result waits before it is looked again whether what was open is settled."""


class StandingKind(StrEnum):
    """Nothing yet; prepared and not public; public, in its notice period or with an open matter; final."""

    NONE = "none"
    PREPARED = "prepared"
    NOTICE = "notice"
    FINAL = "final"


@dataclass(frozen=True)
class Standing:
    """How the result of an event stands, by which revision, since when; `until` is the end of its notice.

    What is public counts: a correction that waits for its second person changes nothing here. PREPARED is for the
    organiser side only; for everybody else it is the same as NONE.
    """

    kind: StandingKind
    revision: ResultRevision | None = None
    at: datetime | None = None
    until: datetime | None = None


def standing_of(event: Event) -> Standing:
    """How the result of an event stands."""
    publication = newest_publication(event.id)
    if publication is None:
        newest = newest_revision(event)
        if newest is None:
            return Standing(StandingKind.NONE)
        return Standing(StandingKind.PREPARED, newest, newest.prepared_at)
    final, notice = final_of(publication.revision), notice_of(publication)
    if final is not None:
        return Standing(StandingKind.FINAL, publication.revision, final.at, notice.until)
    return Standing(StandingKind.NOTICE, publication.revision, notice.begins or publication.at, notice.until)


def final_of(revision: ResultRevision) -> ResultFinal | None:
    """When and by whom a revision was declared final, if it was."""
    found: ResultFinal | None = session.get(ResultFinal, (revision.event_id, revision.id))
    return found


def final_revision(event: Event) -> ResultRevision | None:
    """The revision on which certificates, promotions and advancement rest: the published one, once it is final.

    While a published correction waits for the end of its notice there is none: what rests on the revision before it
    stays as it is, and nothing new is built on either.
    """
    publication = newest_publication(event.id)
    if publication is None or final_of(publication.revision) is None:
        return None
    return publication.revision


def obstacles(event: Event, *, at: datetime) -> list[Sentence]:
    """What keeps the published result from becoming final at this moment."""
    reasons = []
    publication = newest_publication(event.id)
    if event.state != EventState.PUBLISHED:
        reasons.append(
            sentence("The marking was reopened after the publication: the corrected result comes first.")
        )
    if publication is not None and publication.notice_until is not None:
        notice = notice_of(publication)
        if not notice.has_begun:
            reasons.append(sentence("The notice period begins when the result is no longer held back."))
        elif notice.until is not None and at < notice.until:
            reasons.append(sentence("The notice period runs until %(until)s.", until=notice.until))
    reasons += finality.open_matters(event, at)
    return reasons


def next_look(publication: Publication, *, at: datetime) -> datetime:
    """When it is worth looking again whether a result can become final: when its notice ends, else in a while."""
    until = notice_of(publication).until
    return until if until is not None and until > at else at + LOOK_AGAIN
