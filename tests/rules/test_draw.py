"""Draws: repeatable by anybody from the seed, blind to the order of the input."""

import hashlib
from dataclasses import replace
from random import Random
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competition.rules.draw import (
    CODE_ALPHABET,
    DrawRecord,
    codes_record,
    draw_codes,
    draw_order,
    input_hash,
    order_record,
    verify_draw,
)

SEED = "00112233445566778899aabbccddeeff"
IDS = tuple(f"entrant-{number}" for number in range(1, 13))

# Worked out once; a change here means a new method name.
ORDER_OF_FOUR = ("entrant-2", "entrant-4", "entrant-1", "entrant-3")
CODES_OF_FOUR = {
    "entrant-4": "9VGB",
    "entrant-1": "ARPR",
    "entrant-2": "RUBJ",
    "entrant-3": "AKQJ",
}

entrants = st.lists(st.uuids().map(str), min_size=1, max_size=40, unique=True)
seeds = st.binary(min_size=16, max_size=32).map(bytes.hex)


def test_the_method_in_three_lines_of_another_program_gives_the_same_order() -> None:
    def key(entrant: str) -> str:
        return hashlib.sha256(f"{SEED}|order|{entrant}".encode()).hexdigest()

    assert draw_order(IDS, SEED) == tuple(sorted(IDS, key=key))


def test_the_method_never_changes_under_its_name() -> None:
    assert draw_order(IDS[:4], SEED) == ORDER_OF_FOUR
    assert dict(draw_codes(IDS[:4], SEED)) == CODES_OF_FOUR
    assert input_hash(["b", "a"]) == hashlib.sha256(b"a\nb").hexdigest()


@given(entrants, seeds, st.randoms(use_true_random=False))
def test_the_order_of_the_input_does_not_matter(ids: list[str], seed: str, chance: Random) -> None:
    shuffled = chance.sample(ids, len(ids))
    assert draw_order(ids, seed) == draw_order(shuffled, seed)
    assert draw_codes(ids, seed) == draw_codes(shuffled, seed)
    assert input_hash(ids) == input_hash(shuffled)


@given(entrants, seeds)
def test_everybody_is_drawn_once_and_every_code_is_unique(ids: list[str], seed: str) -> None:
    assert sorted(draw_order(ids, seed)) == sorted(ids)
    codes = draw_codes(ids, seed)
    assert sorted(codes) == sorted(ids)
    assert len(set(codes.values())) == len(ids)
    assert all(len(code) == 4 and set(code) <= set(CODE_ALPHABET) for code in codes.values())


def test_codes_stay_unique_when_many_collide() -> None:
    ids = [f"entrant-{number}" for number in range(512)]
    assert len(set(draw_codes(ids, SEED, length=2).values())) == 512


def test_codes_have_no_sign_that_handwriting_confuses() -> None:
    assert len(set(CODE_ALPHABET)) == 32
    assert not set("0O1I") & set(CODE_ALPHABET)


def test_another_purpose_or_seed_is_another_draw() -> None:
    assert draw_order(IDS, SEED) != draw_order(IDS, SEED, purpose="station")
    assert draw_order(IDS, SEED) != draw_order(IDS, SEED[::-1])


@given(entrants, seeds)
def test_a_draw_verifies_from_its_record(ids: list[str], seed: str) -> None:
    assert verify_draw(order_record(ids, seed)) is None
    assert verify_draw(codes_record(ids, seed, purpose="blind-1", length=5)) is None


ORDER = order_record(IDS, SEED)
CODES = codes_record(IDS, SEED)


@pytest.mark.parametrize(
    ("record", "cause"),
    [
        (replace(ORDER, order=ORDER.order[1:] + ORDER.order[:1]), "another result"),
        (replace(ORDER, seed=SEED[::-1]), "another result"),
        (replace(ORDER, order=ORDER.order[1:]), "fingerprint differs"),
        (replace(ORDER, order=()), "nobody"),
        (replace(ORDER, method="dice/1"), "method dice/1"),
        (
            replace(CODES, codes=MappingProxyType({**CODES.codes, IDS[0]: "2222"})),
            "another result",
        ),
        (replace(CODES, length=99), "2 to 12"),
    ],
)
def test_a_record_that_was_changed_is_found_out(record: DrawRecord, cause: str) -> None:
    assert cause in str(verify_draw(record))


@pytest.mark.parametrize(
    ("ids", "seed", "purpose", "cause"),
    [
        ([], SEED, "order", "nobody"),
        (["a", "a"], SEED, "order", "twice"),
        (["a", ""], SEED, "order", "empty"),
        (["a|b"], SEED, "order", "sign |"),
        (["a\nb"], SEED, "order", "line break"),
        (["a"], "abc", "order", "seed"),
        (["a"], SEED.upper(), "order", "seed"),
        (["a"], SEED, "or|der", "purpose"),
    ],
)
def test_what_cannot_be_drawn_is_refused(ids: list[str], seed: str, purpose: str, cause: str) -> None:
    with pytest.raises(ValueError, match=cause.replace("|", r"\|")):
        draw_order(ids, seed, purpose=purpose)


def test_codes_too_short_for_the_field_are_refused() -> None:
    with pytest.raises(ValueError, match="Choose longer codes"):
        draw_codes([str(number) for number in range(513)], SEED, length=2)
