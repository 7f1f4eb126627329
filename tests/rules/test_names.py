"""Names: kept as the ID document writes them, refused when they hide something, masked for the public."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competition.rules.names import (
    mask_name,
    name_problem,
    normalise_name,
    search_key,
    sort_key,
)

LETTERS = st.sampled_from("张王欧阳小明〇𠮷𬱖龦六ABcé-·•‧・． ")


@pytest.mark.parametrize(
    "name",
    [
        "张三",
        "王〇",
        "𠮷野",
        "𰻝面",
        "\U000323af",
        "\uf9d1",
        "葛\U000e0100城",
        "买买提·艾力",
        "阿卜杜热合曼·图尔荪托合提",
        "John Smith",
        "Jean-Paul O'Brien",
        "Nguye\u0302\u0303n",
        "J. Smith",
        "字" * 50,
    ],
)
def test_real_names_are_accepted(name: str) -> None:
    assert name_problem(name) is None


@pytest.mark.parametrize(
    ("name", "cause"),
    [
        ("", "missing"),
        ("  \u3000", "missing"),
        ("字" * 51, "at most 50"),
        ("字" * 300, "this one has 300"),
        ("张\x00三", "control character (U+0000)"),
        ("张\u202e三", "control character (U+202E)"),
        ("张\u2066三", "control character (U+2066)"),
        ("张\u200b三", "control character (U+200B)"),
        ("张\n三", "control character (U+000A)"),
        ("\ufe00张", "control character"),
        ("张\ue000", "private font"),
        ("<b>张三</b>", "The character <"),
        ('张"三', 'The character "'),
        ("张&三", "The character &"),
        ("=SUM(A1)", "neither a Chinese nor a Latin"),
        ("@张三", "neither a Chinese nor a Latin"),
        ("张三1", "digit"),
        ("张三１", "digit"),
        ("Иван", "neither a Chinese nor a Latin"),
        ("محمد", "neither a Chinese nor a Latin"),
        ("张😀", "neither a Chinese nor a Latin"),
        ("·张三", "between letters"),
        ("-张三", "between letters"),
        ("张··三", "between letters"),
        ("Z\u0301\u0301\u0301", "U+0301"),
        ("- -", "no letter"),
    ],
)
def test_what_is_no_name_is_refused_with_its_cause(name: str, cause: str) -> None:
    assert cause in str(name_problem(name))


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  张三\u3000", "张三"),
        ("张\u3000 三", "张三"),
        ("John \u00a0 Smith", "John Smith"),
        ("买买提•艾力", "买买提·艾力"),
        ("买买提‧艾力", "买买提·艾力"),
        ("买买提・艾力", "买买提·艾力"),
        ("买买提．艾力", "买买提·艾力"),
        ("买买提.艾力", "买买提·艾力"),
        ("买买提 · 艾力", "买买提·艾力"),
        ("J. Smith", "J. Smith"),
    ],
)
def test_blanks_and_look_alike_dots_are_put_right(typed: str, stored: str) -> None:
    assert normalise_name(typed) == stored


@pytest.mark.parametrize("name", ["\uf9d1", "e\u0301", "𠮷", "葛\U000e0100"])
def test_a_name_is_never_normalised_otherwise(name: str) -> None:
    assert normalise_name(name) == name


@given(st.text(LETTERS, max_size=12))
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    assert normalise_name(normalise_name(text)) == normalise_name(text)


@given(st.text(max_size=20))
def test_any_text_gets_an_answer_and_a_mask(text: str) -> None:
    name_problem(text)
    search_key(text)
    assert len(mask_name(text)) <= len(normalise_name(text))


def test_search_finds_a_name_however_it_is_typed() -> None:
    assert search_key("买买提·艾力") == search_key("买买提艾力") == search_key(" 买买提•艾力")
    assert search_key("JOHN  Smith") == search_key("john smith") == search_key("ｊｏｈｎsmith")
    assert search_key("José") == search_key("Jose\u0301") == search_key("Jose")
    assert search_key("\uf9d1") == search_key("六")


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("王小明", "王*明"),
        ("张三", "张*"),
        ("王", "*"),
        ("王张小明", "王**明"),
        ("欧阳娜娜", "欧阳**"),
        ("欧阳修", "欧阳*"),
        ("欧阳", "欧*"),
        ("𠮷小明", "𠮷*明"),
        ("葛\U000e0100小城", "葛*城"),
        ("买买提·艾力", "买买提·**"),
        ("买买提·艾力·图尔", "买买提·**·**"),
        ("John Smith", "J*** S****"),
        ("", ""),
    ],
)
def test_public_lists_mask_the_name(name: str, masked: str) -> None:
    assert mask_name(name) == masked


def test_lists_order_by_pinyin_then_by_name() -> None:
    people = [("张三", "zhang san"), ("李四", "Li Si"), ("章三", "zhang san")]
    assert [name for name, _ in sorted(people, key=lambda person: sort_key(*person))] == [
        "李四",
        "张三",
        "章三",
    ]
