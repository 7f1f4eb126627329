"""The rival: as little Flask as there can be, behind the same server with the same settings."""

import hashlib
import json
import sqlite3
import sys
import threading
from datetime import UTC, datetime
from types import SimpleNamespace

from flask import Flask, Response, request

from competition.cli.serve import serve

PAGE = "<!doctype html><html lang=en><title>Plain</title><h1>Plain</h1><p>A small page.</p></html>"


SHEET = """
CREATE TABLE IF NOT EXISTS mark (sheet TEXT, aspect TEXT, value TEXT, state TEXT, round INTEGER, version INTEGER, op_id TEXT,
    marked_at TEXT, PRIMARY KEY (sheet, aspect));
CREATE TABLE IF NOT EXISTS operation (op_id TEXT PRIMARY KEY, device TEXT, seq INTEGER, sheet TEXT, aspect TEXT, body TEXT,
    hash TEXT, received_at TEXT, answer TEXT, version INTEGER);
CREATE INDEX IF NOT EXISTS operation_cell ON operation (sheet, aspect);
CREATE INDEX IF NOT EXISTS operation_device ON operation (device, seq);
CREATE TABLE IF NOT EXISTS device (sequence INTEGER);
CREATE TABLE IF NOT EXISTS chain (length INTEGER, head TEXT);
CREATE TABLE IF NOT EXISTS entry (number INTEGER PRIMARY KEY, at TEXT, previous TEXT, hash TEXT);
INSERT INTO device SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM device);
INSERT INTO chain SELECT 0, '' WHERE NOT EXISTS (SELECT 1 FROM chain);
"""
"""The tables a sheet is kept in, with the indexes of ours that a batch has to keep up."""


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def plain_app(database: str) -> Flask:
    """GET / answers with a small page; POST / keeps one row, durably; POST /sheet keeps the rows of a sheet, and checks nothing."""
    app = Flask("plain")
    app.config["SETTINGS"] = SimpleNamespace(embedded_runner=False)
    own = threading.local()
    with sqlite3.connect(database) as first:
        first.execute("PRAGMA journal_mode=WAL")
        first.execute("CREATE TABLE IF NOT EXISTS kept (id INTEGER PRIMARY KEY, body TEXT NOT NULL)")
        first.executescript(SHEET)

    def own_connection() -> sqlite3.Connection:
        if not hasattr(own, "connection"):
            own.connection = sqlite3.connect(database, isolation_level=None, timeout=5)
            own.connection.execute("PRAGMA synchronous=FULL")
        connection: sqlite3.Connection = own.connection
        return connection

    @app.get("/")
    def show() -> str:
        return PAGE

    @app.post("/")
    def keep() -> Response:
        connection = own_connection()
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO kept (body) VALUES (?)", (request.get_data(as_text=True),))
        connection.execute("COMMIT")
        return Response("kept\n", mimetype="text/plain")

    @app.post("/sheet")
    def keep_sheet() -> dict[str, object]:
        """What a batch of marks leaves behind: a mark and an operation for each, an entry of the record, the device's number."""
        batch, at = json.loads(request.get_data()), datetime.now(UTC).isoformat()
        operations = batch["operations"]
        bodies = [json.dumps(one, sort_keys=True, separators=(",", ":")) for one in operations]
        connection = own_connection()
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(
            "INSERT INTO mark VALUES (?, ?, ?, 'value', 1, 1, ?, ?)",
            [(one["sheet"], one["aspect"], one["value"], one["op_id"], at) for one in operations],
        )
        connection.executemany(
            "INSERT INTO operation VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'applied', 1)",
            [
                (
                    one["op_id"],
                    batch["device"],
                    one["seq"],
                    one["sheet"],
                    one["aspect"],
                    body,
                    _hash(body),
                    at,
                )
                for one, body in zip(operations, bodies, strict=True)
            ],
        )
        connection.execute("UPDATE device SET sequence = ?", (operations[-1]["seq"],))
        number, head = connection.execute("SELECT length, head FROM chain").fetchone()
        entry = _hash(f"{head}{number + 1}{at}{batch['device']}")
        connection.execute("INSERT INTO entry VALUES (?, ?, ?, ?)", (number + 1, at, head, entry))
        connection.execute("UPDATE chain SET length = ?, head = ?", (number + 1, entry))
        connection.execute("COMMIT")
        return {"answers": [{"op_id": one["op_id"], "answer": "applied"} for one in operations], "time": at}

    @app.get("/healthz")
    def health() -> str:
        return "ok\n"

    return app


if __name__ == "__main__":
    serve(plain_app(sys.argv[2]), "127.0.0.1", int(sys.argv[1]))
