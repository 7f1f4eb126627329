"""The figure-skating archive (figure-skating scores: BuzzFeed News, CC BY 4.0) as contest documents, one per segment.

Source: docs/sources.md, judging §6 and the README beside the data. Official formula of 2016/17 and 2017/18, half-up at 2 decimals:
element = base value + trimmed mean of the judges' grade-of-execution points, rounded; component = trimmed mean, rounded,
× factor, rounded; total = elements + components − deductions; ties by elements (short) or components (free).
"""

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import cast

from competition.rules import contest, ruleset

ATTRIBUTION = "Figure-skating scores: BuzzFeed News, CC BY 4.0"

TOTAL, ELEMENTS, COMPONENTS, DEDUCTIONS = (
    "total",
    "elements",
    "components",
    "deductions",
)

_FILES = (
    "performances",
    "judged-aspects",
    "judge-scores",
    "judge-goe",
    "judges",
    "judge-country",
)
_SEATS = 9
_FEWEST_MARKS = 3
_TWO_PLACES = {"digits": 2, "mode": "half_up"}
_CHINESE = {
    "Skating Skills": "滑行技术",
    "Transitions": "衔接",
    "Performance": "表演",
    "Composition": "编排",
    "Interpretation of the Music": "音乐表达",
    "Interpretation of the Music / Timing": "音乐表达与节奏",
}

Row = Mapping[str, str]
SegmentKey = tuple[str, str]
Document = dict[str, object]


class ArchiveIncomplete(ValueError):
    """The folder is not this archive: files are missing."""


@dataclass(frozen=True)
class Published:
    """What the archive says about one performance: who, the total and the rank."""

    entrant: str
    name: str
    nation: str
    starting_number: int
    total: Decimal
    rank: int


@dataclass(frozen=True)
class SeatedJudge:
    """A judge in a seat of the panel (J1 … J9); `name` is empty where the archive has nobody in the seat."""

    seat: str
    name: str
    country: str


@dataclass(frozen=True)
class Segment:
    """One segment: the contest document, and the published totals and ranks to compare with."""

    competition: str
    program: str
    document: Document
    judges: tuple[SeatedJudge, ...]
    published: tuple[Published, ...]

    @property
    def rule_set(self) -> Document:
        return cast(Document, self.document["ruleset"])

    @property
    def marks(self) -> list[Document]:
        return cast(list[Document], self.document["marks"])


@dataclass(frozen=True)
class _Archive:
    """The rows of the archive, put where they belong."""

    performances: Mapping[SegmentKey, Sequence[Row]]
    aspects: Mapping[str, Sequence[Row]]
    scores: Mapping[str, Mapping[str, str]]
    execution: Mapping[str, Mapping[str, str]]
    seats: Mapping[SegmentKey, Sequence[SeatedJudge]]


def segments(folder: Path) -> Iterator[Segment]:
    """Every segment of the archive, in the order of the files. Raises ArchiveIncomplete if files are missing."""
    missing = [name for name in _FILES if not (folder / f"{name}.csv").is_file()]
    if missing:
        raise ArchiveIncomplete(", ".join(f"{name}.csv" for name in missing))
    archive = _load(folder)
    for key, performances in archive.performances.items():
        yield _segment(archive, key, performances)


def _rows(folder: Path, name: str) -> Iterator[Row]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _load(folder: Path) -> _Archive:
    performances: defaultdict[SegmentKey, list[Row]] = defaultdict(list)
    aspects: defaultdict[str, list[Row]] = defaultdict(list)
    for row in _rows(folder, "performances"):
        performances[row["competition"], row["program"]].append(row)
    for row in _rows(folder, "judged-aspects"):
        aspects[row["performance_id"]].append(row)
    for row_list in performances.values():
        row_list.sort(key=lambda row: int(row["starting_number"]))
    return _Archive(
        performances,
        aspects,
        _by_judge(_rows(folder, "judge-scores"), "score"),
        _by_judge(_rows(folder, "judge-goe"), "judge_goe"),
        _seats(folder),
    )


def _by_judge(rows: Iterator[Row], column: str) -> Mapping[str, Mapping[str, str]]:
    marks: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for row in rows:
        marks[row["aspect_id"]][row["judge"]] = row[column]
    return marks


def _seats(folder: Path) -> Mapping[SegmentKey, Sequence[SeatedJudge]]:
    countries = {row["clean_judge_name"]: row["judge_country"] for row in _rows(folder, "judge-country")}
    seats: defaultdict[SegmentKey, list[SeatedJudge]] = defaultdict(list)
    for row in _rows(folder, "judges"):
        name = row["clean_judge_name"]
        seat = f"J{row['role'].removeprefix('Judge No.')}"
        seats[row["competition"], row["program"]].append(SeatedJudge(seat, name, countries.get(name, "")))
    for seated in seats.values():
        seated.sort(key=lambda judge: judge.seat)
    return seats


def _segment(archive: _Archive, key: SegmentKey, performances: Sequence[Row]) -> Segment:
    competition, program = key
    rows = {row["performance_id"]: archive.aspects[row["performance_id"]] for row in performances}
    slots = max(len(_elements(aspects)) for aspects in rows.values())
    components = [(row["aspect_desc"], row["factor"]) for row in _components(next(iter(rows.values())))]
    title = {"zh": f"{competition} {program}", "en": f"{competition}, {program}"}
    document: Document = {
        "format": contest.FORMAT,
        "title": title,
        "ruleset": _ruleset(program, slots, components),
        "judges": [_judge(judge) for judge in archive.seats[key]],
        "entrants": [{"id": row["performance_id"], "delegation": row["nation"]} for row in performances],
        "marks": [mark for row in performances for mark in _marks(archive, row, slots)],
    }
    return Segment(
        competition,
        program,
        document,
        tuple(archive.seats[key]),
        tuple(map(_published, performances)),
    )


