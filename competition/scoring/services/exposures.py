"""Who is told that a work shows whose it is.

A room above registers a function when its services are imported; it is called in the transaction in which the judge's word is kept.
"""

from collections.abc import Callable
from datetime import datetime

from competition.rules.access import Actor
from competition.scoring.models import Sheet, SheetRemark

Told = Callable[[Sheet, SheetRemark, Actor, datetime], None]

_registered: list[Told] = []


def register(function: Told) -> None:
    """Let `function` know of every exposure that a judge reports."""
    if function not in _registered:
        _registered.append(function)


def tell(sheet: Sheet, remark: SheetRemark, *, by: Actor, at: datetime) -> None:
    """Hand a report on to everybody who registered."""
    for function in _registered:
        function(sheet, remark, by, at)
