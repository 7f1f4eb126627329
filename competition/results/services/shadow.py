"""The second computation of a result by a second program: the verifier that anybody may run at home.

For a large event it runs in a process of its own, from the moment the check begins: it computes the result from the
stored marks while the engine does the same here, and compares when the engine's outcome is there.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from fractions import Fraction
from pathlib import Path
from threading import Timer
from typing import Any

from competition.orm import canonical_json
from competition.results.bundles import opening_of, outcome_part
from competition.results.models import ResultRevision
from competition.results.queries import LineKey
from competition.results.queries.contests import StoredTexts
from competition.rules.contest import Outcome
from competition.rules.numbers import spelled
from competition.rules.sentences import Sentence, sentence
from competition.verification import verify_awards, verify_results

MOST_DIFFERENCES = 10
WORTH_A_PROCESS = 1_000_000
"""From so many characters of a contest on; a small one is verified before a process has begun."""
TIME_LIMIT = 900.0
"""Seconds after which the process is ended: many times what 100,000 contestants need."""

_PROGRAM = Path(verify_results.__file__).with_name("beside.py")
_UNFINISHED = sentence(
    "The independent verifier could not finish its work, so nothing can be published. Try again; if it happens again,"
    " tell your technician."
)

Found = tuple[str, str, object, object]
"""Check, place, what is published, what was found."""


class Shadow:
    """The verifier at work on one revision: give it the engine's outcome, go on with something else, ask."""

    def __init__(self, opening: str) -> None:
        self._opening = opening

    def compare(self, outcome: Outcome) -> None:
        """Hand over what the engine made of the stored contest document."""
        self._outcome = canonical_json(outcome_part(outcome))

    def differences(self) -> tuple[Sentence, ...]:
        """Where the verifier comes to something else, with the check and the place; () for nowhere.

        A verifier that comes to no end is a reason like any other: nothing is published without its word.
        """
        try:
            return _said_of(self._answer())
        except Exception:  # whatever a foreign program may do to a document
            return (_UNFINISHED,)

    def _answer(self) -> Sequence[Found]:
        bundle = json.loads(f'{self._opening[:-1]},"outcome":{self._outcome}}}', parse_float=str)
        return [tuple(each) for each in (*verify_results.check(bundle), *verify_awards.check(bundle))]


class _Beside(Shadow):
    """The same in a process of its own. It is fed by another thread: whoever writes to a busy program has to wait."""

    def __init__(self, opening: str, process: subprocess.Popen[bytes], pool: ThreadPoolExecutor) -> None:
        self._process = process
        self._pool = pool
        pool.submit(_send, process, opening)

    def compare(self, outcome: Outcome) -> None:
        text = canonical_json(outcome_part(outcome))
        self._received: Future[bytes] = self._pool.submit(_finish, self._process, text)

    def _answer(self) -> Sequence[Found]:
        found = json.loads(self._received.result())
        return [(check, place, _value(published), _value(own)) for check, place, published, own in found]


@contextmanager
def shadowing(
    revision: ResultRevision, stored: StoredTexts, published: Sequence[LineKey]
) -> Iterator[Shadow]:
    """Let the verifier begin with a revision; whatever it still does at the end of the block is ended."""
    opening = opening_of(revision, stored, published)
    if len(stored.contest) < WORTH_A_PROCESS:
        yield Shadow(opening)
        return
    with _process() as process, ThreadPoolExecutor(1) as pool:
        limit = Timer(TIME_LIMIT, process.kill)
        limit.daemon = True
        limit.start()
        try:
            yield _Beside(opening, process, pool)
        finally:
            limit.cancel()
            process.kill()


@contextmanager
def _process() -> Iterator[subprocess.Popen[bytes]]:
    """The program beside the verifier, with the standard library and nothing of our surroundings."""
    process = subprocess.Popen(
        [sys.executable, "-E", "-s", "-S", "-B", str(_PROGRAM)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
    )
    try:
        yield process
    finally:
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):
                if pipe is not None:
                    pipe.close()
        process.wait()


def _send(process: subprocess.Popen[bytes], opening: str) -> None:
    assert process.stdin is not None
    process.stdin.write(f"{opening}\n".encode())
    process.stdin.flush()


def _finish(process: subprocess.Popen[bytes], outcome: str) -> bytes:
    answer, _ = process.communicate(f"{outcome}\n".encode())
    if process.returncode:
        raise ChildProcessError(f"the verifier ended with {process.returncode}")
    return answer


def _value(plain: Any) -> object:
    return Fraction(plain["fraction"]) if isinstance(plain, dict) else plain


def _said_of(found: Sequence[Found]) -> tuple[Sentence, ...]:
    said = [
        sentence(
            "The independent verifier differs, check %(check)s, %(place)s: %(published)s against %(found)s.",
            check=check,
            place=place,
            published=_said(published),
            found=_said(own),
        )
        for check, place, published, own in found[:MOST_DIFFERENCES]
    ]
    if len(found) > MOST_DIFFERENCES:
        said.append(
            sentence("The verifier finds %(count)s more differences.", count=len(found) - MOST_DIFFERENCES)
        )
    return tuple(said)


def _said(value: object) -> str:
    return spelled(value) if isinstance(value, Fraction) else str(value)
