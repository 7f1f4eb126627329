"""Work a board: switch it, freeze it, reveal a result line by line. Every act is a fact and makes what was shown old.

Source: docs/sources.md, domain §5.10.5 (live marks on a screen only where the rules allow them); a freeze and a ceremony
are rows that the query of the board obeys. What was announced is never changed silently.
"""

from datetime import datetime
from uuid import UUID

from competition import tokens
from competition.audit.services import record
from competition.boards import curtain as curtain
from competition.boards import facts, queries
from competition.boards.models import Announced, Board, BoardFreeze, Ceremony, CeremonyStep, RevealOrder
from competition.competitions.models import Event
from competition.database import lock, session
from competition.errors import Conflict, RuleBroken
from competition.rules.access import Actor
from competition.rules.lifecycle import PUBLIC_STATES, EventState
from competition.rules.sentences import sentence

_MARKED = frozenset({EventState.SCORING, EventState.SCORED})
NOTE_LENGTH = 500


def switch_board(event: Event, *, on: bool, by: Actor, at: datetime) -> Board:
    """Show live standings of confirmed sheets, or show nothing. Refused where the rule set allows no live standings."""
    board = _board_of(event)
    if on and not queries.allows_live(event):
        raise RuleBroken(
            sentence("The rule set of this event allows no live standings."),
            next_step=sentence("The board shows the result once it is published."),
        )
    if board.is_on == on:
        raise RuleBroken(
            sentence("The live board is on already.") if on else sentence("The live board is off already.")
        )
    board.is_on = on
    _touch(board)
    kind = facts.BoardSwitchedOn if on else facts.BoardSwitchedOff
    record(kind(event_id=event.id, subject_id=event.id), by=by, at=at)
    return board


def freeze_board(event: Event, *, by: Actor, at: datetime) -> BoardFreeze:
    """Keep what the board shows at this moment; nothing newer is shown until the freeze is lifted.

    Only a live board can be frozen: what is published is public.
    """
    board = _board_of(event)
    if queries.holding_freeze(event.id) is not None:
        raise RuleBroken(sentence("The board is frozen already."))
    if not queries.is_live(event):
        raise RuleBroken(
            sentence("Only live standings can be frozen."),
            next_step=sentence("Switch the live board on first, while the marking is open."),
        )
    shown = queries.live_board(event)
    freeze = BoardFreeze(
        event_id=event.id,
        at=at,
        by_id=by.account_id,
        by_name=by.name,
        snapshot=queries.snapshot_of(shown),
    )
    session.add(freeze)
    _touch(board)
    record(facts.BoardFrozen(event_id=event.id, subject_id=event.id, lines=len(shown.lines)), by=by, at=at)
    return freeze


def lift_freeze(event: Event, *, by: Actor, at: datetime) -> BoardFreeze:
    """Show again what there is by now."""
    board = _board_of(event)
    freeze = queries.holding_freeze(event.id)
    if freeze is None:
        raise RuleBroken(sentence("The board is not frozen."))
    freeze.lifted_at, freeze.lifted_by_name = at, by.name
    _touch(board)
    record(facts.FreezeLifted(event_id=event.id, subject_id=event.id), by=by, at=at)
    return freeze


def open_ceremony(event: Event, *, order: RevealOrder, by: Actor, at: datetime) -> Ceremony:
    """Draw the curtain: from now on the board shows only what the announcer reveals.

    Opened before the result is published, it holds the publication back from everybody but those who work with results
    (see boards.curtain); lines can be revealed once it is published. Opened later, it is about the board only. A new
    ceremony forgets the one before it, which stays on record.
    """
    lock(event)
    board = _board_of(event)
    if queries.open_ceremony_of(event.id) is not None:
        raise RuleBroken(sentence("A ceremony is open already."))
    if event.state not in {*_MARKED, EventState.PUBLISHED}:
        raise RuleBroken(sentence("There is no result to reveal before the marking has begun."))
    ceremony = Ceremony(event_id=event.id, order=order, opened_at=at, by_id=by.account_id, by_name=by.name)
    session.add(ceremony)
    session.flush()
    _touch(board)
    fact = facts.CeremonyOpened(event_id=event.id, subject_id=ceremony.id, order=order.value)
    record(fact, by=by, at=at)
    return ceremony


