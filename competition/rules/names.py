"""Names of people: accepted as the ID document writes them, shown in full or masked, found again by search.

Sources: GB 18030-2022 (every hanzi, all planes), the government's rule for names in information systems
(interpunct U+00B7, room for 50 characters). Assumption: a name is written in Chinese or Latin letters, as
ID cards and passports do. A name is stored without any Unicode normalisation, because even NFC replaces
some characters of real names.
"""

import re
import unicodedata

from competition.rules.sentences import Sentence, sentence

MAX_CHARACTERS = 50
INTERPUNCT = "\u00b7"
_DOTS = dict.fromkeys(map(ord, "•‧・．･∙⋅\u0387"), INTERPUNCT)
_JOINERS = "-'’ ." + INTERPUNCT
_COMPOUND_SURNAMES = frozenset(
    [
        "欧阳",
        "太史",
        "端木",
        "上官",
        "司马",
        "东方",
        "独孤",
        "南宫",
        "万俟",
        "闻人",
        "夏侯",
        "诸葛",
        "尉迟",
        "公羊",
        "赫连",
        "澹台",
        "皇甫",
        "宗政",
        "濮阳",
        "公冶",
        "太叔",
        "申屠",
        "公孙",
        "慕容",
        "仲孙",
        "钟离",
        "长孙",
        "宇文",
        "司徒",
        "鲜于",
        "司空",
        "闾丘",
        "子车",
        "亓官",
        "司寇",
        "巫马",
        "公西",
        "颛孙",
        "壤驷",
        "公良",
        "漆雕",
        "乐正",
        "宰父",
        "谷梁",
        "拓跋",
        "夹谷",
        "轩辕",
        "令狐",
        "段干",
        "百里",
        "呼延",
        "东郭",
        "南门",
        "羊舌",
        "微生",
        "公户",
        "公玉",
        "梁丘",
        "左丘",
        "东门",
        "西门",
        "第五",
        "歐陽",
        "諸葛",
        "司馬",
    ]
)


def is_han(character: str) -> bool:
    """Is this one character a hanzi, a radical, or the zero 〇? By range.

    Newer characters than Python's table count.
    """
    code = ord(character)
    return (
        (0x3400 <= code <= 0x9FFF and not 0x4DC0 <= code <= 0x4DFF)
        or 0x20000 <= code <= 0x3FFFD
        or 0xF900 <= code <= 0xFAFF
        or 0x2E80 <= code <= 0x2FD5
        or code in (0x3005, 0x3007)
    )


def _is_latin(character: str) -> bool:
    return character.isalpha() and unicodedata.name(character, "").startswith("LATIN ")


def _is_variation_selector(character: str) -> bool:
    return 0xFE00 <= ord(character) <= 0xFE0F or 0xE0100 <= ord(character) <= 0xE01EF


def _is_accent(character: str) -> bool:
    return 0x0300 <= ord(character) <= 0x036F


def normalise_name(text: str) -> str:
    """The name as it is stored: blanks at the ends and between hanzi dropped, look-alike dots as U+00B7.

    A full stop between two hanzi is such a dot too. Nothing else is changed: no Unicode normalisation.
    """
    name = re.sub(r"[ \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+", " ", text.translate(_DOTS)).strip()
    name = re.sub(rf" ?{INTERPUNCT} ?", INTERPUNCT, name)
    kept = []
    for index, character in enumerate(name):
        between_han = 0 < index < len(name) - 1 and _ends_han(name[:index]) and is_han(name[index + 1])
        if character == " " and between_han:
            continue
        kept.append(INTERPUNCT if character == "." and between_han else character)
    return "".join(kept)


def _ends_han(text: str) -> bool:
    bare = text.rstrip("".join(c for c in text[-1:] if _is_variation_selector(c)))
    return bool(bare) and is_han(bare[-1])


