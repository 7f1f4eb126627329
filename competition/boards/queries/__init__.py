"""Read boards. `board_of` is the one function that decides what leaves the server about an event's board."""

from competition.boards.queries.lines import BoardLine, line_after, line_from_json
from competition.boards.queries.live import LiveTable
from competition.boards.queries.medals import (
    RANKS,
    CompetitionBoard,
    EventOnBoard,
    MedalRow,
    competition_board,
    version_of_competition,
)
from competition.boards.queries.shown import (
    Announced,
    BoardState,
    Shown,
    allows_live,
    announced_of,
    board,
    board_of,
    holding_freeze,
    is_live,
    live_board,
    newest_ceremony,
    open_ceremony_of,
    snapshot_of,
    steps_of,
    version_of,
)

__all__ = [
    "RANKS",
    "Announced",
    "BoardLine",
    "BoardState",
    "CompetitionBoard",
    "EventOnBoard",
    "LiveTable",
    "MedalRow",
    "Shown",
    "allows_live",
    "announced_of",
    "board",
    "board_of",
    "competition_board",
    "holding_freeze",
    "is_live",
    "line_after",
    "line_from_json",
    "live_board",
    "newest_ceremony",
    "open_ceremony_of",
    "snapshot_of",
    "steps_of",
    "version_of",
    "version_of_competition",
]
