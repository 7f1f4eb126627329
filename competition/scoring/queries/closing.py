"""What stands in the way of the end of marking: sheets that nobody signed or confirmed, and marks that are missing."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from competition.competitions.models import Event
from competition.competitions.queries import modules_of, rule_set_of
from competition.rules.contest import EntrantStatus, reckonings_of
from competition.rules.sentences import Sentence, sentence
from competition.scoring.models import Sheet, SheetState
from competition.scoring.queries.acceptances import MissingStanding, missing_standing
from competition.scoring.queries.sheets import sheets_of
from competition.scoring.queries.stages import contest_so_far, modules_missed
from competition.scoring.queries.taking_part import codes_left_out

MOST_REASONS = 20


def closing_blockers(event: Event) -> tuple[Sentence, ...]:
    """What stands in the way of the end of marking; () when every sheet is confirmed and the marks are complete.

    Sheets of which two people accepted that they are missing stand in nobody's way, nor do the marks that should be on them.
    """
    left_out, standing = codes_left_out(event), missing_standing(event)
    sheets = [sheet for sheet in sheets_of(event) if sheet.code not in left_out]
    found = [] if standing.is_accepted else _missing(standing, sheets)
    if unconfirmed := [sheet for sheet in sheets if sheet.state == SheetState.SIGNED]:
        found.append(
            sentence(
                "%(count)s sheets are signed and not confirmed (codes %(codes)s).",
                count=len(unconfirmed),
                codes=_codes(unconfirmed),
            )
        )
    found += _out_of_place(event, sheets)
    return tuple(found) or _incomplete(event, standing)


def _missing(standing: MissingStanding, sheets: Sequence[Sheet]) -> list[Sentence]:
    found = []
    unsigned = [sheet for sheet in sheets if sheet.state == SheetState.OPEN]
    if unmade := len(standing.names) - len(unsigned):
        found.append(
            sentence("Sheets that were never made: %(count)s. Bring the sheets up to date.", count=unmade)
        )
    if unsigned:
        found.append(
            sentence(
                "%(count)s sheets are not signed (codes %(codes)s).",
                count=len(unsigned),
                codes=_codes(unsigned),
            )
        )
    if standing.acceptance is not None and standing.refusal is not None:
        found.append(standing.refusal)
    return found


def _out_of_place(event: Event, sheets: Iterable[Sheet]) -> list[Sentence]:
    """Sheets of a stage that was not reached after all, because a mark of a stage before it was corrected."""
    titles = {module.id: module.title for module in modules_of(rule_set_of(event))}
    missed = modules_missed(event)
    codes: dict[str, list[Sheet]] = defaultdict(list)
    for sheet in sheets:
        if sheet.state != SheetState.VOID and sheet.module in missed.get(sheet.code, ()):
            codes[sheet.module].append(sheet)
    return [
        sentence(
            "%(module)s: there are sheets of %(codes)s, who did not reach this stage as the marks stand now."
            " Have the chief judge declare these sheets void.",
            module=titles[module],
            codes=_codes(own),
        )
        for module, own in codes.items()
    ]


def _codes(sheets: Sequence[Sheet]) -> str:
    codes = list(dict.fromkeys(sheet.code for sheet in sheets))
    return ", ".join(codes[:10]) + (" …" if len(codes) > 10 else "")


def _incomplete(event: Event, standing: MissingStanding) -> tuple[Sentence, ...]:
    """What the rules of marking still miss, code by code: spreads, judges too few, declared values.

    What stands on a missing sheet nobody signed, so it does not count; whoever is incomplete without it has no result.
    """
    contest = contest_so_far(event, signed_only=True)
    found = [
        reason
        for code, reckoning in reckonings_of(contest).items()
        if contest.by_id[code].status is EntrantStatus.PRESENT and code not in standing.codes
        for reason in reckoning.blockers
    ]
    if len(found) <= MOST_REASONS:
        return tuple(found)
    more = sentence("… and %(count)s more.", count=len(found) - MOST_REASONS)
    return (*found[:MOST_REASONS], more)