def _judge(judge: SeatedJudge) -> Document:
    return {"id": judge.seat, "delegation": judge.country} if judge.country else {"id": judge.seat}


def _published(row: Row) -> Published:
    return Published(
        entrant=row["performance_id"],
        name=row["name"],
        nation=row["nation"],
        starting_number=int(row["starting_number"]),
        total=Decimal(row["total_segment_score"]),
        rank=int(row["rank"]),
    )


def _elements(aspects: Sequence[Row]) -> list[Row]:
    """The elements in the order in which they were performed."""
    return sorted(
        (row for row in aspects if row["section"] == "elements"),
        key=lambda row: int(row["aspect_num"]),
    )


def _components(aspects: Sequence[Row]) -> list[Row]:
    return sorted(
        (row for row in aspects if row["section"] == "components"),
        key=lambda row: row["aspect_desc"],
    )


def _is_free(program: str) -> bool:
    return "SHORT" not in program


def _ruleset(program: str, slots: int, components: Sequence[tuple[str, str]]) -> Document:
    decisive = COMPONENTS if _is_free(program) else ELEMENTS
    return {
        "format": ruleset.FORMAT,
        "title": {
            "zh": "花样滑冰 2016–2018 赛季",
            "en": "Figure skating, seasons 2016–2018",
        },
        "source": "ISU judging system, seasons 2016/17 and 2017/18",
        "scheme": {
            "kind": "group",
            "id": TOTAL,
            "title": {"zh": "总分", "en": "Segment score"},
            "combine": "sum",
            "children": [
                _group(
                    ELEMENTS,
                    {"zh": "技术分", "en": "Elements"},
                    [_slot(n) for n in range(1, slots + 1)],
                ),
                _group(
                    COMPONENTS,
                    {"zh": "内容分", "en": "Components"},
                    [_component(index, *component) for index, component in enumerate(components, 1)],
                ),
                {
                    "kind": "aspect",
                    "id": DEDUCTIONS,
                    "title": {"zh": "扣分", "en": "Deductions"},
                    "type": "deduction",
                },
            ],
        },
        "ranking": {"by": [{"node": TOTAL}, {"node": decisive}], "ties": "shared"},
        "panel": {"own_delegation": "allowed"},
    }


def _group(name: str, title: Document, children: list[Document]) -> Document:
    return {
        "kind": "group",
        "id": name,
        "title": title,
        "role": "criterion",
        "combine": "sum",
        "children": children,
    }


def _panel(name: str, title: Document, scale: Document) -> Document:
    return {
        "kind": "aspect",
        "id": name,
        "title": title,
        "type": "panel",
        "range": scale,
        "judges": _SEATS,
        "minimum": _FEWEST_MARKS,
        "combine": "trimmed_mean",
        "trim": {"low": 1, "high": 1},
        "panel_rounding": _TWO_PLACES,
    }


def _slot(number: int) -> Document:
    title: Document = {"zh": f"动作 {number}", "en": f"Element {number}"}
    scale: Document = {"low": "-5", "high": "5", "step": "0.1"}
    return {**_panel(_slot_id(number), title, scale), "declared": True, "agreed": True}


def _slot_id(number: int) -> str:
    return f"element-{number}"


def _component(number: int, name: str, factor: str) -> Document:
    title: Document = {"zh": _CHINESE.get(name, name), "en": name}
    scale: Document = {"low": "0", "high": "10", "step": "0.25"}
    return {
        **_panel(_component_id(number), title, scale),
        "factor": factor,
        "rounding": _TWO_PLACES,
    }


def _component_id(number: int) -> str:
    return f"component-{number}"


def _marks(archive: _Archive, performance: Row, slots: int) -> Iterator[Document]:
    entrant = performance["performance_id"]
    elements, components = (
        _elements(archive.aspects[entrant]),
        _components(archive.aspects[entrant]),
    )
    for number in range(1, slots + 1):
        if number <= len(elements):
            row = elements[number - 1]
            yield from _element_marks(
                entrant,
                _slot_id(number),
                row,
                archive.execution.get(row["aspect_id"], {}),
            )
        else:
            yield {
                "entrant": entrant,
                "aspect": _slot_id(number),
                "state": contest.NOT_ATTEMPTED,
            }
    for number, row in enumerate(components, 1):
        yield from _component_marks(entrant, _component_id(number), archive.scores[row["aspect_id"]])
    if Decimal(performance["total_deductions"]):
        yield {
            "entrant": entrant,
            "aspect": DEDUCTIONS,
            "value": performance["total_deductions"],
            "kind": "entry",
        }


def _element_marks(entrant: str, slot: str, row: Row, points: Mapping[str, str]) -> Iterator[Document]:
    """Base value and the judges' points; where the archive has none, the panel's published points."""
    yield {
        "entrant": entrant,
        "aspect": slot,
        "value": row["base_value"],
        "kind": "declared",
    }
    if not points:
        agreed = Decimal(row["scores_of_panel"]) - Decimal(row["base_value"])
        yield {
            "entrant": entrant,
            "aspect": slot,
            "value": str(agreed),
            "kind": "agreed",
        }
    for judge, value in points.items():
        yield {"entrant": entrant, "aspect": slot, "judge": judge, "value": value}


def _component_marks(entrant: str, component: str, marks: Mapping[str, str]) -> Iterator[Document]:
    """The judges' marks. The archive writes 0.0 for a judge who was not there: that is no mark."""
    for judge, value in marks.items():
        if Decimal(value):
            yield {
                "entrant": entrant,
                "aspect": component,
                "judge": judge,
                "value": value,
            }
