"""The only place that reads the time. Routes, commands and jobs ask here and hand the moment on as `at`."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present moment, aware, in UTC, to the microsecond."""
    return datetime.now(UTC)
