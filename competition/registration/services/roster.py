"""What the columns of a list of entries mean, and what each row says: shape and words only, no database."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from competition.errors import RuleBroken
from competition.rules.grades import Grade, grade_named
from competition.rules.identity import IdType, half_width
from competition.rules.sentences import Sentence, sentence
from competition.workbooks.opening import Cell

LONGEST_CELL = 200


@dataclass(frozen=True)
class Column:
    """A column of the list: its heading, a hint for the template, and how sheets write its heading."""

    key: str
    heading: Sentence
    hint: Sentence
    required: bool
    written: tuple[str, ...]


COLUMNS = (
    Column(
        "name",
        sentence("Full name"),
        sentence("as on the ID document"),
        True,
        ("姓名", "full name", "name"),
    ),
    Column(
        "id_type",
        sentence("ID type"),
        sentence("empty for a resident ID card"),
        False,
        ("证件类型", "id type", "document type"),
    ),
    Column(
        "id_number",
        sentence("ID number"),
        sentence("formatted as text"),
        True,
        ("证件号码", "身份证号", "身份证号码", "证件号", "id number", "document number"),
    ),
    Column(
        "phone",
        sentence("Phone"),
        sentence("may be empty"),
        False,
        ("手机", "手机号", "手机号码", "电话", "联系电话", "phone", "mobile"),
    ),
    Column(
        "employer",
        sentence("Employer"),
        sentence("full name or credit code"),
        True,
        ("单位", "工作单位", "所在单位", "单位名称", "employer", "organisation"),
    ),
    Column(
        "occupation",
        sentence("Occupation"),
        sentence("code or name; empty for the occupation of the event"),
        False,
        ("职业", "职业代码", "职业编码", "工种", "occupation", "occupation code"),
    ),
    Column(
        "grade",
        sentence("Grade"),
        sentence("name or level number, such as 3; empty for none"),
        False,
        ("技能等级", "职业技能等级", "等级", "grade", "skill level"),
    ),
    Column(
        "grade_since",
        sentence("Grade held since"),
        sentence("date of the certificate; may be empty"),
        False,
        ("等级取得日期", "取得等级日期", "取证日期", "grade held since", "grade since"),
    ),
    Column(
        "in_occupation_since",
        sentence("In the occupation since"),
        sentence("for example 2015-07-01; may be empty"),
        False,
        ("从业起始", "从业起始日期", "从事本职业起始日期", "从业时间", "in the occupation since", "since"),
    ),
    Column(
        "team",
        sentence("Team number"),
        sentence("the same number for the people of one team, in their order; empty for single entrants"),
        False,
        ("组合序号", "组号", "队号", "team", "team number"),
    ),
)
BY_KEY = {column.key: column for column in COLUMNS}

_ID_TYPES = {
    "居民身份证": IdType.RESIDENT_ID,
    "身份证": IdType.RESIDENT_ID,
    "residentidcard": IdType.RESIDENT_ID,
    "港澳居民来往内地通行证": IdType.HK_MACAO_PERMIT,
    "回乡证": IdType.HK_MACAO_PERMIT,
    "mainlandtravelpermitforhongkongandmacaoresidents": IdType.HK_MACAO_PERMIT,
    "台湾居民来往大陆通行证": IdType.TAIWAN_PERMIT,
    "台胞证": IdType.TAIWAN_PERMIT,
    "mainlandtravelpermitfortaiwanresidents": IdType.TAIWAN_PERMIT,
    "外国人永久居留身份证": IdType.FOREIGN_PERMANENT_RESIDENCE,
    "外国人永久居留证": IdType.FOREIGN_PERMANENT_RESIDENCE,
    "foreignpermanentresidentidcard": IdType.FOREIGN_PERMANENT_RESIDENCE,
    "军官证": IdType.MILITARY_ID,
    "军人身份证件": IdType.MILITARY_ID,
    "军人证": IdType.MILITARY_ID,
    "militaryidcard": IdType.MILITARY_ID,
    "护照": IdType.PASSPORT,
    "passport": IdType.PASSPORT,
    **{id_type.value.replace("_", ""): id_type for id_type in IdType},
}


@dataclass(frozen=True)
class RowError:
    """What must be corrected in a place of the list: row as Excel counts, column (None: the row), why."""

    row: int
    column: str | None
    sentence: Sentence


@dataclass
class Row:
    """One row of the list as it was typed; `number` is the row as Excel counts."""

    number: int
    name: str = ""
    id_type: IdType = IdType.RESIDENT_ID
    id_number: str = ""
    phone: str = ""
    employer: str = ""
    occupation: str = ""
    grade: Grade | None = None
    grade_since: date | None = None
    in_occupation_since: date | None = None
    team: str = ""
    errors: list[RowError] = field(default_factory=list)

    def refuse(self, column: str | None, because: Sentence) -> None:
        self.errors.append(RowError(self.number, column, because))


@dataclass(frozen=True)
class Roster:
    """The rows of a list, and the headings of columns that nobody asked for."""

    rows: tuple[Row, ...]
    ignored: tuple[str, ...]


def roster_of(cells: Sequence[Sequence[Cell]]) -> Roster:
    """Read the cells of a sheet as a list of entries. Raises RuleBroken when the headings cannot be found.

    The headings stand in one of the first five rows, in Chinese or English, in any order. A row of hints in
    brackets below them is passed over, and so are empty rows.
    """
    start, places, ignored = _headings(cells)
    rows = []
    for number, row in enumerate(cells[start + 1 :], start=start + 2):
        known = {key: row[place] for key, place in places.items() if place < len(row)}
        if not any(known.values()) or (number == start + 2 and _is_hint(known)):
            continue
        rows.append(_row(number, known))
    if not rows:
        raise RuleBroken(sentence("The list has headings but no rows. Fill in one row per person."))
    return Roster(tuple(rows), ignored)


def _headings(cells: Sequence[Sequence[Cell]]) -> tuple[int, dict[str, int], tuple[str, ...]]:
    by_word = {_word(word): column.key for column in COLUMNS for word in column.written}
    for index, row in enumerate(cells[:5]):
        words = [(place, cell[1].strip()) for place, cell in enumerate(row) if cell is not None]
        found = [(by_word.get(_word(text)), place, text) for place, text in words]
        keys = [key for key, _, _ in found if key]
        if len(keys) < 2:
            continue
        twice = sorted({key for key in keys if keys.count(key) > 1})
        missing = [column.key for column in COLUMNS if column.required and column.key not in keys]
        if twice or missing:
            raise RuleBroken(
                *(
                    sentence("The column “%(column)s” is there twice.", column=BY_KEY[k].heading)
                    for k in twice
                ),
                *(sentence("The column “%(column)s” is missing.", column=BY_KEY[k].heading) for k in missing),
                next_step=sentence("Download the template and copy your list into it."),
            )
        places = {key: place for key, place, _ in found if key}
        return index, places, tuple(text[:50] for key, _, text in found if key is None)
    raise RuleBroken(
        sentence("No headings were found in the first five rows."),
        next_step=sentence("Download the template and copy your list into it."),
    )


def _word(text: str) -> str:
    """A heading without stars, brackets, blanks and capitals."""
    return re.sub(r"\(.*?\)|[*\s:_]", "", half_width(text)).casefold()


def _is_hint(known: dict[str, Cell]) -> bool:
    texts = [cell[1].strip() for cell in known.values() if cell is not None]
    return all(text.startswith(("(", "（")) for text in texts)


def _row(number: int, known: dict[str, Cell]) -> Row:
    row = Row(number)
    for key, cell in known.items():
        if cell is None:
            continue
        if len(cell[1]) > LONGEST_CELL:
            row.refuse(
                key,
                sentence(
                    "This cell has %(count)s characters; %(most)s are possible.",
                    count=len(cell[1]),
                    most=LONGEST_CELL,
                ),
            )
            continue
        _READERS.get(key, _text)(row, key, cell)
    for column in COLUMNS:
        if column.required and known.get(column.key) is None:
            row.refuse(column.key, sentence("This cell is empty, but it is needed."))
    return row


def _text(row: Row, key: str, cell: tuple[str, str]) -> None:
    setattr(row, key, cell[1].strip())


def _number_as_text(row: Row, key: str, cell: tuple[str, str]) -> None:
    """A number that is a name of something: refuse what Excel has rounded (it keeps 15 digits)."""
    kind, text = cell[0], half_width(cell[1]).strip()
    digits = sum(letter.isdigit() for letter in text)
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?[eE]\+?[0-9]+", text) or (
        kind == "number" and (digits > 15 or not text.isdigit())
    ):
        row.refuse(
            key,
            sentence(
                "Excel has turned this number into a quantity and lost digits. Format the column as text "
                "and type the number again."
            ),
        )
        return
    setattr(row, key, cell[1].strip())


def _id_type(row: Row, key: str, cell: tuple[str, str]) -> None:
    found = _ID_TYPES.get(re.sub(r"[\s_()]", "", half_width(cell[1])).casefold())
    if found is None:
        row.refuse(key, sentence("This ID type is not known. Leave the cell empty for a resident ID card."))
        return
    row.id_type = found


def _grade(row: Row, key: str, cell: tuple[str, str]) -> None:
    if cell[1].strip() in ("无", "none", "None", "-", "—"):
        return
    row.grade = grade_named(cell[1])
    if row.grade is None:
        row.refuse(key, sentence("This grade is not known. Write its name or its level number, such as 3."))


def _day(row: Row, key: str, cell: tuple[str, str]) -> None:
    text = half_width(cell[1]).strip()
    parts = re.fullmatch(r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月)?|年)?", text)
    try:
        day = date(int(parts[1]), int(parts[2] or 1), int(parts[3] or 1)) if parts else None
    except ValueError:
        day = None
    if day is None or not 1900 <= day.year <= 2200:
        row.refuse(key, sentence("This is not a date. Write it as 2015-07-01."))
        return
    setattr(row, key, day)


_READERS: dict[str, Callable[[Row, str, tuple[str, str]], None]] = {
    "id_number": _number_as_text,
    "phone": _number_as_text,
    "id_type": _id_type,
    "grade": _grade,
    "grade_since": _day,
    "in_occupation_since": _day,
}
