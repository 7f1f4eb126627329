"""I1 to I14 of reliability §3, asked of a database from outside: plain SQL, no service and no query of the house.

`assert_invariants(address, *tablets)` ends every test of a fault; those that publish ask I3 beside it (a second program
computes the same result), with `assert_computed_again`. I8 shows in what is not here: nothing below looks at a device's time.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Protocol
from uuid import UUID

from flask import Flask
from sqlalchemy import create_engine, text

from competition.competitions.queries import event_by_id
from competition.results import bundles
from competition.results import queries as results
from competition.verification import verify_results
from tests.faults.house import House
from tests.faults.tablet import Log, Operation

Row = dict[str, Any]


class Tablet(Protocol):
    """Whatever was told something: a tablet of tests/faults, or one in a browser."""

    name: str
    log: Log
    queue: list[Operation]
    offered: set[str]


def assert_computed_again(app: Flask, house: House) -> None:
    """I3: a program that shares nothing with the house computes the published result from its bundle."""
    with app.app_context():
        revision = results.released_revision(event_by_id(UUID(house.event)))
        assert revision is not None, "nothing is published"
        assert verify_results.check(json.loads(bundles.bundle_text(revision))) == []


def problems(address: str, *tablets: Tablet) -> list[str]:
    """Every invariant that does not hold, one sentence each; [] when all do."""
    engine = create_engine(address)
    try:
        with engine.connect() as connection:
            tables = _Tables(connection)
            return [
                *_sound(connection),
                *_of(tables),
                *(one for each in tablets for one in _told(tables, each)),
            ]
    finally:
        engine.dispose()


def assert_invariants(address: str, *tablets: Tablet, about: object = "") -> None:
    """Raise with everything that does not hold; `about` (a seed) goes into the message."""
    found = problems(address, *tablets)
    assert not found, f"{about}: {len(found)} invariants broken:\n" + "\n".join(found[:20])


class _Tables:
    """What is asked of the database, read once."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.operations = self.rows(
            "SELECT event_id, op_id, device_id, sequence, sheet_id, aspect, body, answer, reason, version, by_id"
            " FROM mark_operation"
        )
        for operation in self.operations:
            operation["body"] = json.loads(operation["body"])
        self.marks = self.rows("SELECT sheet_id, aspect, kind, value, state, round, version, op_id FROM mark")
        self.sheets = self.rows("SELECT event_id, id, module, code, seat_label, state, judge_id FROM sheet")
        self.by_id = {operation["op_id"]: operation for operation in self.operations}

    def rows(self, statement: str) -> list[Row]:
        found = self.connection.execute(text(statement)).mappings()
        return [{name: _plain(name, value) for name, value in row.items()} for row in found]


def _plain(name: str, value: Any) -> Any:
    """An id has one spelling, whatever the database."""
    if value is not None and (name == "id" or name.endswith("_id")):
        return str(value).replace("-", "")
    return value


def _sound(connection: Any) -> Iterable[str]:
    if connection.dialect.name == "sqlite":
        (said,) = connection.execute(text("PRAGMA integrity_check")).first()
        if said != "ok":
            yield f"the file is damaged: {said}"


def _of(tables: _Tables) -> Iterable[str]:
    yield from _once(tables)
    yield from _conflicts(tables)
    yield from _sequences(tables)
    yield from _chains(tables)
    yield from _frozen(tables)
    yield from _publications(tables)
    yield from _certificates(tables)


def _told(tables: _Tables, tablet: Tablet) -> Iterable[str]:
    """I1 and I14: what this tablet was told is there, and what it was not told it still has."""
    for op_id, (operation, answer) in tablet.log.acknowledged.items():
        kept = tables.by_id.get(op_id.replace("-", ""))
        if kept is None:
            if answer["reason"] != "op-id-reuse":
                yield f"I1 lost: {op_id} of {tablet.name} was acknowledged ({answer['answer']}) and is not there"
        elif (kept["answer"], kept["version"]) != (answer["outcome"], answer["version"]):
            yield f"I1 changed: {op_id} was answered {answer}, and {kept['answer']} {kept['version']} is kept"
        elif {**kept["body"], "op_id": op_id} != operation:
            yield f"I1 altered: {op_id} is not kept as it was sent"
    waiting = {operation["op_id"] for operation in tablet.queue}
    both = (waiting & set(tablet.log.acknowledged)) - tablet.offered
    if both:
        yield f"I14: {tablet.name} holds {len(both)} operations as waiting and as uploaded"


