"""The application for commands: settings from the environment, a migrated database, an application context."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from competition.app import create_app
from competition.database import db
from competition.migrations.schema import migrate
from competition.settings import Mode, Settings, settings_from_environment


@contextmanager
def application(*, migrating: bool = False) -> Iterator[Flask]:
    """Make the application and enter its context; outside production the schema is brought up first."""
    settings = settings_from_environment()
    app = create_app(settings, migrating=migrating)
    with app.app_context():
        if not migrating and settings.mode is not Mode.PRODUCTION:
            migrate(db.engine)
        yield app


def settings_of(app: Flask) -> Settings:
    settings: Settings = app.config["SETTINGS"]
    return settings
