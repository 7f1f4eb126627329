"""Printed results: the list, the awards, the list to sign, a contestant's score report; as PDF and as workbook."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from flask_babel import get_timezone
from flask_babel import gettext as _

from competition.panels.queries import chiefs_of
from competition.results import queries
from competition.results.models import ResultRevision
from competition.results.presenters.honours import Ceremony, TeamRow, Winners, ceremony_of
from competition.results.presenters.lists import (
    DecisionShown,
    Head,
    MissingShown,
    Row,
    decisions_of,
    head_of,
    rows_of,
    rules_of,
)
from competition.results.presenters.scales import ScaleShown, scales_of
from competition.results.presenters.whys import GroupShown, MarkShown, PartShown, Why
from competition.rules.procedure import Breakdown
from competition.typesetting.printed import (
    Align,
    Block,
    Column,
    Document,
    Proof,
    Signatures,
    Table,
    Text,
)
from competition.web.language import language, say
from competition.web.templating import mark, venue_time


def result_list(revision: ResultRevision, *, address: str, breakdown: Breakdown = Breakdown.FULL) -> Document:
    """Every line of a revision by place, with the scales that the reader may see; those without a place below."""
    rules = rules_of(revision)
    head = head_of(revision, rules)
    scales = scales_of(revision, rules, breakdown)
    rows = rows_of(revision, rules, queries.lines_of(revision), scales)
    blocks, decisions = [*_lists(rows, head, scales)], decisions_of(revision)
    if decisions:
        blocks.append(_decisions(decisions))
    return _document(_("Result list"), head, tuple(blocks), address)


def sign_off_list(revision: ResultRevision, *, address: str) -> Document:
    """The result list with codes, for the people who sign it: chief judge, supervisor, organisers."""
    rules = rules_of(revision)
    head = head_of(revision, rules)
    codes = queries.codes_of(head.event)
    rows = rows_of(revision, rules, queries.lines_of(revision))
    table = Table(
        (
            Column(_("Place"), 1.2, Align.RIGHT),
            Column(_("Blind code"), 1.6),
            Column(_("Entrant"), 3),
            Column(_("Delegation"), 4),
            Column(_("Total"), 1.6, Align.RIGHT),
            Column(_("Award"), 2),
        ),
        [
            (place, codes.get(str(row.entrant_id), ""), *rest)
            for row in rows
            for place, *rest in [_line(row, head.digits)]
        ],
        empty=_("Nobody is in this result."),
    )
    chiefs = [each.name for each in chiefs_of(head.event)] or [""]
    lines = (
        *((_("Chief judge"), name) for name in chiefs),
        (_("Supervisor"), ""),
        (_("Prepared by"), revision.prepared_by_name),
        (_("Organising committee"), ""),
    )
    counted = revision.reconciliation
    sheets = _(
        "%(expected)s expected = %(received)s received + %(void)s void + %(missing)s missing",
        expected=counted["expected"],
        received=counted["received"],
        void=counted["void"],
        missing=counted["missing"],
    )
    blocks = (table, Text(_("Sheets"), (sheets,)), Signatures(lines, _("Date")))
    return _document(_("Result list for signature"), head, blocks, address)


def award_list(revision: ResultRevision, *, address: str) -> Document:
    """Awards, honours, prizes, teams and balances, as a ceremony reads them."""
    ceremony = ceremony_of(revision)
    return _document(_("Award list"), ceremony.head, tuple(_awarded(ceremony)), address)


def score_report(why: Why, *, address: str) -> Document:
    """One entrant's marks, working and place."""
    head, row = why.head, why.row
    place = (
        say(row.status)
        if row.place is None
        else _("%(place)s of %(count)s", place=row.place, count=why.ranked)
    )
    above = (
        (_("Delegation"), row.delegation),
        (_("Place"), place),
        (_("Total"), "–" if row.total is None else mark(row.total, head.digits)),
        *zip((scale.title for scale in why.scales if not scale.is_refused), row.scaled, strict=True),
        *(((_("Award"), row.award),) if row.award else ()),
    )
    blocks: list[Block] = [_group(group) for group in why.groups]
    blocks.append(Text(_("Why this place"), tuple(say(said) for said in why.sentences)))
    if why.award:
        title = _("Why this award") if row.award else _("Why no award")
        blocks.append(Text(title, tuple(say(said) for said in why.award)))
    if why.scales:
        blocks.append(Text(_("Scales beside the total"), tuple(map(_scale, why.scales))))
    return _document(_("Score report: %(name)s", name=row.name), head, tuple(blocks), address, above=above)


