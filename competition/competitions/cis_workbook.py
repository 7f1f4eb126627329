"""Reading a marking scheme out of a “CIS Marking Scheme Import” workbook, with everything that is wrong with it.

The sheet has a table of WSOS sections, a table of criteria with their declared marks, and one block of rows for each
criterion: sub-criteria, their aspects, and the descriptors 0–3 below a judgement. Landmarks are found by their words,
never by row or column number; every sum is computed again from the aspects, in Decimal, because formulas may have no
saved value and their ranges may stop short. Source: docs/sources.md (§1.1–1.5 of judging).
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from competition.competitions.cis_landmarks import (
    CRITERION_LABEL,
    Columns,
    Filled,
    beside_total,
    block_columns,
    criteria_columns,
    filled,
    place_of,
    section_columns,
    shown,
)
from competition.competitions.cis_tree import (
    LEVELS,
    AspectType,
    CisAspect,
    CisScheme,
    Criterion,
    Finding,
    Limits,
    Section,
    SubCriterion,
    Weight,
)
from competition.errors import RuleBroken
from competition.rules.reading import TITLE_LENGTH
from competition.rules.sentences import Sentence, sentence
from competition.workbooks.opening import Cell, cells_of_sheet

SHEET = "CIS Marking Scheme Import"
_ZERO = Decimal(0)
_TWO_PLACES = 2
_MOST_LETTERS = TITLE_LENGTH - 20
_OF_TYPE = {"m": AspectType.MEASUREMENT, "o": AspectType.MEASUREMENT, "j": AspectType.JUDGEMENT}
_NEEDED = {"type": "Aspect Type", "text": "Aspect - Description", "max": "Max Mark"}


def read_cis_workbook(content: bytes, filename: str, *, limits: Limits | None = None) -> CisScheme:
    """The scheme of a workbook. RuleBroken when it cannot be opened, has no such sheet, or no aspects in it."""
    rows = cells_of_sheet(content, filename, SHEET)
    if not any(cell for row in rows for cell in row):
        raise RuleBroken(sentence("The sheet “%(sheet)s” is empty.", sheet=SHEET))
    scheme = _SheetReader(limits or Limits()).read(rows)
    if not any(each.aspects for each in scheme.criteria) and scheme.is_usable:
        raise RuleBroken(
            sentence(
                "No aspects were found. A block of aspects begins with a row of headings, among them “Aspect Type” and “Max Mark”."
            )
        )
    return scheme


class _SheetReader:
    """Walks down the sheet once; afterwards everything is summed and compared."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._findings: list[Finding] = []
        self._title = ""
        self._sections: dict[str, Section] = {}
        self._criteria: dict[str, Criterion] = {}
        self._total: tuple[str, Decimal] | None = None
        self._variation: tuple[str, Decimal] | None = None
        self._columns: Columns = {}
        self._criterion: Criterion | None = None

    def read(self, rows: Sequence[Sequence[Cell]]) -> CisScheme:
        read_row = self._read_title
        for number, cells in enumerate(rows):
            found = filled(number, cells)
            if not found:
                continue
            if columns := block_columns(found):
                self._columns, read_row = columns, self._read_block_row
                self._begin_block(found)
            elif self._criterion is None and (columns := section_columns(found)):
                self._columns, read_row = columns, self._read_section
            elif self._criterion is None and (columns := criteria_columns(found)):
                self._columns, read_row = columns, self._read_criterion
            else:
                read_row(found)
        self._compare()
        criteria = tuple(each for each in self._criteria.values() if each.block)
        sections, findings = tuple(self._sections.values()), tuple(self._sorted())
        return CisScheme(self._title, criteria, sections, findings, self._limits.total)

    def _note(self, cell: str, weight: Weight, words: Sentence) -> None:
        self._findings.append(Finding(cell, weight, words))

    def _sorted(self) -> Iterator[Finding]:
        yield from sorted(self._findings, key=lambda each: int(re.sub(r"\D", "", each.cell) or 0))

    def _in(self, found: Sequence[Filled], name: str) -> Filled | None:
        column = self._columns.get(name)
        return next((each for each in found if each.column == column), None)

    def _words(self, found: Sequence[Filled], name: str) -> str:
        cell = self._in(found, name)
        return cell.text if cell else ""

    # The tables above the blocks.

    def _read_title(self, found: Sequence[Filled]) -> None:
        if not self._title:
            self._title = " ".join(each.text for each in found)

    def _read_section(self, found: Sequence[Filled]) -> None:
        number, stated = self._in(found, "number"), self._in(found, "difference")
        if number is None or number.words.startswith("total"):
            numbers = [each for each in found if each.number is not None]
            last = (
                stated if stated is not None and stated.number is not None else numbers[-1:] and numbers[-1]
            )
            if last and last.number is not None:
                self._variation = last.place, last.number
            return
        name, declared, carried = (self._in(found, each) for each in ("name", "declared", "carried"))
        if name is None and declared is None:
            return
        if number.key in self._sections:
            self._note(
                number.place,
                Weight.WARNING,
                sentence("The WSOS section %(section)s stands here twice.", section=number.key),
            )
            return
        if declared is None or declared.number is None:
            words = sentence(
                "No declared marks can be read for the WSOS section %(section)s.", section=number.key
            )
            self._note(place_of(number.row, self._columns["declared"]), Weight.WARNING, words)
        self._sections[number.key] = Section(
            declared.place if declared else number.place,
            number.key,
            name.text if name else "",
            declared.number if declared else None,
            carried.number if carried else None,
        )

    def _read_criterion(self, found: Sequence[Filled]) -> None:
        letter, name, mark = (self._in(found, each) for each in ("letter", "name", "mark"))
        if letter is None or not re.fullmatch(r"[a-z]", letter.words):
            if mark is not None and mark.number is not None:
                self._total = mark.place, mark.number
            return
        known = letter.words.upper()
        if known in self._criteria:
            words = sentence("The criterion %(letter)s is declared twice.", letter=known)
            self._note(letter.place, Weight.PROBLEM, words)
            return
        place = place_of(letter.row, self._columns["mark"])
        declared = mark.number if mark else None
        self._criteria[known] = Criterion(known, name.text if name else "", place, declared)

    # The blocks.

    def _begin_block(self, found: Sequence[Filled]) -> None:
        place = found[0].place
        for name, heading in _NEEDED.items():
            if name not in self._columns:
                words = sentence("This row of headings has no column “%(heading)s”.", heading=heading)
                self._note(place, Weight.REFUSED, words)
        said = next((match for each in found if (match := CRITERION_LABEL.fullmatch(each.words))), None)
        letter = said[1].upper() if said else self._next_letter()
        criterion = self._criteria.setdefault(letter, Criterion(letter))
        if criterion.block:
            words = sentence(
                "The criterion %(letter)s has a second block; its rows are read as one.", letter=letter
            )
            self._note(place, Weight.WARNING, words)
        criterion.block = criterion.block or place
        criterion.stated = beside_total(found) or criterion.stated
        self._criterion = criterion

    def _next_letter(self) -> str:
        """Blocks that do not say their criterion follow the table of criteria."""
        for letter, criterion in self._criteria.items():
            if not criterion.block:
                return letter
        return next(each for each in "ABCDEFGHIJKLMNOPQRSTUVWXYZ_" if each not in self._criteria)

    def _read_block_row(self, found: Sequence[Filled]) -> None:
        assert self._criterion is not None
        last = max(self._columns.values())
        if all(each.column > last for each in found):
            stated = beside_total(found)
            if stated is not None:
                self._total = found[-1].place, stated
            return
        if self._in(found, "id") or self._in(found, "name"):
            self._read_sub_criterion(found)
        if self._in(found, "type"):
            self._read_aspect(found)
        elif self._in(found, "level"):
            self._read_descriptor(found)
        elif stray := self._in(found, "text") or self._in(found, "max"):
            words = sentence(
                "This row has no aspect type, so it is not known how it is marked. Write M or J."
            )
            self._note(stray.place, Weight.REFUSED, words)
        elif (more := self._in(found, "extra")) and self._last_aspect and not self._in(found, "id"):
            self._last_aspect.extra = " ".join((self._last_aspect.extra, more.text)).strip()

    @property
    def _last_aspect(self) -> CisAspect | None:
        aspects = self._criterion.aspects if self._criterion else []
        return aspects[-1] if aspects else None

    def _read_sub_criterion(self, found: Sequence[Filled]) -> None:
        assert self._criterion is not None
        id_, name, day = (self._in(found, each) for each in ("id", "name", "day"))
        known = re.sub(r"[^A-Za-z0-9_.-]", "", id_.text)[:30] if id_ else ""
        place = found[0].place
        number = len(self._criterion.sub_criteria) + 1
        if not known:
            known = f"{self._criterion.letter}{number}"
            words = sentence("This sub-criterion has no id; it is called %(id)s.", id=known)
            self._note(place, Weight.WARNING, words)
        elif known[0].upper() != self._criterion.letter:
            words = sentence(
                "The sub-criterion %(id)s stands in the block of the criterion %(letter)s.",
                id=known,
                letter=self._criterion.letter,
            )
            self._note(place, Weight.WARNING, words)
        if any(each.id == known for one in self._criteria.values() for each in one.sub_criteria):
            words = sentence("The sub-criterion %(id)s stands here twice.", id=known)
            self._note(place, Weight.PROBLEM, words)
        read = SubCriterion(place, known, name.text if name else "", day.text if day else "")
        self._criterion.sub_criteria.append(read)

    def _read_aspect(self, found: Sequence[Filled]) -> None:
        assert self._criterion is not None
        type_ = self._in(found, "type")
        assert type_ is not None
        if type_.words not in _OF_TYPE:
            self._note(type_.place, Weight.REFUSED, _unknown_type(type_))
            return
        if not self._criterion.sub_criteria:
            known = f"{self._criterion.letter}1"
            words = sentence("This aspect stands before any sub-criterion; %(id)s was made for it.", id=known)
            self._note(type_.place, Weight.WARNING, words)
            self._criterion.sub_criteria.append(SubCriterion(type_.place, known, "", ""))
        text, extra, requirement = (self._words(found, name) for name in ("text", "extra", "requirement"))
        section = self._in(found, "section")
        aspect = CisAspect(
            cell=type_.place,
            type=_OF_TYPE[type_.words],
            text=text,
            extra=extra,
            requirement=requirement,
            section=section.key if section else "",
            max=self._max(found, type_),
            calculated=self._in(found, "calculation") is not None,
        )
        if not aspect.text:
            self._note(type_.place, Weight.PROBLEM, sentence("The description of the aspect is missing."))
        if aspect.calculated:
            words = sentence(
                "CIS calculates this mark. Here the mark itself is recorded; in the editor the aspect can become a count, bands or a formula."
            )
            self._note(type_.place, Weight.WARNING, words)
        if len(aspect.text + aspect.extra + aspect.requirement) > _MOST_LETTERS:
            words = sentence("The description is longer than a title may be; it is cut.")
            self._note(type_.place, Weight.WARNING, words)
        self._check_section(aspect, section.place if section else type_.place)
        self._criterion.sub_criteria[-1].aspects.append(aspect)

    def _max(self, found: Sequence[Filled], type_: Filled) -> Decimal | None:
        cell = self._in(found, "max")
        number = cell.number if cell else None
        place = cell.place if cell else type_.place
        if number is None or number <= 0:
            words = sentence("The highest mark of the aspect must be a number greater than 0.")
            self._note(place, Weight.PROBLEM, words)
            return None
        if -int(number.normalize().as_tuple().exponent) > _TWO_PLACES:
            words = sentence("%(mark)s has more than two decimals.", mark=shown(number))
            self._note(place, Weight.WARNING, words)
        if number > self._limits.aspect_max:
            words = sentence(
                "The aspect carries %(mark)s marks; one aspect should carry at most %(most)s.",
                mark=shown(number),
                most=f"{self._limits.aspect_max:.2f}",
            )
            self._note(place, Weight.WARNING, words)
        return number

    def _check_section(self, aspect: CisAspect, place: str) -> None:
        if not aspect.section:
            self._note(place, Weight.WARNING, sentence("The aspect names no WSOS section."))
        elif aspect.section in self._sections:
            self._sections[aspect.section].carried += aspect.max or _ZERO
        else:
            words = sentence(
                "The WSOS section %(section)s is not in the table above.", section=aspect.section
            )
            self._note(place, Weight.WARNING, words)

    def _read_descriptor(self, found: Sequence[Filled]) -> None:
        level, words = self._in(found, "level"), self._in(found, "extra")
        assert level is not None
        aspect = self._last_aspect
        number = level.number
        if aspect is None or aspect.type is not AspectType.JUDGEMENT:
            self._note(
                level.place, Weight.WARNING, sentence("A descriptor belongs below an aspect of the type J.")
            )
        elif number is None or number not in LEVELS:
            self._note(level.place, Weight.PROBLEM, sentence("The levels of a judgement are 0, 1, 2 and 3."))
        elif int(number) in aspect.descriptors:
            said = sentence("The level %(level)s is described twice.", level=int(number))
            self._note(level.place, Weight.PROBLEM, said)
        elif words is not None:
            aspect.descriptors[int(number)] = words.text

    # What shows when everything is read.

    def _compare(self) -> None:
        for criterion in self._criteria.values():
            self._compare_criterion(criterion)
        self._compare_total()
        self._compare_sections()

    def _compare_criterion(self, criterion: Criterion) -> None:
        letter = criterion.letter
        if not criterion.block:
            words = sentence(
                "The criterion %(letter)s is declared and has no block of aspects.", letter=letter
            )
            self._note(criterion.cell, Weight.PROBLEM, words)
            return
        if criterion.declared is None:
            self._take_stated(criterion)
        elif criterion.declared != criterion.carried:
            words = sentence(
                "The criterion %(letter)s declares %(declared)s, its aspects make %(carried)s: a difference of %(difference)s.",
                letter=letter,
                declared=shown(criterion.declared),
                carried=shown(criterion.carried),
                difference=shown(abs(criterion.declared - criterion.carried)),
            )
            self._note(criterion.cell, Weight.PROBLEM, words)
        if criterion.stated is not None and criterion.stated not in (criterion.carried, criterion.declared):
            self._note_sum(criterion.block, criterion.stated, criterion.carried)
        for sub in criterion.sub_criteria:
            if not sub.aspects:
                words = sentence("The sub-criterion %(id)s has no aspects and is left out.", id=sub.id)
                self._note(sub.cell, Weight.WARNING, words)
        for aspect in criterion.aspects:
            self._compare_descriptors(aspect)

    def _take_stated(self, criterion: Criterion) -> None:
        """Without a readable declared mark the total beside the block stands for it, or else what the aspects make."""
        if criterion.stated is not None and criterion.stated != criterion.carried:
            self._note_sum(criterion.block, criterion.stated, criterion.carried)
        if criterion.stated is None:
            words = sentence(
                "The declared mark of the criterion %(letter)s cannot be read: it is missing, or a formula whose value was not saved. The sum of its aspects, %(carried)s, is taken.",
                letter=criterion.letter,
                carried=shown(criterion.carried),
            )
            self._note(criterion.cell or criterion.block, Weight.WARNING, words)

    def _note_sum(self, place: str, stated: Decimal, computed: Decimal) -> None:
        words = sentence(
            "The sheet says %(stated)s; computed again from the aspects it is %(computed)s. The range of the formula may stop short.",
            stated=shown(stated),
            computed=shown(computed),
        )
        self._note(place, Weight.WARNING, words)

    def _compare_descriptors(self, aspect: CisAspect) -> None:
        missing = [str(level) for level in LEVELS if level not in aspect.descriptors]
        if aspect.type is AspectType.JUDGEMENT and missing:
            words = sentence(
                "Descriptors are missing for these levels: %(levels)s.", levels=", ".join(missing)
            )
            self._note(aspect.cell, Weight.PROBLEM, words)

    def _compare_total(self) -> None:
        criteria = [each for each in self._criteria.values() if each.block]
        total = sum((each.carried for each in criteria), _ZERO)
        last = criteria[-1] if criteria else None
        place = self._total[0] if self._total else (last.cell or last.block) if last else ""
        if total != self._limits.total:
            words = sentence(
                "All aspects together make %(total)s, not %(wanted)s.",
                total=shown(total),
                wanted=shown(self._limits.total),
            )
            self._note(place, Weight.PROBLEM, words)
        declared = sum((each.declared or _ZERO for each in criteria), _ZERO)
        if self._total and self._total[1] not in (total, declared):
            self._note_sum(self._total[0], self._total[1], total)

    def _compare_sections(self) -> None:
        for section in self._sections.values():
            if section.stated is not None and section.stated != section.carried:
                self._note_sum(section.cell, section.stated, section.carried)
            if section.difference is not None and section.difference > self._limits.section_deviation:
                words = sentence(
                    "The WSOS section %(section)s declares %(declared)s marks and its aspects carry %(carried)s: more than %(most)s apart.",
                    section=section.number,
                    declared=shown(section.declared or _ZERO),
                    carried=shown(section.carried),
                    most=shown(self._limits.section_deviation),
                )
                self._note(section.cell, Weight.WARNING, words)
        variation = sum((each.difference or _ZERO for each in self._sections.values()), _ZERO)
        if self._variation and self._variation[1] != variation:
            self._note_sum(*self._variation, variation)


def _unknown_type(cell: Filled) -> Sentence:
    if cell.words == "s":
        return sentence(
            "The type S (subjective, 1 to 10) no longer exists. Rewrite the aspect as a judgement (J) with descriptors for 0 to 3, or as a measurement (M)."
        )
    return sentence(
        "“%(type)s” is no type of aspect. Write M (measurement) or J (judgement).", type=cell.text[:40]
    )
