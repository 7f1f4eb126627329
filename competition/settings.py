"""Typed settings, frozen, from the environment. Every problem is reported at once; no secret has a default.

Outside production the keys live in `instance/keys.json`, made at the first start. Production takes them from
COMPETITION_KEYS_FILE (the same JSON, kept by the operator) and refuses to start without it.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from competition import tokens
from competition.vault import Keyring, KeyringInvalid

ROOT = Path(__file__).resolve().parent.parent


class Mode(StrEnum):
    DEVELOPMENT = "development"
    PRODUCTION = "production"
    TEST = "test"


class SettingsInvalid(Exception):
    """The environment cannot be used; `problems` are sentences for the operator, in English."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("The settings cannot be used:\n" + "\n".join(f"  - {p}" for p in problems))
        self.problems = problems


@dataclass(frozen=True)
class Settings:
    """What an installation decides before it starts."""

    mode: Mode
    instance: Path
    database_url: str
    base_url: str
    keyring: Keyring
    time_zone: str = "Asia/Shanghai"
    proxy_hops: int = 0
    embedded_runner: bool = True
    contact: str = ""
    upload_limit: int = 8 * 1024 * 1024
    session_idle_minutes: int = 30
    session_hours: int = 14
    any_disk: bool = False

    @property
    def secure_cookies(self) -> bool:
        return self.base_url.startswith("https://")


def settings_from_environment(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the environment; raise SettingsInvalid with every problem found, not only the first."""
    problems: list[str] = []
    mode = _mode(environment, problems)
    instance = Path(environment.get("COMPETITION_INSTANCE", ROOT / "instance")).resolve()
    keyring = _keyring(environment, mode, instance, problems)
    time_zone = _time_zone(environment, problems)
    hops = _whole_number(environment, "COMPETITION_PROXY_HOPS", 0, problems)
    base_url = environment.get("COMPETITION_BASE_URL", "http://127.0.0.1:8000").rstrip("/")
    if mode is Mode.PRODUCTION:
        _production_problems(environment, base_url, problems)
    if problems or keyring is None:
        raise SettingsInvalid(tuple(problems))
    return Settings(
        mode=mode,
        instance=instance,
        database_url=environment.get("DATABASE_URL") or f"sqlite:///{instance / 'competition.sqlite3'}",
        base_url=base_url,
        keyring=keyring,
        time_zone=time_zone,
        proxy_hops=hops,
        embedded_runner=environment.get("COMPETITION_RUNNER", "embedded") == "embedded",
        contact=environment.get("COMPETITION_CONTACT", ""),
        any_disk=environment.get("COMPETITION_ANY_DISK", "no") == "yes",
    )


def _mode(environment: Mapping[str, str], problems: list[str]) -> Mode:
    text = environment.get("COMPETITION_MODE", Mode.DEVELOPMENT)
    try:
        return Mode(text)
    except ValueError:
        problems.append(f"COMPETITION_MODE is {text!r}; use development or production.")
        return Mode.DEVELOPMENT


def _keyring(
    environment: Mapping[str, str], mode: Mode, instance: Path, problems: list[str]
) -> Keyring | None:
    given = environment.get("COMPETITION_KEYS_FILE")
    if given is None and mode is Mode.PRODUCTION:
        problems.append(
            "COMPETITION_KEYS_FILE is not set; production needs its own keys: "
            "`competition keys new FILE` makes them."
        )
        return None
    path = Path(given) if given else instance / "keys.json"
    try:
        if not path.exists() and given is None:
            write_keys(path)
        return Keyring.from_json(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, KeyringInvalid) as problem:
        problems.append(f"The keys in {path} cannot be used: {problem}")
        return None


def write_keys(path: Path) -> None:
    """Make new keys in a file that only its owner may read; refuses to overwrite (lost keys are lost data)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(Keyring.new(tokens.new_secret).as_json(), file, indent=2)


def _time_zone(environment: Mapping[str, str], problems: list[str]) -> str:
    name = environment.get("COMPETITION_TIME_ZONE", "Asia/Shanghai")
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        problems.append(
            f"COMPETITION_TIME_ZONE is {name!r}, which is not a time zone; use one like Asia/Shanghai."
        )
    return name


def _whole_number(environment: Mapping[str, str], name: str, default: int, problems: list[str]) -> int:
    text = environment.get(name, str(default))
    if not text.isdecimal():
        problems.append(f"{name} is {text!r}; use a whole number.")
        return default
    return int(text)


def _production_problems(environment: Mapping[str, str], base_url: str, problems: list[str]) -> None:
    if environment.get("FLASK_DEBUG", "0") not in ("", "0"):
        problems.append("FLASK_DEBUG is on; production never runs with a debugger. Unset it.")
    if not base_url.startswith("https://"):
        problems.append(
            "COMPETITION_BASE_URL must start with https:// in production: it is printed on certificates."
        )
    if "DATABASE_URL" not in environment:
        problems.append("DATABASE_URL is not set; name the production database.")
