"""Both languages say everything, and neither says a word of the other."""

import re

from competition.gate import language


def test_every_message_has_chinese_words():
    missing = language.missing()
    assert not missing, "\n".join(f"{text!r} {sorted(places)[:2]}" for text, places in missing.items())


def test_no_message_is_said_in_two_ways():
    assert language.disagreements() == []


def test_no_translation_is_left_over():
    assert language.unused() == []


def test_translations_keep_every_place_for_a_value():
    places = re.compile(r"%\((\w+)\)s")
    for text, (words, catalogue) in language.translated().items():
        assert sorted(set(places.findall(text))) == sorted(set(places.findall(words))), (
            catalogue,
            text,
            words,
        )


def test_chinese_words_are_chinese_and_message_ids_are_english():
    han = re.compile(r"[\u4e00-\u9fff]")
    for text, (words, catalogue) in language.translated().items():
        bare = re.sub(r"%\(\w+\)s", "", words)
        assert han.search(words) or not re.search(r"[A-Za-z]{3}", bare) or words in SAME_IN_BOTH, (
            catalogue,
            text,
        )
        assert not han.search(text) or text in BILINGUAL, (catalogue, text)


SAME_IN_BOTH = {"PDF", "JSON", "Excel", "English", "SHA-256", "ID"}
BILINGUAL: set[str] = {"匠阶 SkillsLadder", "中文"}
"""Names that are the same in both languages."""


def test_gettext_is_never_called_inside_an_f_string():
    pattern = re.compile(r"""\{\s*(?:_|_l|gettext|lazy_gettext|sentence)\(""")
    for path in language.PACKAGE.rglob("*.py"):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            assert not (re.search(r"""\bf["']""", line) and pattern.search(line)), f"{path}:{number}"
