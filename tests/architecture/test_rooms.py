"""The floor plan: what a room may import, what its docstring and the map say, what its services look like."""

import ast
import importlib
import inspect
from pathlib import Path

import pytest

import competition
from competition.rooms import FEATURES, load_models

PACKAGE = Path(competition.__file__).parent
GROUND_FLOOR = {
    "abc", "bisect", "collections", "collections.abc", "contextlib", "dataclasses", "datetime", "decimal", "enum",
    "fractions", "functools", "hashlib", "heapq", "hmac", "itertools", "json", "math", "operator", "re",
    "string", "types", "typing", "unicodedata", "uuid",
}  # fmt: skip


def imports_of(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


def test_rules_import_only_an_allow_list_of_the_standard_library():
    for path in (PACKAGE / "rules").glob("**/*.py"):
        foreign = {
            name for name in imports_of(path) if not name.startswith("competition.rules")
        } - GROUND_FLOOR
        assert not foreign, f"{path.name} imports {foreign}"


def test_nobody_imports_the_front_of_another_room():
    fronts = {
        f"competition.{room}.{part}" for room in FEATURES for part in ("routes", "forms", "presenters", "api")
    }
    for path in PACKAGE.rglob("*.py"):
        room = path.relative_to(PACKAGE).parts[0]
        foreign = {name for name in imports_of(path) & fronts if name.split(".")[1] != room}
        assert not foreign or path.name == "rooms.py", f"{path} imports {foreign}"


def test_the_clock_and_chance_are_read_in_one_place():
    for path in PACKAGE.rglob("*.py"):
        if path.name in ("clock.py", "tokens.py", "vault.py") or "gate" in path.parts:
            continue
        text = path.read_text("utf-8")
        assert "datetime.now(" not in text and "utcnow(" not in text, path
        assert not imports_of(path) & {"random", "secrets"}, path


def test_only_transactions_commit():
    for path in PACKAGE.rglob("*.py"):
        if path.name not in ("transactions.py", "env.py"):
            assert ".commit()" not in path.read_text("utf-8"), path


def test_every_room_says_what_it_is_for_and_stands_on_the_map():
    for room in FEATURES:
        assert (importlib.import_module(f"competition.{room}").__doc__ or "").strip(), room
        assert room in (competition.__doc__ or ""), f"{room} is not on the map in competition/__init__.py"


def services() -> list[tuple[str, object]]:
    found = []
    for room in FEATURES:
        root = f"competition.{room}.services"
        try:
            module = importlib.import_module(root)
        except ModuleNotFoundError:
            continue
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__.startswith(root) and not name.startswith("_"):
                found.append((f"{room}.{name}", function))
    return found


NO_ACTOR = {
    "accounts.open_first_administrator",
    "accounts.sign_in",
    "accounts.system_actor",
    "certificates.count_miss",  # a visitor asked; nobody acted
    "results.check_revision",  # this one and the next four read, before anybody acts and without a lock
    "results.compute",
    "results.compute_decided",
    "results.compute_with_award",
    "results.foresee",
    "tablets.open_card",  # a card is what says who somebody is
}


@pytest.mark.parametrize(("name", "service"), services(), ids=[name for name, _ in services()])
def test_every_service_needs_to_know_who_and_when(name, service):
    parameters = inspect.signature(service).parameters
    assert service.__doc__ or name in NO_ACTOR, f"{name} does not say what it decides"
    if name in NO_ACTOR:
        return
    for needed in ("by", "at"):
        assert needed in parameters, f"{name} does not ask {needed}"
        assert parameters[needed].default is inspect.Parameter.empty, f"{name} has a default for {needed}"
        assert parameters[needed].kind is inspect.Parameter.KEYWORD_ONLY, f"{name} takes {needed} by position"


def test_every_table_of_the_chain_is_found():
    load_models()
    tables = importlib.import_module("competition.orm").Base.metadata.tables
    assert {"worker", "event", "entrant", "sheet", "mark", "result_line", "certificate", "attempt"} <= set(
        tables
    )
