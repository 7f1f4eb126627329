"""A rehearsal as people read it: places, awards, who goes on, what each comparison decided, and the working."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from competition.competitions.presenters.scheme_table import comparator_words
from competition.rules.contest import EntrantStatus, Line, explain_place
from competition.rules.marking import Input, MarkKind, Working
from competition.rules.numbers import fixed
from competition.rules.rehearsal import Rehearsal
from competition.rules.sentences import Sentence, sentence
from competition.rules.titles import Title
from competition.web.language import language


@dataclass(frozen=True)
class RehearsedPart:
    """One node of the working: how deep it stands, its marks, its steps, its value."""

    level: int
    title: str
    marks: tuple[Sentence, ...]
    steps: tuple[Sentence, ...]
    value: str


@dataclass(frozen=True)
class RehearsedLine:
    """One made-up entrant."""

    entrant: str
    delegation: str
    place: str
    total: str
    parts: tuple[str, ...]
    award: str
    onward: Sentence | None
    notes: tuple[Sentence, ...]
    why: tuple[Sentence, ...]
    working: tuple[RehearsedPart, ...]


@dataclass(frozen=True)
class RehearsedTeam:
    """A team, its place, value and award; "" for none."""

    team: str
    place: str
    value: str
    award: str


@dataclass(frozen=True)
class RehearsalView:
    """What a rehearsal came to. `parts` are the titles of the parts of the whole, in the order of the columns."""

    parts: tuple[str, ...]
    lines: tuple[RehearsedLine, ...]
    decided: tuple[tuple[Sentence, int], ...]
    by_lot: int
    shared: int
    awards: tuple[tuple[str, int], ...]
    honours: tuple[tuple[str, tuple[str, ...]], ...]
    prizes: tuple[tuple[str, tuple[str, ...]], ...]
    balances: tuple[tuple[str, Sentence], ...]
    teams: tuple[RehearsedTeam, ...]
    team_honours: tuple[tuple[str, tuple[str, ...]], ...]
    scales: tuple[tuple[str, Sentence], ...]
    vacancies: int | None
    blockers: tuple[Sentence, ...]


def rehearsal_view(rehearsal: Rehearsal, *, with_working: int = 0) -> RehearsalView:
    """The rehearsal for this reader; the working of the first `with_working` entrants is told."""
    outcome, ruleset = rehearsal.outcome, rehearsal.outcome.ruleset
    columns = ruleset.scheme.children
    return RehearsalView(
        parts=tuple(_said(child.title) for child in columns),
        lines=tuple(
            _line(rehearsal, line, [child.id for child in columns], index < with_working)
            for index, line in enumerate(outcome.lines)
        ),
        decided=tuple((comparator_words(ruleset, each), count) for each, count in rehearsal.decided),
        by_lot=rehearsal.by_lot,
        shared=rehearsal.shared,
        awards=tuple(_awards(rehearsal)),
        honours=tuple(_honours(rehearsal)),
        prizes=tuple(_prizes(rehearsal)),
        balances=tuple((_said(each.rule.title), each.sentence) for each in outcome.balances),
        teams=tuple(_teams(rehearsal)),
        team_honours=tuple(_team_honours(rehearsal)),
        scales=tuple(_scales(rehearsal)),
        vacancies=rehearsal.advancement.vacancies if rehearsal.advancement else None,
        blockers=outcome.blockers[:20],
    )


def _said(title: Title) -> str:
    return title.in_language(language())


def _number(value: object) -> str:
    return "–" if value is None else str(value)


def _shown(value: Fraction | None, digits: int) -> str:
    return "–" if value is None else format(fixed(value, digits), "f")


def _line(rehearsal: Rehearsal, line: Line, columns: list[str], is_told: bool) -> RehearsedLine:
    outcome = rehearsal.outcome
    rule = outcome.ruleset.awards
    title = rule.title_of(line.award) if rule and line.award else None
    return RehearsedLine(
        entrant=line.entrant,
        delegation=outcome.contest.by_id[line.entrant].delegation,
        place="–" if line.place is None else str(line.place),
        total="–" if line.shown is None else format(line.shown, "f"),
        parts=tuple(_shown(line.values.get(node), outcome.ruleset.display_digits) for node in columns),
        award="" if title is None else _said(title),
        onward=_onward(rehearsal, line.entrant),
        notes=tuple(_notes(rehearsal, line)),
        why=explain_place(outcome, line.entrant) if is_told else (),
        working=tuple(_working(outcome.working(line.entrant), 0)) if is_told and line.complete else (),
    )


def _onward(rehearsal: Rehearsal, entrant: str) -> Sentence | None:
    case = rehearsal.advancement
    if case is None:
        return None
    if entrant in case.advanced:
        return sentence("Goes on")
    if entrant in case.reserves:
        return sentence("Reserve %(number)s", number=case.reserves.index(entrant) + 1)
    return sentence("Needs a decision") if entrant in case.undecided else None


def _notes(rehearsal: Rehearsal, line: Line) -> Iterator[Sentence]:
    nodes = rehearsal.outcome.ruleset.nodes
    if line.status is not EntrantStatus.PRESENT:
        yield _STATUSES[line.status]
    if not line.award_eligible:
        yield sentence("Without award eligibility")
    if line.stage is not None:
        yield sentence("Reached: %(stage)s", stage=nodes[line.stage].title)
    for node in line.not_passed:
        yield sentence("Not passed: %(node)s", node=nodes[node].title)
    for scale, value in line.scaled.items():
        yield sentence("%(scale)s: %(value)s", scale=scale, value=format(value, "f"))
    yield from line.blockers[:3]


def _working(working: Working, level: int) -> Iterator[RehearsedPart]:
    yield RehearsedPart(
        min(level, 7),
        _said(working.title),
        tuple(_mark(each) for each in working.inputs),
        tuple(step.sentence for step in working.steps),
        _number(working.value),
    )
    for child in working.children:
        yield from _working(child, level + 1)


def _mark(given: Input) -> Sentence:
    shown = format(given.value, "f") if given.value is not None else str(given.state and given.state.value)
    words: dict[str, object] = {"who": given.judge or _MARKS[given.kind], "value": shown}
    if given.attempt is not None:
        words["who"] = sentence("Try %(number)s", number=given.attempt)
    if given.counts:
        return sentence("%(who)s: %(value)s", **words)
    return sentence("%(who)s: %(value)s (does not count)", **words)


def _awards(rehearsal: Rehearsal) -> Iterator[tuple[str, int]]:
    rule = rehearsal.outcome.ruleset.awards
    for award in rule.every if rule else ():
        yield _said(award.title), sum(line.award == award.id for line in rehearsal.outcome.lines)


def _honours(rehearsal: Rehearsal) -> Iterator[tuple[str, tuple[str, ...]]]:
    for honour in rehearsal.outcome.ruleset.honours:
        who = [each.entrant for each in rehearsal.outcome.honours if each.honour == honour.id]
        yield _said(honour.title), tuple(who)


def _prizes(rehearsal: Rehearsal) -> Iterator[tuple[str, tuple[str, ...]]]:
    for prize in rehearsal.outcome.ruleset.prizes:
        who = [each.winner for each in rehearsal.outcome.prizes if each.prize == prize.id]
        yield _said(prize.title), tuple(who)


def _teams(rehearsal: Rehearsal) -> Iterator[RehearsedTeam]:
    ruleset = rehearsal.outcome.ruleset
    given = ruleset.teams.awards.titles if ruleset.teams and ruleset.teams.awards else {}
    for team in rehearsal.outcome.teams:
        yield RehearsedTeam(
            team.team,
            "–" if team.place is None else str(team.place),
            _shown(team.value, ruleset.display_digits),
            _said(given[team.award]) if team.award else "",
        )


def _team_honours(rehearsal: Rehearsal) -> Iterator[tuple[str, tuple[str, ...]]]:
    rule = rehearsal.outcome.ruleset.teams
    for honour in rule.honours if rule else ():
        who = [each.team for each in rehearsal.outcome.team_honours if each.honour == honour.id]
        yield _said(honour.title), tuple(who)


def _scales(rehearsal: Rehearsal) -> Iterator[tuple[str, Sentence]]:
    for scale in rehearsal.outcome.scales:
        words = scale.refusal or scale.notice
        if words is not None:
            yield _said(scale.rule.title), words


_STATUSES = {
    EntrantStatus.ABSENT: sentence("Absent"),
    EntrantStatus.WITHDRAWN: sentence("Withdrawn"),
    EntrantStatus.DISQUALIFIED: sentence("Disqualified"),
}
_MARKS = {
    MarkKind.MARK: sentence("Mark"),
    MarkKind.DECLARED: sentence("Declared value"),
    MarkKind.AGREED: sentence("Agreed value"),
    MarkKind.ENTRY: sentence("Deduction"),
    MarkKind.PAUSE: sentence("Pause"),
    MarkKind.PENALTY: sentence("Penalty"),
    MarkKind.BONUS: sentence("Bonus"),
}
