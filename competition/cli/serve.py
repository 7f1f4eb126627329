"""Serve the site from this process."""

import sys

import click
from flask import Flask

from competition.cli._application import application, settings_of


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
def command(host: str, port: int) -> None:
    """Serve the site, with the background runner beside it."""
    with application() as app:
        pass
    serve(app, host, port)


def serve(app: Flask, host: str, port: int) -> None:
    """gunicorn with one worker and eight threads (waitress on Windows), and the embedded runner."""
    if sys.platform == "win32":
        _serve_with_waitress(app, host, port)
    else:
        _serve_with_gunicorn(app, host, port)


def _start_runner(app: Flask) -> None:
    if settings_of(app).embedded_runner:
        from competition.jobs import runner

        runner.start(app)


def _serve_with_waitress(app: Flask, host: str, port: int) -> None:
    from waitress import serve as waitress_serve  # the server is loaded only when it serves

    _start_runner(app)
    waitress_serve(app, host=host, port=port, threads=8)


def _serve_with_gunicorn(app: Flask, host: str, port: int) -> None:
    from gunicorn.app.base import BaseApplication  # the server is loaded only when it serves

    class Embedded(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            options = {
                "bind": f"{host}:{port}",
                "workers": 1,
                "threads": 8,
                "worker_class": "gthread",
                "keepalive": 75,
                "control_socket_disable": True,
                "loglevel": "warning",
                "post_worker_init": lambda _worker: _start_runner(app),
            }
            for name, value in options.items():
                self.cfg.set(name, value)

        def load(self) -> Flask:
            return app

    Embedded().run()
