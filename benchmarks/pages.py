"""Visitors read: the published result, a page of it that they have already, and the answers of verification."""

from benchmarks.figures import Measurement
from benchmarks.rivals import GET, Bench, compared
from benchmarks.servers import real_server
from benchmarks.visitors import Connection, get
from competition import tokens

PAGE_SIZE = 50
IDS = 400


def results(bench: Bench) -> list[Measurement]:
    """The public result list: the first page, one in the middle, and the first again with its tag."""
    bench.house.published()
    path = f"/events/{bench.house.event_id}/results"
    middle = max(2, bench.house.contestants // PAGE_SIZE // 2)
    theirs = bench.plain_get()
    found = []
    with real_server(bench.house.environment) as server:
        tag = Connection(server.port).ask(get(path)).header("etag")[0]
        for name, request, status in (
            ("results, page 1", get(path), 200),
            (f"results, page {middle}", get(f"{path}?page={middle}"), 200),
            ("results, page 1, unchanged (304)", get(path, if_none_match=tag), 304),
        ):
            found.append(compared(name, "requests/s", bench.visit(server, [request], status), GET, theirs))
    return found


def verification(bench: Bench) -> list[Measurement]:
    """What a scanned code leads to: certificates that exist, each time another one, and ids that nobody gave."""
    known = bench.house.certified()[:IDS]
    unknown = [tokens.new_verification_id() for _ in range(IDS)]
    theirs = bench.plain_get()
    with real_server(bench.house.environment) as server:
        hits = bench.visit(server, [get(f"/c/{one}") for one in known])
        misses = bench.visit(server, [get(f"/c/{one}") for one in unknown], 404)
    return [
        compared("verification, certificate found", "requests/s", hits, GET, theirs),
        compared("verification, no such certificate", "requests/s", misses, GET, theirs),
    ]
