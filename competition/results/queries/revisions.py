"""Read revisions, their lines, and what of them is released."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from competition.competitions import holds
from competition.competitions.models import Competition, Event, Tier
from competition.competitions.queries import event_for
from competition.database import session
from competition.errors import NotFound
from competition.results.models import Publication, PublicationApproval, ResultLine, ResultRevision
from competition.rules import ruleset
from competition.rules.access import Actor, Permission
from competition.rules.sentences import Sentence, sentence
from competition.rules.titles import Title
from competition.workers.models import Occupation

NOT_RELEASED = sentence("There is no published result at this address.")


# --- what is released -----------------------------------------------------------------------------


def released_revision(event: Event) -> ResultRevision | None:
    """The revision that anybody may see: that of the newest publication, or None. THE release function.

    While a room holds the result back (see competitions.holds: an award ceremony) there is none.
    """
    return None if holds.is_held(event.id) else published_revision(event)


def published_revision(event: Event) -> ResultRevision | None:
    """The revision of the newest publication, or None, held back or not: for those who work with results, not to be shown
    to the public."""
    publication = newest_publication(event.id)
    return publication.revision if publication else None


def newest_publication(event_id: UUID) -> Publication | None:
    """The publication that counts for an event, held back or not."""
    found: Publication | None = session.scalar(
        select(Publication)
        .where(Publication.event_id == event_id)
        .order_by(Publication.at.desc(), Publication.id.desc())
        .limit(1)
        .options(
            joinedload(Publication.revision),
            joinedload(Publication.event).joinedload(Event.competition).joinedload(Competition.host),
        )
    )
    return found


def public_result(event_id: UUID) -> Publication:
    """What the public sees of an event's result. NotFound, in the same words, whatever the reason."""
    publication = newest_publication(event_id)
    if publication is None or holds.is_held(event_id):
        raise NotFound(NOT_RELEASED)
    return publication


@dataclass(frozen=True)
class PublishedFilter:
    """What the list of published results is narrowed to; None is everything."""

    text: str = ""
    tier: Tier | None = None
    edition: int | None = None
    occupation: str | None = None


def published_page(wanted: PublishedFilter, *, page: int, size: int) -> tuple[list[Publication], int]:
    """One page of the events with a published result, the latest first, and how many there are."""
    query = _published()
    if wanted.text:
        columns = (Event.name, Event.name_en, Competition.name, Competition.name_en)
        query = query.where(or_(*(_contains(column, wanted.text) for column in columns)))
    if wanted.tier is not None:
        query = query.where(Competition.tier == wanted.tier)
    if wanted.edition is not None:
        query = query.where(Competition.edition == wanted.edition)
    if wanted.occupation:
        query = query.where(Event.occupation_code == wanted.occupation)
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = session.scalars(
        query.options(contains_eager(Publication.event).contains_eager(Event.competition))
        .order_by(Publication.at.desc(), Publication.id.desc())
        .limit(size)
        .offset((page - 1) * size)
    )
    return list(rows), total


def published_editions() -> list[int]:
    """The editions with a published result, the latest first."""
    found = _published().with_only_columns(Competition.edition).distinct()
    return list(session.scalars(found.order_by(Competition.edition.desc())))


def published_occupations() -> list[Occupation]:
    """The occupations with a published result, by code."""
    codes = _published().with_only_columns(Event.occupation_code).distinct()
    return list(
        session.scalars(select(Occupation).where(Occupation.code.in_(codes)).order_by(Occupation.code))
    )


def _published() -> Select[Publication]:
    """The newest publication of every event that has one, except those whose result is held back."""
    later = aliased(Publication)
    return (
        select(Publication)
        .join(Publication.event)
        .join(Event.competition)
        .where(
            Publication.event_id.not_in(holds.held_events()),
            ~select(later.id)
            .where(
                later.event_id == Publication.event_id,
                or_(later.at > Publication.at, (later.at == Publication.at) & (later.id > Publication.id)),
            )
            .exists(),
        )
    )


# --- revisions ------------------------------------------------------------------------------------


def revisions_of(event: Event) -> list[ResultRevision]:
    """Every revision of an event, the newest first."""
    return list(
        session.scalars(
            select(ResultRevision)
            .where(ResultRevision.event_id == event.id)
            .order_by(ResultRevision.number.desc())
        )
    )