def reveal_next(
    event: Event, *, number: int, of: Announced = Announced.ENTRANT, by: Actor, at: datetime
) -> CeremonyStep:
    """Show the next line, of an entrant or of a team: whichever the announcer calls up. `number` is the step that the
    announcer means: a key pressed twice reveals one line."""
    board = _board_of(event)
    ceremony = _open_ceremony(event)
    announced = queries.announced_of(event, ceremony)
    if announced.revision is None:
        raise RuleBroken(
            sentence("The result is not published yet, so there is nothing to reveal."),
            next_step=sentence("Have it approved by the second person first."),
        )
    if announced.is_told:
        raise RuleBroken(sentence("Every line is revealed. End the ceremony."))
    waiting = announced.teams_to_come if of is Announced.TEAM else announced.to_come
    if not waiting:
        raise RuleBroken(
            sentence("Every team is revealed; entrants are still to come.")
            if of is Announced.TEAM
            else sentence("Every entrant is revealed; teams are still to come.")
        )
    if number != announced.next_number:
        raise Conflict(
            sentence("Step %(number)s was taken already.", number=number),
            next_step=sentence("Look at the board before you go on."),
        )
    line = waiting[0]
    team = queries.team_of(line)
    step = CeremonyStep(
        event_id=event.id,
        ceremony_id=ceremony.id,
        number=number,
        entrant_id=UUID(line.key) if team is None else None,
        team=team,
        revision_id=announced.revision.id,
        shown=line.as_shown(),
        at=at,
        by_id=by.account_id,
        by_name=by.name,
    )
    session.add(step)
    _touch(board)
    kind = facts.LineRevealed if team is None else facts.TeamRevealed
    fact = kind(
        event_id=event.id,
        subject_id=step.entrant_id or step.id,
        step=number,
        place=line.place,
        revision=announced.revision.number,
    )
    record(fact, by=by, at=at)
    return step


def take_back(event: Event, *, note: str, by: Actor, at: datetime) -> CeremonyStep:
    """Take the latest line from the board again; only with a note, because people have seen it."""
    board = _board_of(event)
    ceremony = _open_ceremony(event)
    announced = queries.announced_of(event, ceremony)
    step = announced.latest
    if step is None:
        raise RuleBroken(sentence("Nothing has been revealed yet."))
    if announced.is_told and queries.came_first(ceremony):
        raise RuleBroken(
            sentence("Every line is revealed, and with the last one the whole result became public."),
            next_step=sentence("A mistake in it is corrected by a new revision."),
        )
    note = note.strip()[:NOTE_LENGTH]
    if not note:
        raise RuleBroken(sentence("People have seen this line. Write down why it is taken back."))
    step.taken_back_at, step.taken_back_by_name, step.note = at, by.name, note
    _touch(board)
    kind = facts.LineTakenBack if step.team is None else facts.TeamTakenBack
    fact = kind(
        event_id=event.id,
        subject_id=step.entrant_id or step.id,
        step=step.number,
        place=step.shown["place"],
        note=note,
    )
    record(fact, by=by, at=at)
    return step


def end_ceremony(event: Event, *, by: Actor, at: datetime) -> Ceremony:
    """End the ceremony; the board shows the whole released result again."""
    board = _board_of(event)
    ceremony = _open_ceremony(event)
    announced = queries.announced_of(event, ceremony)
    ceremony.ended_at, ceremony.ended_by_name = at, by.name
    _touch(board)
    fact = facts.CeremonyEnded(
        event_id=event.id,
        subject_id=ceremony.id,
        revealed=len(announced.lines) + len(announced.teams),
        left=len(announced.to_come) + len(announced.teams_to_come),
    )
    record(fact, by=by, at=at)
    return ceremony


def _open_ceremony(event: Event) -> Ceremony:
    ceremony = queries.open_ceremony_of(event.id)
    if ceremony is None:
        raise RuleBroken(sentence("No ceremony is open."))
    return ceremony


def _board_of(event: Event) -> Board:
    """The board, locked until the act is done; made at its first act."""
    if event.state not in PUBLIC_STATES:
        raise RuleBroken(sentence("The event is a draft, which nobody can see; it has no board yet."))
    found: Board | None = session.get(Board, event.id, with_for_update=True)
    if found is None:
        found = Board(event_id=event.id, is_on=False, stamp=tokens.new_id())
        session.add(found)
        session.flush()
    return found


def _touch(board: Board) -> None:
    """What was made for this board is old from now on."""
    board.stamp = tokens.new_id()
    session.flush()
