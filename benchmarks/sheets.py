"""Judges send their sheets: ten marks at once, four judges at the same time."""

import json
import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlencode
from uuid import UUID, uuid4

from benchmarks import contest
from benchmarks.figures import Measurement
from benchmarks.house import PASSWORD, TAKERS
from benchmarks.rivals import POST, SHEET, Bench, compared
from benchmarks.servers import real_server
from benchmarks.visitors import WARM_UP, Answer, Connection, Errand, get, post, send

MOST = 200
"""Sheets of one judge that count."""


def measure(bench: Bench) -> list[Measurement]:
    """A sheet of ten marks, from the request to the signed receipt."""
    bench.house.scoring()
    sheets = bench.house.sheets_of_takers()
    each = min(MOST, *(len(own) - WARM_UP for own in sheets.values()))
    small, same = bench.plain_post(), bench.plain_sheets(WARM_UP + each)
    with real_server(bench.house.environment) as server:
        errands = []
        for username, label in TAKERS.items():
            taker = Taker(server.port, username, bench.house.event_id)
            seat = "J3" if label == "A1" else label
            requests = list(taker.requests(sheets[username][: WARM_UP + each], seat))
            needle = b'"answer":"applied"'
            errands.append(Errand(server.port, requests, needle=needle, times=len(contest.ASPECTS)))
        ours = send(server, errands)
    name = "sheet submit: 10 marks, 4 judges"
    return [
        compared(name, "sheets/s", ours, POST, small),
        compared(f"{name}, against the same rows", "sheets/s", ours, SHEET, same),
    ]


class Taker:
    """A judge's device: signed in like anybody, registered for the event, with its running sequence."""

    def __init__(self, port: int, username: str, event_id: UUID | None) -> None:
        self.connection = Connection(port)
        self.cookies: dict[str, str] = {}
        self.sequence = 0
        self.path = f"/api/scoring/events/{event_id}"
        typed = {"username": username, "password": PASSWORD, "csrf_token": self._token("/sign-in")}
        kind = "application/x-www-form-urlencoded"
        if self._ask(post("/sign-in", urlencode(typed).encode(), kind, cookie=self._cookie())).status != 303:
            raise RuntimeError(f"{username} could not sign in")
        self.token = self._token("/password")
        self.register()

    def register(self) -> None:
        """Be a new device, with a sequence of its own."""
        answer = self._ask(self.post("/devices", {"label": "tablet"}))
        self.device, self.sequence = json.loads(answer.body)["device"], 0

    def requests(self, sheets: Sequence[tuple[UUID, str]], seat: str) -> Iterator[bytes]:
        """A finished request for every sheet."""
        for sheet, code in sheets:
            operations = [self.operation(sheet, code, aspect, seat) for aspect in contest.ASPECTS]
            yield self.post("/operations", {"device": self.device, "operations": operations})

    def operation(self, sheet: UUID, code: str, aspect: str, seat: str) -> dict[str, object]:
        self.sequence += 1
        return {
            "op_id": str(uuid4()),
            "seq": self.sequence,
            "sheet": str(sheet),
            "aspect": aspect,
            "kind": "mark",
            "base_version": 0,
            "value": contest.value(code, aspect, seat),
            "state": "value",
            "round": 1,
            "reason": "",
            "device_time": "2026-06-01T12:00:00+08:00",
        }

    def post(self, path: str, document: object) -> bytes:
        return post(
            self.path + path,
            json.dumps(document).encode(),
            "application/json",
            cookie=self._cookie(),
            x_csrftoken=self.token,
        )

    def _token(self, path: str) -> str:
        page = self._ask(get(path, cookie=self._cookie()))
        found = re.search(rb'name="csrf_token"[^>]*value="([^"]+)"', page.body)
        if found is None:
            raise RuntimeError(f"{path} answered {page.status} without a token")
        return found[1].decode()

    def _ask(self, request: bytes) -> Answer:
        answer = self.connection.ask(request)
        for line in answer.header("set-cookie"):
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer

    def _cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())
