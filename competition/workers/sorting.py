"""How lists order people: by the pinyin of the name, with the readings that characters have as surnames.

Sources: GB/T 13418 (Chinese names are ordered by syllable and tone); Xiandai Hanyu Cidian for the readings of
surnames. A person's own reading may differ; the key only sorts and finds, it is never shown.
"""

from competition.rules.names import normalise_name, sort_key

LONGEST = 300

SURNAMES = {
    "万俟": "mo4 qi2",
    "乐": "yue4",
    "仇": "qiu2",
    "令狐": "ling2 hu2",
    "任": "ren2",
    "冼": "xian3",
    "区": "ou1",
    "區": "ou1",
    "华": "hua4",
    "單": "shan4",
    "单": "shan4",
    "单于": "chan2 yu2",
    "召": "shao4",
    "员": "yun4",
    "哈": "ha3",
    "宿": "su4",
    "尉迟": "yu4 chi2",
    "应": "ying1",
    "折": "she2",
    "曾": "zeng1",
    "朴": "piao2",
    "查": "zha1",
    "柏": "bai3",
    "澹台": "tan2 tai2",
    "燕": "yan1",
    "盖": "ge3",
    "盛": "sheng4",
    "祭": "zhai4",
    "种": "chong2",
    "秘": "bi4",
    "繁": "po2",
    "纪": "ji3",
    "缪": "miao4",
    "翟": "zhai2",
    "葛": "ge3",
    "覃": "qin2",
    "解": "xie4",
    "訾": "zi1",
    "谌": "chen2",
    "逄": "pang2",
    "那": "na1",
    "长孙": "zhang3 sun1",
    "隗": "wei3",
    "黑": "he4",
}


def pinyin_of(name: str) -> str:
    """The syllables with their tones, "zeng1 guo2 fan1"; letters that are no hanzi stay as they are."""
    name = normalise_name(name)
    for length in (2, 1):
        if reading := SURNAMES.get(name[:length]):
            return " ".join([reading, *_syllables(name[length:])])
    return " ".join(_syllables(name))


def sort_key_of(name: str) -> str:
    """The key stored with a worker: pinyin first, then the name itself."""
    return " ".join(sort_key(normalise_name(name), pinyin_of(name)))[:LONGEST]


def _syllables(text: str) -> list[str]:
    from pypinyin import Style, lazy_pinyin  # loads dictionaries of ten megabytes; lists never need them

    found: list[str] = lazy_pinyin(text, style=Style.TONE3, neutral_tone_with_five=True)
    return found
