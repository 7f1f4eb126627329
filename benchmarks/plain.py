"""The rival: as little Flask as there can be, behind the same server with the same settings."""

import sqlite3
import sys
import threading
from types import SimpleNamespace

from flask import Flask, Response, request

from competition.cli.serve import serve

PAGE = "<!doctype html><html lang=en><title>Plain</title><h1>Plain</h1><p>A small page.</p></html>"


def plain_app(database: str) -> Flask:
    """GET / answers with a small page; POST / keeps one row, durably."""
    app = Flask("plain")
    app.config["SETTINGS"] = SimpleNamespace(embedded_runner=False)
    own = threading.local()
    with sqlite3.connect(database) as first:
        first.execute("PRAGMA journal_mode=WAL")
        first.execute("CREATE TABLE IF NOT EXISTS kept (id INTEGER PRIMARY KEY, body TEXT NOT NULL)")

    @app.get("/")
    def show() -> str:
        return PAGE

    @app.post("/")
    def keep() -> Response:
        if not hasattr(own, "connection"):
            own.connection = sqlite3.connect(database, isolation_level=None, timeout=5)
            own.connection.execute("PRAGMA synchronous=FULL")
        own.connection.execute("BEGIN IMMEDIATE")
        own.connection.execute("INSERT INTO kept (body) VALUES (?)", (request.get_data(as_text=True),))
        own.connection.execute("COMMIT")
        return Response("kept\n", mimetype="text/plain")

    @app.get("/healthz")
    def health() -> str:
        return "ok\n"

    return app


if __name__ == "__main__":
    serve(plain_app(sys.argv[2]), "127.0.0.1", int(sys.argv[1]))
