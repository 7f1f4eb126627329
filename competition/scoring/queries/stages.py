"""Which stages of an event were reached, and so which sheets it needs.

A rule set without stages wants every module of everybody who takes part. With stages, the sheets of a stage are wanted of
those who qualified, once the stage before it is complete: every sheet of it received or void, and no mark missing. Until
then nothing of the later stages is wanted, and nothing of them is missing.
"""

from collections.abc import Mapping, Set

from competition.competitions.models import Event
from competition.competitions.queries import aspects_of, modules_of, rule_set_of
from competition.rules.contest import Contest, Entrant, entered_so_far
from competition.rules.marking import Given
from competition.rules.ruleset import RuleSet
from competition.scoring.models import SheetState
from competition.scoring.queries.marks import given_of
from competition.scoring.queries.recorded import Recorded
from competition.scoring.queries.sheets import SheetRow
from competition.scoring.queries.taking_part import RECEIVED

Modules = Mapping[str, Set[str]]
"""Modules by code."""

_DONE = (*RECEIVED, SheetState.VOID)


def contest_so_far(event: Event, recorded: Recorded | None = None, *, signed_only: bool = False) -> Contest:
    """What is recorded now as a contest in which everybody goes by their code; `signed_only` leaves out what nobody signed."""
    rule_set, recorded = rule_set_of(event), recorded or Recorded(event)
    own: dict[str, list[SheetRow]] = {one.code: [] for one in recorded.drawn}
    for sheet in recorded.sheets:
        is_left_out = sheet.state == SheetState.VOID or (signed_only and sheet.state == SheetState.OPEN)
        if sheet.code in own and not is_left_out:
            own[sheet.code].append(sheet)
    given: dict[str, Mapping[str, Given]] = {
        code: given_of(rule_set, sheets, recorded.marks) for code, sheets in own.items()
    }
    entrants = tuple(Entrant(one.code, one.status) for one in recorded.drawn)
    return Contest(rule_set.title, rule_set, (), entrants, given, ())


def modules_reached(event: Event, recorded: Recorded | None = None) -> Modules:
    """The modules that are to be marked of everybody who takes part, as the marks stand."""
    return _decided(event, recorded or Recorded(event))[0]


def modules_missed(event: Event) -> Modules:
    """The modules of decided stages that those who take part did not reach: sheets of them should not be there."""
    return _decided(event, Recorded(event))[1]


def _decided(event: Event, recorded: Recorded) -> tuple[Modules, Modules]:
    """The modules reached, and those not reached, of the stages that are decided."""
    stages = _modules_by_stage(rule_set_of(event))
    here = [one.code for one in recorded.drawn if one.is_marked]
    if len(stages) == 1:
        return dict.fromkeys(here, stages[0]), dict.fromkeys(here, frozenset())
    entered = entered_so_far(contest_so_far(event, recorded))
    reached: dict[str, set[str]] = {code: set() for code in here}
    missed: dict[str, set[str]] = {code: set() for code in here}
    for modules, inside in zip(stages, entered, strict=False):
        for code in here:
            (reached if code in inside else missed)[code].update(modules)
        if not _is_received(recorded.sheets, reached, modules):
            break
    return reached, missed


def _modules_by_stage(rule_set: RuleSet) -> list[frozenset[str]]:
    """The modules of each stage in order; one stage with all of them where the rule set has none."""
    modules = modules_of(rule_set)
    if not rule_set.scheme.stages:
        return [frozenset(module.id for module in modules)]
    return [
        frozenset(
            module.id
            for module in modules
            if any(aspect.id in stage.aspect_ids for aspect in aspects_of(module))
        )
        for stage in rule_set.scheme.stages
    ]


def _is_received(sheets: list[SheetRow], reached: Mapping[str, Set[str]], modules: Set[str]) -> bool:
    """Whether everybody who reached these modules has sheets in all of them, and no sheet waits for its signature."""
    wanted = {(code, module) for code, own in reached.items() for module in own & modules}
    own = [sheet for sheet in sheets if (sheet.code, sheet.module) in wanted]
    made = {(sheet.code, sheet.module) for sheet in own}
    return made == wanted and all(sheet.state in _DONE for sheet in own)
