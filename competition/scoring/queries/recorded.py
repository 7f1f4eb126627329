"""What is recorded of a whole event, read once: a result asks for the same rows from several sides."""

from collections.abc import Mapping
from functools import cached_property
from uuid import UUID

from competition.competitions.models import Event
from competition.scoring.queries.sheets import CellKey, MarkRow, SheetRow, mark_rows, sheet_rows
from competition.scoring.queries.taking_part import DrawnCode, codes_drawn, sheets_counted


class Recorded:
    """The codes drawn, the sheets that count and the current marks of an event, each read when it is first asked for.

    It belongs to one computation: what changes in the database afterwards is not seen.
    """

    def __init__(self, event: Event) -> None:
        self._event = event

    @cached_property
    def drawn(self) -> list[DrawnCode]:
        return codes_drawn(self._event)

    @cached_property
    def sheets(self) -> list[SheetRow]:
        return sheets_counted(self.drawn, sheet_rows(self._event))

    @cached_property
    def marks(self) -> Mapping[UUID, Mapping[CellKey, MarkRow]]:
        return mark_rows(self._event)
