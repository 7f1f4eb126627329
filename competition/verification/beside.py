"""Runs the verifier in a process of its own, beside the system that publishes / 在独立进程中运行核验程序.

    python beside.py < parts

The first line of the input is a bundle without its outcome: the result is computed again from it at once. The second is
the outcome, which the other side computes meanwhile. The answer is one line: a list of [check, place, published, found].
Like the verifier itself it needs the standard library only and imports nothing of the package.
"""

import gc
import json
import sys
from fractions import Fraction

import verify_awards  # type: ignore[import-not-found]  # beside this file
import verify_results  # type: ignore[import-not-found]


def main() -> None:
    """Read, compute, compare, answer. A bundle that cannot be read ends in a traceback and an exit status of 1."""
    gc.disable()  # millions of objects, no cycles, and soon over
    bundle = json.loads(sys.stdin.buffer.readline(), parse_float=str)
    again = _computed_again(bundle)
    bundle["outcome"] = json.loads(sys.stdin.buffer.readline(), parse_float=str)
    found = [*verify_results.check(bundle, again=again), *verify_awards.check(bundle)]
    plain = [[each.check, each.place, _plain(each.published), _plain(each.found)] for each in found]
    sys.stdout.buffer.write(json.dumps(plain, ensure_ascii=False).encode())
    sys.stdout.buffer.flush()


def _computed_again(bundle: "dict[str, object]") -> object:
    """The contest computed again; None where that fails: the checks come to it once more and say where."""
    try:
        return verify_results.Contest(bundle["contest"])
    except Exception:
        return None


def _plain(value: object) -> object:
    """A fraction as an object, to be told from a text that looks like one."""
    return {"fraction": str(value)} if isinstance(value, Fraction) else str(value)


if __name__ == "__main__":
    main()