def newest_revision(event: Event) -> ResultRevision | None:
    """The revision with the highest number, published or not."""
    found: ResultRevision | None = session.scalar(
        select(ResultRevision)
        .where(ResultRevision.event_id == event.id)
        .order_by(ResultRevision.number.desc())
        .limit(1)
    )
    return found


def revision_for(actor: Actor, event_id: UUID, revision_id: UUID) -> ResultRevision:
    """Any revision of an event, for people who may read results before the public; else NotFound."""
    event = event_for(actor, event_id, Permission.RESULTS_REVISION_READ)
    found: ResultRevision | None = session.get(ResultRevision, (event.id, revision_id))
    if found is None:
        raise NotFound()
    return found


def prepared_revision_for(actor: Actor, event_id: UUID) -> ResultRevision | None:
    """The newest revision while it waits for the second person, for people who may read it; None when none waits."""
    event = event_for(actor, event_id, Permission.RESULTS_REVISION_READ)
    revision = newest_revision(event)
    return None if revision is None or publication_of(revision) else revision


def publication_of(revision: ResultRevision) -> Publication | None:
    """The publication of this very revision, if there is one."""
    found: Publication | None = session.scalar(
        select(Publication).where(
            Publication.event_id == revision.event_id, Publication.revision_id == revision.id
        )
    )
    return found


def publications_of(event: Event) -> list[Publication]:
    """Every publication of an event, the newest first."""
    return list(
        session.scalars(
            select(Publication)
            .where(Publication.event_id == event.id)
            .order_by(Publication.at.desc(), Publication.id.desc())
            .options(joinedload(Publication.revision))
        )
    )


def count_of_publications(event: Event) -> int:
    """How often a result of this event was published: more than once, and there is a correction."""
    counted = select(func.count()).select_from(Publication).where(Publication.event_id == event.id)
    return session.scalar(counted) or 0


def approvals_of(revision: ResultRevision) -> list[PublicationApproval]:
    """Who stands for a revision, the one who prepared it first."""
    return list(
        session.scalars(
            select(PublicationApproval)
            .where(
                PublicationApproval.event_id == revision.event_id,
                PublicationApproval.revision_id == revision.id,
            )
            .order_by(PublicationApproval.at, PublicationApproval.id)
        )
    )


# --- lines ----------------------------------------------------------------------------------------


def lines_page(
    revision: ResultRevision, *, page: int, size: int, text: str = ""
) -> tuple[list[ResultLine], int]:
    """One page of the ranked lines (with part of a name or of a unit: those), and how many there are."""
    query = select_lines(revision).where(ResultLine.place.is_not(None), *_named(text))
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = query.order_by(ResultLine.position).limit(size).offset((page - 1) * size)
    return list(session.scalars(rows)), total


def unplaced_of(revision: ResultRevision, *, text: str = "") -> list[ResultLine]:
    """The lines without a place, in the order of names."""
    query = select_lines(revision).where(ResultLine.place.is_(None), *_named(text))
    return list(session.scalars(query.order_by(ResultLine.position)))


def lines_of(revision: ResultRevision) -> list[ResultLine]:
    """Every line in the order of the printed list."""
    return list(session.scalars(select_lines(revision).order_by(ResultLine.position)))


def stored_keys(revision: ResultRevision) -> list[tuple[str, str, int | None, Decimal | None, str | None]]:
    """What of every stored line counts: entrant, status, place, total, award; in no order."""
    query = select_lines(revision).with_only_columns(
        *(ResultLine.entrant_id, ResultLine.status, ResultLine.place, ResultLine.total, ResultLine.award)
    )
    return [
        (str(entrant_id), status, place, total, award)
        for entrant_id, status, place, total, award in session.execute(query)
    ]


def line_of(revision: ResultRevision, entrant_id: UUID) -> ResultLine | None:
    """The line of one entrant in a revision."""
    found: ResultLine | None = session.get(ResultLine, (revision.event_id, revision.id, entrant_id))
    return found


def count_of_lines(revision: ResultRevision) -> int:
    return session.scalar(select(func.count()).select_from(select_lines(revision).subquery())) or 0


