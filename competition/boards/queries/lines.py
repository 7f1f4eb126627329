"""Lines of boards: what is read from ten metres away, from the released result or from confirmed sheets."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from typing import Any

from competition.competitions.queries import rule_set_of_version
from competition.results import queries as results
from competition.results.models import ResultRevision
from competition.rules.advancement import Outcome
from competition.rules.numbers import fixed
from competition.rules.ruleset import RuleSet
from competition.rules.sentences import Sentence, sentence
from competition.rules.titles import Title


class Qualifying(StrEnum):
    """Towards the qualification line: goes on for certain; would go on as it stands; still can; can no longer."""

    CLINCHED = "clinched"
    PROVISIONAL = "provisional"
    OPEN = "open"
    OUT = "out"


CLIMBING = frozenset({Qualifying.CLINCHED, Qualifying.PROVISIONAL})


@dataclass(frozen=True)
class BoardLine:
    """One ranked line. `key` is the entrant, or the blind code; `prize` counts the awards from the highest, 0; `late`
    says what changed after it was announced; `qualifying` is for live standings only."""

    key: str
    place: int
    shared: bool
    name: str
    delegation: str
    total: str | None
    award: Title | None = None
    prize: int | None = None
    advances: bool = False
    late: Sentence | None = None
    qualifying: Qualifying | None = None

    def as_shown(self) -> dict[str, Any]:
        """What was read out, to be compared with what stands later."""
        award = None if self.award is None else dict(self.award.as_json())
        return {"place": self.place, "name": self.name, "total": self.total, "award": award}

    def as_json(self) -> dict[str, Any]:
        return {
            **self.as_shown(),
            "key": self.key,
            "shared": self.shared,
            "delegation": self.delegation,
            "prize": self.prize,
            "advances": self.advances,
            "qualifying": None if self.qualifying is None else self.qualifying.value,
        }


def line_from_json(plain: Mapping[str, Any]) -> BoardLine:
    """A line as it was kept."""
    award, qualifying = plain["award"], plain.get("qualifying")
    return BoardLine(
        key=plain["key"],
        place=plain["place"],
        shared=plain["shared"],
        name=plain["name"],
        delegation=plain["delegation"],
        total=plain["total"],
        award=None if award is None else Title(award["zh"], award["en"]),
        prize=plain["prize"],
        advances=plain["advances"],
        qualifying=None if qualifying is None else Qualifying(qualifying),
    )


def released_lines(revision: ResultRevision) -> tuple[BoardLine, ...]:
    """The ranked lines of a released revision, best first, with who climbs by it."""
    rules = rule_set_of_version(revision.rule_set_version)
    titles = {} if rules.awards is None else {award.id: award.title for award in rules.awards.every}
    prizes = prizes_of(rules)
    ranked = [line for line in results.lines_of(revision) if line.place is not None]
    sharing = Counter(line.place for line in ranked)
    climbing = _climbing(revision)
    return tuple(
        BoardLine(
            key=str(line.entrant_id),
            place=line.place or 0,
            shared=sharing[line.place] > 1,
            name=line.display_name,
            delegation=line.delegation_name,
            total=None if line.total is None else total_text(Fraction(line.total), rules),
            award=titles.get(line.award or ""),
            prize=prizes.get(line.award or ""),
            advances=str(line.entrant_id) in climbing,
        )
        for line in ranked
    )


def prizes_of(rules: RuleSet) -> dict[str, int]:
    """The awards that are announced, 0 the highest; what everybody else receives is none of them."""
    if rules.awards is None:
        return {}
    merit = (rules.awards.merit,) if rules.awards.merit else ()
    return {award.id: index for index, award in enumerate((*rules.awards.awards, *merit))}


def team_prizes_of(rules: RuleSet) -> dict[str, int]:
    """The awards of teams that are announced, 0 the highest."""
    given = rules.teams.awards if rules.teams else None
    return {} if given is None else {award.id: index for index, award in enumerate(given.every)}


def total_text(total: Fraction, rules: RuleSet) -> str:
    """The total with the digits that the rule set shows to people."""
    return format(fixed(total, rules.display_digits), "f")


def _climbing(revision: ResultRevision) -> frozenset[str]:
    case = results.decisions_for(revision)
    if case is None:
        return frozenset()
    return frozenset(row.id for row in case.rows if row.outcome is Outcome.ADVANCED)


def line_after(lines: Sequence[BoardLine]) -> int | None:
    """After how many lines the qualification line is drawn; None where nobody climbs, or everybody does."""
    last = max((index for index, line in enumerate(lines, 1) if line.advances), default=None)
    return last if last is not None and last < len(lines) else None


def with_late_changes(
    lines: Iterable[BoardLine], announced: Mapping[str, Mapping[str, Any]]
) -> tuple[BoardLine, ...]:
    """The lines, each with what differs from what was announced of it."""
    return tuple(
        replace(line, late=_difference(announced[line.key], line)) if line.key in announced else line
        for line in lines
    )


def _difference(before: Mapping[str, Any], line: BoardLine) -> Sentence | None:
    now = line.as_shown()
    if before == now:
        return None
    if before["place"] != now["place"]:
        return sentence(
            "Corrected after it was announced: place %(before)s became %(after)s.",
            before=before["place"],
            after=now["place"],
        )
    if before["total"] != now["total"]:
        return sentence(
            "Corrected after it was announced: the total was %(before)s.", before=before["total"] or "–"
        )
    return sentence("Corrected after it was announced.")
