"""The long campaign: two independent implementations must agree on every generated contest.

python -m competition.gate.verifier --contests 100000 --seed 1    prints seeds with differences, and a rate; status 1 if any
"""

import argparse
import sys
import time
from collections.abc import Iterator
from typing import Any

from competition.orm import canonical_json, fingerprint, read_json
from competition.results.bundles import FORMAT
from competition.results.queries.contests import line_key
from competition.rules import contest
from competition.rules.contest import Outcome
from competition.verification import verify_awards, verify_results

MOST_SHOWN = 20


def bundle_from(document: dict[str, Any], outcome: Outcome) -> dict[str, Any]:
    """A bundle of a contest that was never an event: one revision, prepared and not published, without sheets."""
    document = read_json(canonical_json(document))
    lines = sorted(line_key(outcome), key=lambda line: str(line["entrant"]))
    found: dict[str, Any] = {
        "format": FORMAT,
        "revision": {
            "number": 1,
            "hash": fingerprint({"contest": document, "lines": lines}),
            "prepared_at": "2026-11-22T08:00:00.000000+00:00",
            "approvals": [],
            "published_at": None,
        },
        "audit": {"number": None, "head": None},
        "reconciliation": {"expected": 0, "received": 0, "void": 0, "missing": 0},
        "contest": document,
        "lines": lines,
        "sheets": None,
        "outcome": outcome.as_json(with_working=False, with_reasons=False),
    }
    plain: dict[str, Any] = read_json(canonical_json(found))
    return plain


def differences(document: dict[str, Any]) -> list[str]:
    """Where the verifier comes to something else than the engine, one line each; [] for nowhere."""
    bundle = bundle_from(document, contest.evaluate(document))
    found: list[Any] = [*verify_results.check(bundle), *verify_awards.check(bundle)]
    return [f"{each.check} {each.place}: {each.published} against {each.found}" for each in found]


def campaign(contests: int, seed: int) -> Iterator[tuple[int, list[str]]]:
    """Every generated contest, by its seed, with what differs."""
    from tests.rules.generated_contests import generated_contest  # lies in the source tree only

    for each in range(seed, seed + contests):
        yield each, differences(generated_contest(each))


def run(arguments: list[str] | None = None) -> int:
    """Run the campaign; the exit status is 1 where anything differs."""
    parser = argparse.ArgumentParser(description="Compare the rules with the independent verifier.")
    parser.add_argument("--contests", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    began, differing = time.monotonic(), 0
    for seed, found in campaign(given.contests, given.seed):
        if found:
            differing += 1
            print(f"seed {seed}: {len(found)} differences", *found[:MOST_SHOWN], sep="\n  ", flush=True)
    seconds = max(time.monotonic() - began, 0.001)
    last = given.seed + given.contests - 1
    print(f"{given.contests} contests, seeds {given.seed} to {last}: {differing} differ.")
    print(f"{given.contests / seconds:.0f} contests a second, {seconds:.0f} seconds.")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(run())