# --- parts ----------------------------------------------------------------------------------------


def _document(
    title: str,
    head: Head,
    blocks: tuple[Block, ...],
    address: str,
    *,
    above: tuple[tuple[str, str], ...] = (),
) -> Document:
    revision = head.revision
    approved = _(", ").join(approval.by_name for approval in head.approvals)
    return Document(
        title=title,
        subtitle=f"{head.competition} · {head.name}",
        above=(
            *above,
            (_("Revision"), _standing(head)),
            *(((_("Approved by"), approved),) if approved else ()),
            *(((_("Missing sheets"), _missing(head.missing)),) if head.missing else ()),
        ),
        blocks=blocks,
        foot=head.competition,
        page_of=_("Page %(page)s of %(pages)s"),
        made=_moment(head),
        language="zh-CN" if language() == "zh" else "en",
        proof=Proof(_("Result, SHA-256"), revision.hash, address, _("Scan to compare")),
    )


def _missing(missing: MissingShown) -> str:
    return "\n".join(say(each) for each in missing.sentences)


def _moment(head: Head) -> datetime:
    return (head.published_at or head.revision.prepared_at).astimezone(UTC)


def _standing(head: Head) -> str:
    """The number of the revision, and whether it is prepared, in notice, or final."""
    words = _("%(number)s, prepared, not public")
    at = head.published_at
    if head.is_final:
        words, at = _("%(number)s, final since %(at)s"), head.final_at
    elif at is not None and head.notice_until is not None:
        words, at = _("%(number)s, public notice until %(at)s"), head.notice_until
    elif at is not None:
        words = _("%(number)s, published at %(at)s")
    return str(words) % {"number": head.revision.number, "at": _at(at)}


def _at(moment: datetime | None) -> str:
    return venue_time(moment, get_timezone())


def _columns(scales: Sequence[ScaleShown] = ()) -> tuple[Column, ...]:
    return (
        Column(_("Place"), 1.3, Align.RIGHT),
        Column(_("Entrant"), 3),
        Column(_("Delegation"), 4.4),
        Column(_("Total"), 1.6, Align.RIGHT),
        *(Column(scale.title, 1.8, Align.RIGHT) for scale in scales if not scale.is_refused),
        Column(_("Award"), 2),
    )


def _scale(scale: ScaleShown) -> str:
    """What a scale is, and its notice or why there is none."""
    label = _("%(scale)s: %(said)s", scale=scale.title, said=say(scale.label))
    return "\n".join(filter(None, (label, say(scale.said))))


def _line(row: Row, digits: int) -> tuple[str, ...]:
    place = say(row.status) if row.place is None else f"{row.place}{'=' if row.shared else ''}"
    return (
        place,
        row.name,
        row.delegation,
        "" if row.total is None else mark(row.total, digits),
        *row.scaled,
        row.award or "",
    )


def _lists(rows: tuple[Row, ...], head: Head, scales: Sequence[ScaleShown]) -> Iterator[Block]:
    placed = [row for row in rows if row.place is not None]
    notes = (_("= a shared place"),) if any(row.shared for row in placed) else ()
    yield Table(
        _columns(scales),
        [_line(row, head.digits) for row in placed],
        notes=notes,
        empty=_("Nobody has a place in this result."),
    )
    rest = [row for row in rows if row.place is None]
    if rest:
        yield Table(
            (Column(_("Entrant"), 3), Column(_("Delegation"), 4), Column(_("Reason"), 3)),
            [(row.name, row.delegation, say(row.status)) for row in rest],
            title=_("Without a place"),
        )
    if scales:
        yield Text(_("Scales beside the total"), tuple(map(_scale, scales)))


