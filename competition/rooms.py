"""The rooms whose routes make the site, in the order of the chain."""

from importlib import import_module
from importlib.util import find_spec

from flask import Blueprint

FEATURES = (
    "accounts",
    "organisations",
    "workers",
    "competitions",
    "registration",
    "draws",
    "panels",
    "tablets",
    "scoring",
    "paper",
    "floor",
    "rechecks",
    "results",
    "judge_statistics",
    "appeals",
    "boards",
    "certificates",
    "promotions",
    "drills",
    "insights",
)
OTHERS = ("audit", "jobs")


def blueprints() -> list[Blueprint]:
    """The blueprint `routes` (and `api`) of every room that has one."""
    found = []
    for room in (*OTHERS, *FEATURES):
        for module in ("routes", "api"):
            name = f"competition.{room}.{module}"
            if find_spec(name):
                found.append(import_module(name).blueprint)
    return found


def load_models() -> None:
    """Import every table (migrations and the metadata need them all)."""
    for room in (*OTHERS, *FEATURES):
        if find_spec(f"competition.{room}.models"):
            import_module(f"competition.{room}.models")


def load_jobs() -> None:
    """Import the long work of every room, so that a runner knows every kind."""
    for room in FEATURES:
        if find_spec(f"competition.{room}.jobs"):
            import_module(f"competition.{room}.jobs")
