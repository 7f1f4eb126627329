"""Draws that anybody can repeat: the order of entrants, and the codes that hide who they are.

Source: our own method, named and versioned. Method "sha256-rank/1", in full, for any language:

  seed     lower-case hexadecimal text of at least 32 digits (128 bits), made outside and kept with the draw
  digest   SHA-256 of the UTF-8 text  seed | purpose | id   (joined by the sign "|", without blanks)
  order    the ids in ascending order of their digests, compared as hexadecimal text
  codes    take the ids in that order; for n = 0, 1, 2 … read SHA-256 of  seed | purpose | id | n  as one
           big-endian number and write its last `length` digits to the base 32, most significant first,
           with the signs 23456789ABCDEFGHJKLMNPQRSTUVWXYZ; the id gets the first code no earlier id has
  input    the published fingerprint of who took part: SHA-256 of the ids, sorted by code point,
           joined by newlines

The order in which ids are handed in does not matter. Every draw of one event uses its own purpose, so that a
code tells nothing about a place in the order. A purpose is made of the signs a-z 0-9 . : _ - alone.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from competition.rules.sentences import Sentence, sentence

METHOD = "sha256-rank/1"
# 32 signs: no 0 and O, no 1 and I, which handwriting confuses.
CODE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODE_LENGTH = 4


class DrawKind(StrEnum):
    """What a draw hands out."""

    ORDER = "order"
    CODES = "codes"


@dataclass(frozen=True)
class DrawRecord:
    """A finished draw with all that is needed to repeat it.

    `order` for an order, `codes` (id → code) for codes.
    """

    method: str
    kind: DrawKind
    purpose: str
    seed: str
    input_hash: str
    order: tuple[str, ...] = ()
    codes: Mapping[str, str] = field(default_factory=dict)
    length: int = CODE_LENGTH


def draw_problem(entrant_ids: Iterable[str], seed: str, purpose: str) -> Sentence | None:
    """Why this cannot be drawn, or None."""
    ids = list(entrant_ids)
    if not ids:
        return sentence("There is nobody to draw. Approve the entries first.")
    if len(set(ids)) != len(ids):
        return sentence("An entrant is in the list twice. Remove the double entry and draw again.")
    if any(not entrant or re.search(r"[|\r\n]", entrant) for entrant in ids):
        return sentence(
            "An entrant's identifier is empty or contains a line break or the sign |. Correct it."
        )
    if not re.fullmatch(r"[0-9a-f]{32,}", seed):
        return sentence("The seed of a draw is at least 32 lower-case hexadecimal digits. Make a new seed.")
    if not re.fullmatch(r"[a-z0-9.:_-]+", purpose):
        return sentence("The purpose of a draw is a short word of lower-case letters, digits and . : _ -")
    return None


def codes_problem(count: int, length: int) -> Sentence | None:
    """Why so many entrants cannot get codes of this length, or None.

    Half of all codes stay free, so none is guessed.
    """
    if not 2 <= length <= 12:
        return sentence("A blind code has 2 to 12 characters. Choose another length.")
    if count * 2 > len(CODE_ALPHABET) ** length:
        return sentence(
            "Codes of %(length)s characters are too few for %(count)s entrants. Choose longer codes.",
            length=length,
            count=count,
        )
    return None


def input_hash(entrant_ids: Iterable[str]) -> str:
    """The published fingerprint of the entrants of a draw, whatever their order."""
    return hashlib.sha256("\n".join(sorted(entrant_ids)).encode()).hexdigest()


def draw_order(entrant_ids: Iterable[str], seed: str, *, purpose: str = "order") -> tuple[str, ...]:
    """The ids in the order drawn. Raises ValueError with the sentence of `draw_problem`."""
    ids = list(entrant_ids)
    _refuse(draw_problem(ids, seed, purpose))
    return tuple(sorted(ids, key=lambda entrant: _digest(seed, purpose, entrant)))


def draw_codes(
    entrant_ids: Iterable[str],
    seed: str,
    *,
    purpose: str = "codes",
    length: int = CODE_LENGTH,
) -> Mapping[str, str]:
    """One layer of blind codes: id → code, every code different. Raises ValueError as `draw_order` does."""
    ids = draw_order(entrant_ids, seed, purpose=purpose)
    _refuse(codes_problem(len(ids), length))
    codes: dict[str, str] = {}
    used: set[str] = set()
    for entrant in ids:
        attempt = 0
        while (code := _code(seed, purpose, entrant, attempt, length)) in used:
            attempt += 1
        used.add(code)
        codes[entrant] = code
    return MappingProxyType(codes)


def order_record(entrant_ids: Iterable[str], seed: str, *, purpose: str = "order") -> DrawRecord:
    """Draw an order and keep it with its seed, purpose and input."""
    order = draw_order(entrant_ids, seed, purpose=purpose)
    return DrawRecord(METHOD, DrawKind.ORDER, purpose, seed, input_hash(order), order=order)


def codes_record(
    entrant_ids: Iterable[str],
    seed: str,
    *,
    purpose: str = "codes",
    length: int = CODE_LENGTH,
) -> DrawRecord:
    """Draw blind codes and keep them with their seed, purpose and input."""
    codes = draw_codes(entrant_ids, seed, purpose=purpose, length=length)
    return DrawRecord(
        METHOD,
        DrawKind.CODES,
        purpose,
        seed,
        input_hash(codes),
        codes=codes,
        length=length,
    )


def verify_draw(record: DrawRecord) -> Sentence | None:
    """Repeat a draw from its record: None when everything agrees, else what does not."""
    if record.method != METHOD:
        return sentence(
            "The draw was made by the method %(method)s, this program repeats %(known)s.",
            method=record.method,
            known=METHOD,
        )
    ids = record.order if record.kind is DrawKind.ORDER else tuple(record.codes)
    problem = draw_problem(ids, record.seed, record.purpose)
    if problem:
        return problem
    if input_hash(ids) != record.input_hash:
        return sentence(
            "The entrants of this record are not those who were drawn: their fingerprint differs."
        )
    if record.kind is DrawKind.ORDER:
        agrees = record.order == draw_order(ids, record.seed, purpose=record.purpose)
    else:
        problem = codes_problem(len(ids), record.length)
        if problem:
            return problem
        again = draw_codes(ids, record.seed, purpose=record.purpose, length=record.length)
        agrees = dict(record.codes) == dict(again)
    return (
        None
        if agrees
        else sentence("Repeated from its seed, the draw gives another result than the record says.")
    )


def _digest(*parts: str) -> str:
    return hashlib.sha256("|".join(parts).encode()).hexdigest()


def _code(seed: str, purpose: str, entrant: str, attempt: int, length: int) -> str:
    number = int(_digest(seed, purpose, entrant, str(attempt)), 16)
    signs = []
    for _ in range(length):
        number, place = divmod(number, len(CODE_ALPHABET))
        signs.append(CODE_ALPHABET[place])
    return "".join(reversed(signs))


def _refuse(problem: Sentence | None) -> None:
    if problem:
        raise ValueError(str(problem))
