"""What keeps frozen rules from being corrected, said by the rooms that know.

A room above registers a check when its services are imported (panels: a seat that the corrected rules do not know;
results: the result is final). All of them are asked when a correction is proposed, and again when it is accepted; what
the documents themselves say against it is in rules/corrections.py.
"""

from collections.abc import Callable

from competition.competitions.models import Event
from competition.rules.ruleset import RuleSet
from competition.rules.sentences import Sentence

Check = Callable[[Event, RuleSet], tuple[Sentence, ...]]
"""Every reason against going on with these rules instead of the frozen ones, () for none."""

_registered: list[Check] = []


def register(check: Check) -> None:
    """Let `check` be asked before rules are corrected."""
    if check not in _registered:
        _registered.append(check)


def reasons_against(event: Event, corrected: RuleSet) -> tuple[Sentence, ...]:
    """Every reason that the rooms know, in the order in which they registered."""
    return tuple(reason for check in _registered for reason in check(event, corrected))
