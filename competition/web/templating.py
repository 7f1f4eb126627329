"""What templates may call, and the one way to answer with a page."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from flask import (
    Flask,
    Response,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from jinja2 import StrictUndefined
from werkzeug.wrappers import Response as Redirect

from competition import assets, disk
from competition.orm import plain
from competition.rules.access import Actor, Permission
from competition.rules.sentences import Sentence
from competition.transactions import trouble
from competition.web.access import actor
from competition.web.forms import Form
from competition.web.language import language


@dataclass(frozen=True)
class MenuEntry:
    """A place in the main navigation; shown to people who may ever go there."""

    label: Sentence
    endpoint: str
    permission: Permission | None
    order: int


_menu: list[MenuEntry] = []


def menu_entry(label: Sentence, endpoint: str, permission: Permission | None, order: int) -> None:
    """Offer a page in the main navigation (permission None: to everybody)."""
    entry = MenuEntry(label, endpoint, permission, order)
    if entry not in _menu:
        _menu.append(entry)
        _menu.sort(key=lambda known: known.order)


def menu_for(person: Actor) -> list[MenuEntry]:
    return [entry for entry in _menu if entry.permission is None or person.may_ever(entry.permission)]


def page(
    template: str,
    *,
    form: Form | None = None,
    status: int | None = None,
    **values: object,
) -> Response:
    """Answer with a page; a form that was refused makes it a 422."""
    refused = form is not None and request.method == "POST"
    body = render_template(template, form=form, **values)
    return make_response(body, status or (422 if refused else 200))


def see_other(endpoint: str, **values: object) -> Redirect:
    """After a write: go and look at what became of it (303)."""
    return redirect(url_for(endpoint, **values), 303)  # type: ignore[arg-type]


def init_templating(app: Flask, time_zone: str, contact: str) -> None:
    zone = ZoneInfo(time_zone)
    environment = app.jinja_env
    environment.undefined = StrictUndefined
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.filters["venue_time"] = lambda moment: venue_time(moment, zone)
    environment.filters["venue_second"] = lambda moment: venue_second(moment, zone)
    environment.filters["device_second"] = lambda said: device_second(said, zone)
    environment.filters["day"] = day
    environment.filters["mark"] = mark
    environment.globals["asset"] = asset
    environment.globals["contact"] = contact
    environment.globals["P"] = Permission
    environment.globals["same_page"] = same_page
    environment.globals["this_page"] = this_page

    @app.context_processor
    def everywhere() -> dict[str, object]:
        person = actor()
        return {
            "actor": person,
            "standstill": disk.SENTENCES[stopped] if (stopped := trouble()) else None,
            "navigation": [
                {
                    "label": entry.label,
                    "href": url_for(entry.endpoint),
                    "current": request.endpoint == entry.endpoint,
                }
                for entry in menu_for(person)
            ],
        }


def asset(name: str) -> str:
    return url_for("assets.asset", name=assets.asset_name(name))


@cache
def build_of_pages() -> str:
    """A fingerprint of everything pages are made of: code, templates, words and assets. Another release, another text.

    Pages that are tagged without being rendered carry it, so that a new release is never taken for the old one.
    """
    package = Path(__file__).resolve().parent.parent
    digest = hashlib.sha256(assets.asset_name("app.css").encode())
    for folder, ending in ((package, ".py"), (package, ".po"), (assets.templates_folder(), ".html")):
        for path in sorted(folder.rglob(f"*{ending}")):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def venue_time(moment: datetime | None, zone: ZoneInfo) -> str:
    """2026-11-20 14:30, in the venue's time zone."""
    return "" if moment is None else moment.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def venue_second(moment: datetime | None, zone: ZoneInfo) -> str:
    """2026-11-20 14:30:07, for deadlines that are kept to the second."""
    return "" if moment is None else moment.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")


def device_second(said: str, zone: ZoneInfo) -> str:
    """What the clock of a device said, in the venue's time zone; as it was written where it names no moment."""
    try:
        moment = datetime.fromisoformat(said)
    except ValueError:
        return said
    return said if moment.tzinfo is None else venue_second(moment, zone)


def day(value: date | None) -> str:
    """2026年11月20日 in Chinese, 20 November 2026 in English."""
    if value is None:
        return ""
    if language() == "zh":
        return f"{value.year}年{value.month}月{value.day}日"
    return f"{value.day} {value:%B %Y}"


def mark(value: Decimal | str | None, digits: int | None = None) -> str:
    """A mark as it is written: with its digits, or as short as it is exact; nothing for none."""
    if value is None or value == "":
        return "–"
    number = Decimal(value)
    return format(number, f".{digits}f") if digits is not None else format(plain(number), "f")


def same_page(**changes: object) -> str:
    """The address of this page with other query values (paging, sorting, filtering)."""
    values: dict[str, Any] = {**(request.view_args or {}), **request.args.to_dict(), **changes}
    kept = {name: value for name, value in values.items() if value is not None}
    return url_for(request.endpoint or "insights.home", **kept)


_MISREAD = {chr(code) for code in range(33)} | {"\\"}
"""Characters that browsers drop from an address or turn into a slash, so that a path becomes another site."""


def this_page() -> str:
    """The address to come back to from a small form on every page."""
    return request.full_path.rstrip("?") if request.method in ("GET", "HEAD") else request.path


def internal_path(wanted: str | None, otherwise: Callable[[], str]) -> str:
    """Where to go next, only ever inside this site."""
    if wanted and wanted.startswith("/") and not wanted.startswith("//") and not set(wanted) & _MISREAD:
        return wanted
    return otherwise()
