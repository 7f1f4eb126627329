"""What a correction of frozen rules may change, and what it must leave as it was.

Rules are frozen when registration opens. An error in them (a wrong weight, a wrong cut) can still be corrected until the
result is final, as far as nobody has acted on what changes: people entered by the conditions, codes were drawn by the
layers, judges mark what stands on their sheets. Everything that is only computed may change at any time: weights, factors,
caps, floors, pass marks, bands and formulas, how a panel or tries are combined, rounding, places, awards, advancement,
procedure and titles. Source: docs/ruleset.md, “A mistake in frozen rules”.
"""

from collections.abc import Iterator

from competition.rules.lifecycle import STATE_TITLES, EventState
from competition.rules.ruleset import RuleSet
from competition.rules.scheme import (
    Aspect,
    Attempts,
    Binary,
    Branch,
    Combine,
    ConvertedTime,
    Count,
    Deduction,
    Group,
    Judgement,
    Linear,
    Method,
    Panel,
    Record,
    Time,
    Tolerance,
    Value,
)
from competition.rules.sentences import Sentence, sentence

CORRECTED_IN = (
    EventState.REGISTRATION,
    EventState.ENTRIES_CLOSED,
    EventState.DRAWN,
    EventState.SCORING,
    EventState.SCORED,
)
"""The states in which frozen rules can be corrected."""

_DRAWN = (EventState.DRAWN, EventState.SCORING, EventState.SCORED)
_MARKED = (EventState.SCORING, EventState.SCORED)


def refusal(state: EventState) -> Sentence | None:
    """Why rules cannot be corrected in this state, and what to do instead; None where they can be."""
    if state in CORRECTED_IN:
        return None
    if state is EventState.DRAFT:
        return sentence("The rule set is still a draft and needs no correction. Edit it.")
    if state is EventState.PUBLISHED:
        return sentence(
            "The result is public. Reopen the marking first: what was published stays as it is until a result by the "
            "corrected rules is published."
        )
    return sentence("In the state “%(state)s” rules are not corrected any more.", state=STATE_TITLES[state])


def obstacles(old: RuleSet, new: RuleSet, state: EventState) -> tuple[Sentence, ...]:
    """What stands in the way of going from one rule set to the other in this state; () when nothing does.

    From the opening of registration on: the conditions and the unit of the team ranking stay, because people entered by
    them; from the draw on the layers of the draw too; once the marking was opened, everything that judges see and that
    makes a mark valid.
    """
    if refused := refusal(state):
        return (refused,)
    found = list(_of_entries(old, new))
    if state in _DRAWN and old.blind_layers != new.blind_layers:
        found.append(sentence("The layers of the draw must stay as they are: codes were drawn by them."))
    if state in _MARKED:
        if old.own_delegation is not new.own_delegation:
            found.append(
                sentence("Who may mark the own delegation must stay as it is: judges are marking by it.")
            )
        found += _of_sheets(old, new)
    return tuple(found)


def _of_entries(old: RuleSet, new: RuleSet) -> Iterator[Sentence]:
    if old.eligibility != new.eligibility:
        yield sentence("Who may enter must stay as it is: people have entered by it.")
    if (old.teams and old.teams.by) != (new.teams and new.teams.by):
        yield sentence(
            "What the team ranking counts as a team must stay as it is: people have entered by it."
        )


# What stands on the sheets.


def _of_sheets(old: RuleSet, new: RuleSet) -> Iterator[Sentence]:
    for name, branch in old.nodes.items():
        if name not in new.nodes:
            yield sentence(
                "“%(title)s” (%(id)s) must stay: it stands on the sheets.", title=branch.title, id=name
            )
    for name, branch in new.nodes.items():
        if name not in old.nodes:
            yield sentence(
                "“%(title)s” (%(id)s) cannot be added: it stands on no sheet.", title=branch.title, id=name
            )
        else:
            yield from _of_nodes(old.nodes[name], branch)


def _of_nodes(old: Branch, new: Branch) -> Iterator[Sentence]:
    if isinstance(old, Aspect) and isinstance(new, Aspect):
        for what in _changed(old, new):
            yield sentence(
                "“%(title)s”: %(what)s must stay, because sheets are marked by it.",
                title=old.title,
                what=what,
            )
    elif isinstance(old, Group) and isinstance(new, Group):
        if [each.id for each in old.children] != [each.id for each in new.children]:
            yield sentence(
                "The parts of “%(title)s” must stay the same and in the same order.", title=old.title
            )
        if _sheets_made(old) != _sheets_made(new):
            yield sentence(
                "“%(title)s” must stay what it is (a stage, a module …): sheets were made by it.",
                title=old.title,
            )
    else:
        yield sentence("“%(title)s” must stay what it is, a group or an aspect.", title=old.title)


def _sheets_made(group: Group) -> tuple[object, ...]:
    return group.role, group.combine is Combine.STAGES


def _changed(old: Aspect, new: Aspect) -> Iterator[Sentence]:
    """What of this aspect judges would mark otherwise than they did."""
    if type(old.method) is not type(new.method):
        yield sentence("the kind of marking")
        return
    if old.conferring != new.conferring:
        yield sentence("the number of judges who measure together")
    for (what, was), (_, now) in zip(_marked_by(old.method), _marked_by(new.method), strict=True):
        if was != now:
            yield what


def _marked_by(method: Method) -> tuple[tuple[Sentence, object], ...]:
    """What a judge is shown of a method, and what makes a value valid; the rest is arithmetic."""
    match method:
        case Binary() | Tolerance() | ConvertedTime():
            return ()
        case Value():
            return (sentence("the highest mark"), method.max), (_STEPS, method.step)
        case Count():
            return ((sentence("the number possible"), method.possible),)
        case Linear() | Record():
            return (_RANGE, (method.low, method.high)), (_STEPS, method.step)
        case Judgement():
            return (
                (_JUDGES, method.judges),
                (sentence("the spread that makes judges discuss"), method.max_spread),
                (sentence("the words for the levels"), method.descriptors),
                (_AGREED, method.agreed),
            )
        case Panel():
            return (
                (_JUDGES, method.judges),
                (_RANGE, (method.low, method.high)),
                (_STEPS, method.step),
                (sentence("the declared value"), method.declared),
                (_AGREED, method.agreed),
            )
        case Deduction():
            return (
                (sentence("what an entry does"), method.effect),
                (sentence("the largest entry"), method.entry_max),
                (_STEPS, method.entry_step),
            )
        case Time():
            return ((sentence("the longest time"), method.max_seconds),)
        case Attempts():
            return (
                (sentence("the number of tries"), method.attempts),
                (_RANGE, (method.low, method.high)),
                (_STEPS, method.step),
            )


_AGREED = sentence("whether judges agree on a value")
_JUDGES = sentence("the number of judges")
_RANGE = sentence("the range")
_STEPS = sentence("the steps")
