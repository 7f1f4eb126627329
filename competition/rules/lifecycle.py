"""The life of an event: its states, and the one table of moves between them.

Source: docs/sources.md, the order of work in domain §2–§5 (registration, draw, marking, sign-off, publication). The table is
total: every pair of states either is a move with a name and its demands, or is refused with a sentence.
"""

from dataclasses import dataclass
from enum import StrEnum

from competition.rules.sentences import Sentence, sentence


class EventState(StrEnum):
    DRAFT = "draft"
    REGISTRATION = "registration"
    ENTRIES_CLOSED = "entries_closed"
    DRAWN = "drawn"
    SCORING = "scoring"
    SCORED = "scored"
    PUBLISHED = "published"
    CANCELLED = "cancelled"


class Move(StrEnum):
    """What a person does to an event; each is offered by the room that owns it."""

    OPEN_REGISTRATION = "open_registration"
    CLOSE_REGISTRATION = "close_registration"
    REOPEN_REGISTRATION = "reopen_registration"
    DRAW = "draw"
    START_SCORING = "start_scoring"
    CLOSE_SCORING = "close_scoring"
    REOPEN_SCORING = "reopen_scoring"
    PUBLISH = "publish"
    CANCEL = "cancel"


@dataclass(frozen=True)
class Transition:
    move: Move
    before: frozenset[EventState]
    after: EventState
    title: Sentence


_S = EventState

TRANSITIONS: dict[Move, Transition] = {
    t.move: t
    for t in (
        Transition(
            Move.OPEN_REGISTRATION,
            frozenset({_S.DRAFT}),
            _S.REGISTRATION,
            sentence("Open registration"),
        ),
        Transition(
            Move.CLOSE_REGISTRATION,
            frozenset({_S.REGISTRATION}),
            _S.ENTRIES_CLOSED,
            sentence("Close registration"),
        ),
        Transition(
            Move.REOPEN_REGISTRATION,
            frozenset({_S.ENTRIES_CLOSED}),
            _S.REGISTRATION,
            sentence("Reopen registration"),
        ),
        Transition(
            Move.DRAW,
            frozenset({_S.ENTRIES_CLOSED, _S.DRAWN}),
            _S.DRAWN,
            sentence("Draw"),
        ),
        Transition(
            Move.START_SCORING,
            frozenset({_S.DRAWN}),
            _S.SCORING,
            sentence("Start scoring"),
        ),
        Transition(
            Move.CLOSE_SCORING,
            frozenset({_S.SCORING}),
            _S.SCORED,
            sentence("Close scoring"),
        ),
        Transition(
            Move.REOPEN_SCORING,
            frozenset({_S.SCORED, _S.PUBLISHED}),
            _S.SCORING,
            sentence("Reopen scoring"),
        ),
        Transition(
            Move.PUBLISH,
            frozenset({_S.SCORED}),
            _S.PUBLISHED,
            sentence("Publish the result"),
        ),
        Transition(
            Move.CANCEL,
            frozenset({_S.DRAFT, _S.REGISTRATION, _S.ENTRIES_CLOSED, _S.DRAWN}),
            _S.CANCELLED,
            sentence("Cancel the event"),
        ),
    )
}

STATE_TITLES: dict[EventState, Sentence] = {
    _S.DRAFT: sentence("Draft"),
    _S.REGISTRATION: sentence("Registration open"),
    _S.ENTRIES_CLOSED: sentence("Registration closed"),
    _S.DRAWN: sentence("Drawn"),
    _S.SCORING: sentence("Scoring"),
    _S.SCORED: sentence("Scoring closed"),
    _S.PUBLISHED: sentence("Published"),
    _S.CANCELLED: sentence("Cancelled"),
}

PUBLIC_STATES = frozenset(EventState) - {EventState.DRAFT}
"""The states in which anybody may know that the event exists."""


def refusal(state: EventState, move: Move) -> Sentence | None:
    """Why the move cannot be made from this state, or None."""
    if state in TRANSITIONS[move].before:
        return None
    return sentence(
        "“%(move)s” is not possible while the event is in the state “%(state)s”.",
        move=TRANSITIONS[move].title,
        state=STATE_TITLES[state],
    )


def moves_from(state: EventState) -> tuple[Move, ...]:
    """The moves that a state allows, in the order of the table."""
    return tuple(move for move, transition in TRANSITIONS.items() if state in transition.before)


def diagram() -> str:
    """The table as a Mermaid state diagram, for the documentation."""
    lines = [
        f"    {before} --> {transition.after} : {move}"
        for move, transition in TRANSITIONS.items()
        for before in sorted(transition.before)
    ]
    return "stateDiagram-v2\n    [*] --> draft\n" + "\n".join(lines) + "\n"