def _once(tables: _Tables) -> Iterable[str]:
    """I2 and I4: one current mark for a cell, made by exactly one applied operation for each of its versions."""
    made: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for operation in tables.operations:
        if operation["answer"] == "applied" and operation["reason"] != "unchanged":
            made[operation["sheet_id"], operation["aspect"], operation["body"]["kind"]].append(operation)
    cells = {(mark["sheet_id"], mark["aspect"], mark["kind"]): mark for mark in tables.marks}
    if len(cells) != len(tables.marks):
        yield "I2: a cell has two marks"
    for cell in made.keys() | cells.keys():
        versions = sorted(one["version"] for one in made[cell])
        mark = cells.get(cell)
        if versions != list(range(1, len(versions) + 1)) or mark is None or mark["version"] != len(versions):
            yield f"I2: cell {cell} stands at {mark and mark['version']}, its operations made {versions}"
            continue
        last = max(made[cell], key=lambda one: one["version"])
        value = None if mark["value"] is None else Decimal(mark["value"]).scaleb(-8)
        sent = last["body"]["value"]
        if mark["op_id"] != last["op_id"] or value != (None if sent is None else Decimal(sent)):
            yield f"I4: the mark of {cell} is not what its last operation says"


def _conflicts(tables: _Tables) -> Iterable[str]:
    """I7: whoever changed a cell knew the version before it, or wrote everything since the one it knew."""
    made: dict[tuple[str, str, str], dict[int, Row]] = defaultdict(dict)
    for one in tables.operations:
        if one["answer"] == "applied" and one["reason"] != "unchanged":
            made[one["sheet_id"], one["aspect"], one["body"]["kind"]][one["version"]] = one
    for cell, by_version in made.items():
        for version, one in by_version.items():
            unseen = [by_version.get(number) for number in range(one["body"]["base_version"] + 1, version)]
            if any(other is None or other["device_id"] != one["device_id"] for other in unseen):
                yield f"I7: version {version} of {cell} silently replaced what another device wrote"


def _sequences(tables: _Tables) -> Iterable[str]:
    """A device's running numbers have no gap below the last one taken, and none counts twice."""
    used: dict[str, list[int]] = defaultdict(list)
    for one in tables.operations:
        if one["reason"] != "sequence-used":
            used[one["device_id"]].append(one["sequence"])
    for device in tables.rows("SELECT id, last_sequence FROM device"):
        numbers = sorted(used[device["id"]])
        if len(numbers) != len(set(numbers)) or (numbers and numbers[-1] > device["last_sequence"]):
            yield f"I2: device {device['id']} used a running number twice, or stands before its operations"


def _chains(tables: _Tables) -> Iterable[str]:
    """I5, and I4 for the counts: every chain holds from its first entry to its head; the facts count the operations."""
    entries: dict[str, list[Row]] = defaultdict(list)
    for entry in tables.rows("SELECT * FROM audit_entry ORDER BY chain, number"):
        entries[entry["chain"]].append(entry)
    for head in tables.rows("SELECT * FROM audit_chain"):
        previous = ""
        own = entries.pop(head["chain"], [])
        for number, entry in enumerate(own, start=1):
            if entry["number"] != number or entry["previous"] != previous or _hash(entry) != entry["hash"]:
                yield f"I5: chain {head['chain']} breaks at {number}"
                break
            previous = entry["hash"]
        if (head["length"], head["head"]) != (len(own), previous):
            yield f"I5: the head of chain {head['chain']} is not its last entry"
    if entries:
        yield f"I5: chains without a head: {sorted(entries)}"
    counted: dict[str, int] = defaultdict(int)
    for entry in tables.rows(
        "SELECT subject_id, payload FROM audit_entry WHERE kind = 'scoring.marks_received'"
    ):
        fact = json.loads(entry["payload"])
        counted[entry["subject_id"]] += fact["applied"] + fact["conflicts"] + fact["rejected"]
    kept: dict[str, int] = defaultdict(int)
    for one in tables.operations:
        kept[one["sheet_id"]] += one["reason"] not in ("not-yours", "quarantined")
    for sheet in kept:
        if kept[sheet] != counted[sheet]:
            yield f"I4: sheet {sheet} has {kept[sheet]} operations, the record speaks of {counted[sheet]}"


