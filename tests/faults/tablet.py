"""A tablet as the contract of operations wants it (reliability §5), without a screen.

It numbers its operations, keeps them until a receipt that holds echoes their ids, never changes one that may be under
way, and writes its own log of what was acknowledged. What it holds survives a restart; who reads its log afterwards can
say whether the server kept its word.
"""

import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID

from tests.faults.house import KEYS, PASSWORD, House, Paper
from tests.faults.wires import Ask, Lost, Reply, Wire, sign_in

MOST, SECOND_COPY = 50, 200
Cell = tuple[str, str]
Operation = dict[str, Any]


@dataclass
class Log:
    """What a tablet was told, by operation id: the operation and the first answer that was believed."""

    acknowledged: dict[str, tuple[Operation, dict[str, Any]]] = field(default_factory=dict)
    duplicates: int = 0
    refusals: list[int | str] = field(default_factory=list)
    """Why a batch was kept: the status, or what was wrong with the answer."""


class Tablet:
    """One device of one judge."""

    def __init__(
        self, house: House, judge: str, wire: Wire, *, seed: int = 0, name: str = "tablet", batch: int = MOST
    ) -> None:
        self.house, self.judge, self.wire, self.name, self.batch = house, judge, wire, name, batch
        self.chance = Random(f"{seed}:{name}")
        self.path = f"/api/scoring/events/{house.event}"
        self.token = ""
        self.device = ""
        self.sequence = 0
        self.queue: list[Operation] = []
        self.attention: list[tuple[Operation, dict[str, Any]]] = []
        self.versions: dict[Cell, int] = {}
        self.typed: dict[Cell, str] = {}
        self.history: list[Operation] = []
        self.offered: set[str] = set()
        self.log = Log()

    # --- what a judge does ------------------------------------------------------------------------

    def sign_in(self) -> None:
        self.token = sign_in(self.wire, self.judge, PASSWORD)

    def register(self) -> None:
        reply = self.wire.ask(self._ask("/devices", {"label": self.name}))
        found = reply.document() if reply.status == 200 else None
        if not found:
            raise Lost(f"no device (status {reply.status})")
        self.device, self.sequence = found["device"], found["last_sequence"]

    def register_again(self) -> None:
        """As after a start: the id it had and the number before its oldest copy, for a server that may have forgotten it."""
        oldest = (*self.history, *self.queue)[0]["seq"] if self.history or self.queue else self.sequence + 1
        known = {"label": self.name, "device": self.device, "after": oldest - 1}
        reply = self.wire.ask(self._ask("/devices", known))
        if reply.status != 200:
            raise Lost(f"no device (status {reply.status})")

    def ready(self) -> "Tablet":
        self.sign_in()
        self.register()
        return self

    def mark(self, paper: Paper, aspect: str, value: str, **details: Any) -> Operation:
        """Type a value: a new operation at the end of the queue, whatever is under way."""
        self.sequence += 1
        cell = (paper.id, aspect)
        operation = {
            "op_id": str(UUID(int=self.chance.getrandbits(128), version=4)),
            "seq": self.sequence,
            "sheet": paper.id,
            "aspect": aspect,
            "kind": "mark",
            "base_version": self.versions.get(cell, 0),
            "value": value,
            "state": "value",
            "round": 1,
            "reason": "",
            "device_time": "2026-06-01T12:00:00+08:00",
            **details,
        }
        self.typed[cell] = value
        self.queue.append(operation)
        return operation

    def settle(self) -> None:
        """Look at what needs attention: keep the own value where another device wrote, let go of the rest."""
        for operation, answer in self.attention:
            if answer["answer"] == "conflict" or answer["outcome"] == "conflict":
                cell = (operation["sheet"], operation["aspect"])
                self.versions[cell] = max(answer["version"], self.versions.get(cell, 0))
                paper = next(one for one in self.house.papers if one.id == operation["sheet"])
                self.mark(paper, operation["aspect"], operation["value"])
        self.attention = []

    # --- sending ----------------------------------------------------------------------------------

    def next_batch(self) -> Ask | None:
        """The request for the head of the queue; None when nothing waits."""
        if not self.queue:
            return None
        batch = self.queue[: self.batch]
        return self._ask("/operations", {"device": self.device, "operations": batch})

    def send(self) -> bool:
        """One flight; whether the answer was believed."""
        ask = self.next_batch()
        if ask is None:
            return True
        try:
            return self.take(self.wire.ask(ask))
        except Lost as lost:
            self.log.refusals.append(str(lost))
            return False

    def drain(self, *, tries: int = 60, wait: Callable[[int], None] = lambda _tried: None) -> bool:
        """Send until nothing waits; `wait` is called between tries that failed. Signs in again where that is asked."""
        tried = 0
        while self.queue and tried < tries:
            if self.send():
                tried = 0
                continue
            tried += 1
            wait(tried)
            if self.log.refusals and self.log.refusals[-1] == 401:
                self._sign_in_again()
        return not self.queue

    def _sign_in_again(self) -> None:
        try:
            self.sign_in()
        except Lost as lost:
            self.log.refusals.append(str(lost))

    def take(self, reply: Reply) -> bool:
        """Believe an answer, or keep everything. Whether it was believed and something came of it."""
        document = reply.document()
        if reply.status != 200 or not isinstance(document, dict):
            self.log.refusals.append(reply.status if reply.status != 200 else "not our answer")
            return False
        if not self._receipt_holds(document):
            self.log.refusals.append("no receipt")
            return False
        waiting = {operation["op_id"]: operation for operation in self.queue}
        moved = 0
        for answer in document["answers"]:
            operation = waiting.get(answer["op_id"])
            if operation is not None and answer["reason"] != "gap":
                self._let_go(operation, answer)
                moved += 1
        moved += self._offer_again(document["next_sequence"])
        return moved > 0

    def _let_go(self, operation: Operation, answer: dict[str, Any]) -> None:
        self.queue.remove(operation)
        self.history = [*self.history, operation][-SECOND_COPY:]
        self.log.duplicates += answer["answer"] == "duplicate"
        if operation["op_id"] in self.offered or operation["op_id"] not in self.log.acknowledged:
            self.log.acknowledged[operation["op_id"]] = (operation, answer)
        self.offered.discard(operation["op_id"])
        cell = (operation["sheet"], operation["aspect"])
        if answer["outcome"] in ("conflict", "rejected"):
            self.attention.append((operation, answer))
        else:
            self.versions[cell] = max(answer["version"], self.versions.get(cell, 0))

    def _offer_again(self, expected: int) -> int:
        """The server stands before what it once acknowledged (a restored backup): send the second copy once more."""
        first = self.queue[0]["seq"] if self.queue else self.sequence + 1
        if expected >= first:
            return 0
        waiting = {operation["op_id"] for operation in self.queue}
        lacking = [one for one in self.history if one["seq"] >= expected and one["op_id"] not in waiting]
        self.queue = sorted([*lacking, *self.queue], key=lambda one: one["seq"])
        self.history = [one for one in self.history if one["seq"] < expected]
        self.offered |= {one["op_id"] for one in lacking}
        return len(lacking)

    def _receipt_holds(self, document: dict[str, Any]) -> bool:
        try:
            said = [[one["op_id"], one["answer"], one["version"]] for one in document["answers"]]
            parts = (
                str(document["device"]),
                json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")),
                document["server_time"],
            )
            expected = hmac.digest(KEYS.receipt, "\x00".join(parts).encode(), "sha256").hex()
            return document["device"] == self.device and hmac.compare_digest(document["receipt"], expected)
        except (KeyError, TypeError):
            return False

    def read(self, paper: Paper) -> dict[Cell, str]:
        """The sheet as the server has it; the versions are remembered."""
        reply = self.wire.ask(Ask("GET", f"{self.path}/sheets/{paper.id}"))
        found = reply.document()
        if reply.status != 200 or not found:
            raise Lost(f"no sheet (status {reply.status})")
        cells = {}
        for mark in found["sheet"]["marks"]:
            self.versions[paper.id, mark["aspect"]] = mark["version"]
            cells[paper.id, mark["aspect"]] = mark["value"]
        return cells

    # --- requests ---------------------------------------------------------------------------------

    def _ask(self, path: str, document: object) -> Ask:
        body = json.dumps(document).encode()
        return Ask("POST", self.path + path, body, headers={"X-CSRFToken": self.token})