def ranked_count(revision: ResultRevision) -> int:
    """How many entrants have a place."""
    ranked = select_lines(revision).where(ResultLine.place.is_not(None))
    return session.scalar(select(func.count()).select_from(ranked.subquery())) or 0


def shared_places(revision: ResultRevision, places: Iterable[int | None]) -> frozenset[int]:
    """Which of these places several entrants share."""
    wanted = sorted({place for place in places if place is not None})
    query = (
        select_lines(revision)
        .with_only_columns(ResultLine.place)
        .where(ResultLine.place.in_(wanted))
        .group_by(ResultLine.place)
        .having(func.count() > 1)
    )
    return frozenset(session.scalars(query))


def select_lines(revision: ResultRevision) -> Select[ResultLine]:
    """The question for the lines of a revision, to be narrowed."""
    return select(ResultLine).where(
        ResultLine.event_id == revision.event_id, ResultLine.revision_id == revision.id
    )


def _named(text: str) -> list[ColumnElement[bool]]:
    if not text:
        return []
    return [or_(_contains(ResultLine.display_name, text), _contains(ResultLine.delegation_name, text))]


def _contains(column: object, text: str) -> ColumnElement[bool]:
    clause: ColumnElement[bool] = func.lower(column).contains(text.lower(), autoescape=True)
    return clause


# --- what changed from number to number -----------------------------------------------------------


@dataclass(frozen=True)
class LineChange:
    """One entrant whose line differs between two revisions, in words."""

    name: str
    sentence: Sentence


def changes_between(older: ResultRevision, newer: ResultRevision) -> list[LineChange]:
    """Whose place, total, award or status changed from one revision to the other, in the order of the newer one.

    The database finds the lines that differ, so a correction of one mark among 100,000 entrants reads a few of them.
    """
    awards = {**_award_titles(older), **_award_titles(newer)}
    found = [
        LineChange(line.display_name, said)
        for line, before in _pairs(newer, older)
        for said in _differences(before, line, awards)
    ]
    gone = [line for line, after in _pairs(older, newer) if after is None]
    return found + [LineChange(line.display_name, sentence("No longer in the result.")) for line in gone]


def _pairs(these: ResultRevision, others: ResultRevision) -> list[tuple[ResultLine, ResultLine | None]]:
    """The lines of one revision that are not the same in the other, each with its counterpart there."""
    other = aliased(ResultLine)
    compared = ("place", "total", "award", "status", "display_name")
    query = (
        select(ResultLine, other)
        .outerjoin(
            other,
            (other.event_id == ResultLine.event_id)
            & (other.entrant_id == ResultLine.entrant_id)
            & (other.revision_id == others.id),
        )
        .where(
            ResultLine.event_id == these.event_id,
            ResultLine.revision_id == these.id,
            or_(
                other.entrant_id.is_(None),
                *(getattr(ResultLine, name).is_distinct_from(getattr(other, name)) for name in compared),
            ),
        )
        .order_by(ResultLine.position)
    )
    return [(line, counterpart) for line, counterpart in session.execute(query)]


def _award_titles(revision: ResultRevision) -> Mapping[str, Title]:
    rule = ruleset.parse(revision.rule_set_version.document).awards
    return rule.titles if rule else {}


def _differences(
    before: ResultLine | None, after: ResultLine, awards: dict[str, Title]
) -> Iterator[Sentence]:
    if before is None:
        yield sentence("New in the result.")
        return
    if before.place != after.place:
        yield sentence(
            "Place %(before)s becomes %(after)s.", before=_said(before.place), after=_said(after.place)
        )
    if before.total != after.total:
        yield sentence(
            "The total %(before)s becomes %(after)s.", before=_said(before.total), after=_said(after.total)
        )
    if before.award != after.award:
        yield sentence(
            "Award: %(before)s becomes %(after)s.",
            before=_said(awards.get(before.award or "")),
            after=_said(awards.get(after.award or "")),
        )
    if before.status != after.status:
        yield sentence("Takes part differently now: present, absent or withdrawn.")
    if before.display_name != after.display_name:
        yield sentence("The name was “%(before)s”.", before=before.display_name)


def _said(value: object) -> object:
    return sentence("none") if value is None else value