def _hash(entry: Row) -> str:
    def dashed(value: str | None) -> str | None:
        if value is None:
            return None
        return f"{value[:8]}-{value[8:12]}-{value[12:16]}-{value[16:20]}-{value[20:]}"

    covered = {
        "chain": entry["chain"],
        "number": entry["number"],
        "at": _moment(entry["at"]),
        "by_id": dashed(entry["by_id"]),
        "by_name": entry["by_name"],
        "kind": entry["kind"],
        "subject_id": dashed(entry["subject_id"]),
        "payload": json.loads(entry["payload"]),
        "previous": entry["previous"],
    }
    plain = json.dumps(covered, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def _moment(value: Any) -> str:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return str(moment.isoformat(timespec="microseconds"))


def _frozen(tables: _Tables) -> Iterable[str]:
    """I6: a signed sheet holds exactly what its last signature stood for."""
    signed: dict[str, str] = {}
    for signature in tables.rows("SELECT sheet_id, act, content_hash FROM signature ORDER BY id"):
        if signature["act"] == "signed":
            signed[signature["sheet_id"]] = signature["content_hash"]
    cells: dict[str, list[Row]] = defaultdict(list)
    for mark in tables.marks:
        cells[mark["sheet_id"]].append(mark)
    for sheet in tables.sheets:
        if sheet["state"] in ("signed", "confirmed") and signed.get(sheet["id"]) != _content(sheet, cells):
            yield f"I6: sheet {sheet['code']} {sheet['seat_label']} is {sheet['state']}, and not as it was signed"


def _content(sheet: Row, cells: dict[str, list[Row]]) -> str:
    def value(mark: Row) -> str | None:
        if mark["value"] is None:
            return None
        number = Decimal(mark["value"]).scaleb(-8).normalize()
        return format(number, "f")

    own = sorted(cells[sheet["id"]], key=lambda mark: (mark["aspect"], mark["kind"]))
    listed = [
        [mark["aspect"], mark["kind"], value(mark), mark["state"], mark["round"], mark["version"]]
        for mark in own
    ]
    name = sheet["id"]
    dashed = f"{name[:8]}-{name[8:12]}-{name[12:16]}-{name[16:20]}-{name[20:]}"
    covered = {"sheet": dashed, "module": sheet["module"], "code": sheet["code"], "cells": listed}
    plain = json.dumps(covered, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def _publications(tables: _Tables) -> Iterable[str]:
    """I9 to I11: whatever is published is whole, two people stood for it, and for every sheet that is missing."""
    lines = {row["revision_id"] for row in tables.rows("SELECT DISTINCT revision_id FROM result_line")}
    people = defaultdict(set)
    for row in tables.rows("SELECT revision_id, by_id FROM publication_approval"):
        people[row["revision_id"]].add(row["by_id"])
    for revision in tables.rows("SELECT id, reconciliation FROM result_revision"):
        if revision["id"] not in lines:
            yield f"I9: revision {revision['id']} has no lines"
        counted = json.loads(revision["reconciliation"])
        accepted = counted.get("accepted", {"by": [], "sheets": []})
        if counted.get("missing", 0) != len(accepted["sheets"]):
            yield f"I11: revision {revision['id']} was prepared with sheets missing"
        if accepted["sheets"] and len({each["by"] for each in accepted["by"]}) < 2:
            yield f"I11: not two people accepted the missing sheets of revision {revision['id']}"
    published = [row["revision_id"] for row in tables.rows("SELECT revision_id FROM publication")]
    if len(published) != len(set(published)):
        yield "I10: a revision was published twice"
    for revision in published:
        if len(people[revision]) < 2:
            yield f"I9: revision {revision} is published, and {len(people[revision])} people stood for it"


def _certificates(tables: _Tables) -> Iterable[str]:
    """I12: a certificate rests on a published result; its series has no gap and no number twice."""
    published = {row["revision_id"] for row in tables.rows("SELECT revision_id FROM publication")}
    numbers: dict[str, list[str]] = defaultdict(list)
    for row in tables.rows("SELECT event_id, revision_id, number FROM certificate"):
        numbers[row["event_id"]].append(row["number"])
        if row["revision_id"] not in published:
            yield f"I12: certificate {row['number']} rests on nothing published"
    for series in tables.rows("SELECT event_id, last_number FROM certificate_series"):
        own = numbers[series["event_id"]]
        if len(set(own)) != len(own) or len(own) != series["last_number"]:
            yield f"I12: {len(own)} certificates, and the series stands at {series['last_number']}"
