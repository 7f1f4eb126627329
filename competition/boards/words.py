"""What the ribbon of a board says, and its sign: words and a drawing, so that no colour is needed."""

from competition.boards.models import RevealOrder
from competition.boards.queries import BoardState, Qualifying
from competition.rules.sentences import Sentence, sentence

RIBBONS: dict[BoardState, tuple[Sentence, Sentence, str]] = {
    BoardState.OFF: (
        sentence("Not shown"),
        sentence("Nothing is shown yet. The result appears here once it is published."),
        "circle",
    ),
    BoardState.LIVE: (
        sentence("Live"),
        sentence("The confirmed sheets so far. Places still change."),
        "clock",
    ),
    BoardState.PROVISIONAL: (
        sentence("Provisional"),
        sentence("The marking has ended; the result is being checked and is not published yet."),
        "clock",
    ),
    BoardState.FROZEN: (
        sentence("Board frozen"),
        sentence("The standings of the moment of the freeze. What came later is not shown."),
        "lock",
    ),
    BoardState.CEREMONY: (
        sentence("Award ceremony"),
        sentence("The result is announced line by line."),
        "award",
    ),
    BoardState.NOTICE: (
        sentence("Public notice"),
        sentence("Published, not final yet: objections can still be raised."),
        "bell",
    ),
    BoardState.FINAL: (sentence("Final result"), sentence("Published and final."), "circle-check"),
}
"""By state: the word, what it means, the drawing."""

ORDERS: dict[RevealOrder, Sentence] = {
    RevealOrder.AWARDS: sentence("Those with an award, from the lowest award to the highest"),
    RevealOrder.PLACES: sentence("Everybody with a place, from the last place to the first"),
}

QUALIFYING: dict[Qualifying, tuple[Sentence, str]] = {
    Qualifying.CLINCHED: (sentence("Goes on for certain"), "circle-check"),
    Qualifying.PROVISIONAL: (sentence("Goes on as it stands"), "clock"),
    Qualifying.OPEN: (sentence("Can still go on"), "circle"),
    Qualifying.OUT: (sentence("Can no longer go on"), "circle-x"),
}
"""Towards the qualification line: the words, the drawing."""