def _awarded(ceremony: Ceremony) -> Iterator[Block]:
    if ceremony.is_empty:
        yield Text("", (_("The rules of this event give no awards."),))
    for winners in (*ceremony.awards, *ceremony.honours):
        yield _winners(winners, ceremony.head)
    if ceremony.prizes:
        yield Table(
            (Column(_("Prize"), 3), Column(_("Winner"), 3), Column(_("For"), 4)),
            [(row.prize, row.winner, row.reason) for row in ceremony.prizes],
            title=_("Prizes"),
        )
    for each in ceremony.team_awards:
        yield _teams(each.title, each.rows, empty=_("Nobody; this place stays empty."))
    if ceremony.team_title is not None:
        has_awards = any(row.award for row in ceremony.teams)
        empty = _("No team has a place.")
        yield _teams(ceremony.team_title, ceremony.teams, empty=empty, has_awards=has_awards)
    if ceremony.decisions:
        yield _decisions(ceremony.decisions)
    for balance in ceremony.balances:
        yield Text(balance.title, (say(balance.sentence),))


def _decisions(decisions: Sequence[DecisionShown]) -> Text:
    """What people decided about single awards, beside what the rules give."""
    said = (_("%(name)s: %(said)s", name=each.name, said=say(each.sentence)) for each in decisions)
    return Text(_("Awards decided by the organisers"), tuple(said))


def _teams(title: str, rows: Sequence[TeamRow], *, empty: str, has_awards: bool = False) -> Table:
    """Teams by place; `has_awards`: with what each receives."""
    award = (Column(_("Award"), 2),) if has_awards else ()
    return Table(
        (
            Column(_("Place"), 1, Align.RIGHT),
            Column(_("Team"), 3),
            Column(_("Value"), 1.5, Align.RIGHT),
            Column(_("Counted"), 5),
            *award,
        ),
        [
            (
                "–" if row.place is None else f"{row.place}{'=' if row.shared else ''}",
                row.name,
                row.value,
                row.members,
                *((row.award,) if has_awards else ()),
            )
            for row in rows
        ],
        title=title,
        empty=empty,
    )


def _winners(winners: Winners, head: Head) -> Table:
    return Table(
        (*_columns()[:-1],),
        [_line(row, head.digits)[:-1] for row in winners.rows],
        title=winners.title,
        empty=_("Nobody; this place stays empty."),
    )


def _group(group: GroupShown) -> Table:
    columns = [Column(_("Part"), 3)]
    if group.has_marks:
        columns.append(Column(_("Marks and working"), 5.5))
    if group.has_weights:
        columns.append(Column(_("Weight"), 1.5, Align.RIGHT))
    columns.append(Column(_("Value"), 1.5, Align.RIGHT))
    value = "–" if group.value is None else mark(group.value)
    return Table(
        tuple(columns),
        [tuple(_part(part, group)) for part in group.parts],
        title=_("%(part)s: %(value)s", part=group.title, value=value),
        notes=tuple(say(step) for step in group.steps),
    )


def _part(part: PartShown, group: GroupShown) -> Iterator[str]:
    yield part.title if part.counts else " ".join((part.title, _("(left out)")))
    if group.has_marks:
        marks = " · ".join(_mark(each) for each in part.marks)
        yield "\n".join(each for each in (marks, *(say(step) for step in part.steps)) if each)
    if group.has_weights:
        yield f"× {part.weight} %\n= {part.weighted or '–'}" if part.weight else ""
    yield "–" if part.value is None else mark(part.value)


def _mark(shown: MarkShown) -> str:
    given = say(shown.state) if shown.state else "–" if shown.value is None else mark(shown.value)
    named = " ".join(filter(None, (say(shown.label), *(say(each) for each in shown.beside), given)))
    if shown.reason:
        named = " ".join((named, _("(reason: %(reason)s)", reason=shown.reason)))
    return named if shown.counts else f"({named})"