def name_problem(text: str) -> Sentence | None:
    """What is wrong with a person's name, or None.

    The name is looked at as `normalise_name` would store it.
    """
    name = normalise_name(text)
    if not name:
        return sentence("The name is missing. Enter it as it stands on the ID document.")
    if len(name) > MAX_CHARACTERS:
        return sentence(
            "A name has at most %(most)s characters, this one has %(count)s. "
            "Enter the name alone, as it stands on the ID document.",
            most=MAX_CHARACTERS,
            count=len(name),
        )
    for index, character in enumerate(name):
        problem = _character_problem(character, name[:index])
        if problem:
            return problem
    if not any(is_han(c) or _is_latin(c) for c in name):
        return sentence("This name has no letter. Enter it as it stands on the ID document.")
    if (
        name[0] in _JOINERS
        or name[-1] in "-" + INTERPUNCT
        or re.search(rf"[-' .{INTERPUNCT}]{INTERPUNCT}|--|''", name)
    ):
        return sentence(
            "A dot, hyphen or apostrophe in a name stands between letters. "
            "Enter the name as it stands on the ID document."
        )
    return None


def _character_problem(character: str, before: str) -> Sentence | None:
    if is_han(character) or _is_latin(character) or character in _JOINERS:
        return None
    if _is_variation_selector(character) and before and is_han(before[-1]):
        return None
    if _is_accent(character) and _may_take_accent(before):
        return None
    number = f"U+{ord(character):04X}"
    category = unicodedata.category(character)
    if category in ("Cc", "Cf", "Cs", "Zl", "Zp") or _is_variation_selector(character):
        return sentence(
            "The name contains an invisible control character (%(number)s), which can hide or reverse text. "
            "Delete the name and type it again instead of pasting it.",
            number=number,
        )
    if category == "Co":
        return sentence(
            "The name contains a character from a private font (%(number)s) that "
            "other computers cannot show. "
            "Enter the rare character with its standard GB 18030-2022 code.",
            number=number,
        )
    if character in '<>&"':
        return sentence(
            "The character %(character)s is not part of a name. Enter the name alone, as on the ID document.",
            character=character,
        )
    if character.isnumeric():
        return sentence(
            "A digit is not part of a name. Enter the name alone, as it stands on the ID document."
        )
    return sentence(
        "The character %(character)s (%(number)s) is neither a Chinese nor a Latin letter. "
        "Enter the name in the Chinese or Latin letters of the ID document.",
        character=character,
        number=number,
    )


def _may_take_accent(before: str) -> bool:
    """A Latin letter, bare or with one accent already; more than two accents are no spelling."""
    letter = before[:-1] if before[-1:] and _is_accent(before[-1]) else before
    return bool(letter) and _is_latin(letter[-1])


def search_key(text: str) -> str:
    """A key for finding a name, never for storing or showing it.

    NFKC, case folded, without blanks, dots, accents.
    """
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", normalise_name(text)).casefold())
    letters = (c for c in folded if c not in _JOINERS and not _is_accent(c) and not _is_variation_selector(c))
    return unicodedata.normalize("NFKC", "".join(letters))


def sort_key(name: str, pinyin: str) -> tuple[str, str]:
    """The key by which lists order names: by pinyin (computed by the caller), then by the name itself."""
    return (unicodedata.normalize("NFKC", pinyin).casefold(), name)


def mask_name(text: str) -> str:
    """The name as public lists may show it: 王*明, 张*, 欧阳**, 买买提·**, J*** S****."""
    name = "".join(c for c in normalise_name(text) if not _is_variation_selector(c) and not _is_accent(c))
    if INTERPUNCT in name:
        first, rest = name.split(INTERPUNCT, 1)
        return first + INTERPUNCT + re.sub(rf"[^{INTERPUNCT} ]", "*", rest)
    if not name or not is_han(name[0]):
        return re.sub(r"\S+", lambda word: word[0][0] + "*" * (len(word[0]) - 1), name)
    if len(name) == 1:
        return "*"
    if len(name) >= 3 and name[:2] in _COMPOUND_SURNAMES:
        return name[:2] + "*" * (len(name) - 2)
    if len(name) == 2:
        return name[0] + "*"
    return name[0] + "*" * (len(name) - 2) + name[-1]
