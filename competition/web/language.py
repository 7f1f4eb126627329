"""Two languages: Chinese by default, English by choice. Message ids are English; `translations/zh/*.po` say them in Chinese.

The catalogues, one file per room, are read as they are: nothing is compiled, nothing can be stale.
"""

import io
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Protocol

from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, has_request_context, request
from flask_babel import Babel, Domain, get_locale, get_timezone
from flask_login import current_user

from competition.rules.sentences import Sentence
from competition.rules.titles import Title

COOKIE = "language"
LANGUAGES = {"zh": "中文", "en": "English"}
TAGS = {"zh": "zh-CN", "en": "en"}
CATALOGUES = Path(__file__).resolve().parent.parent / "translations"


class Catalogues(Domain):  # type: ignore[misc]
    """All catalogues of a language as one."""

    def get_translations(self) -> NullTranslations:
        return catalogue(language())


@cache
def catalogue(tag: str) -> NullTranslations:
    """The translations of a language; English is the language of the message ids."""
    merged = Catalog(locale=tag)
    for path in sorted((CATALOGUES / tag).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=tag):
                if message.id and message.string and not message.fuzzy:
                    merged.add(message.id, message.string, context=message.context)
    if not len(merged):
        return NullTranslations()
    compiled = io.BytesIO()
    write_mo(compiled, merged)
    compiled.seek(0)
    return Translations(compiled)


def language() -> str:
    """The reader's language: "zh" or "en"."""
    chosen = get_locale()
    return chosen.language if chosen else "zh"


def choose_language() -> str:
    """The account's choice, else the cookie's, else Chinese."""
    if not has_request_context():
        return "zh"
    chosen = request.cookies.get(COOKIE)
    if current_user and current_user.is_authenticated and chosen not in LANGUAGES:
        chosen = current_user.language
    return chosen if chosen in LANGUAGES else "zh"


def say(words: Sentence | str | None, tag: str | None = None) -> str:
    """Words in the reader's language (or the one named); plain text passes as it is."""
    if words is None:
        return ""
    if not isinstance(words, Sentence):
        return words if isinstance(words, str) else str(words)
    template = catalogue(tag or language()).gettext(words.text)
    values = {name: _said(value, tag) for name, value in words.values.items()}
    return template % values if values else template.replace("%%", "%")


def _said(value: object, tag: str | None) -> object:
    """A value inside a sentence: sentences are translated, titles have both languages, moments are those of the venue."""
    if isinstance(value, Title):
        return value.in_language(tag or language())
    if isinstance(value, datetime):
        return value.astimezone(get_timezone()).strftime(
            "%Y-%m-%d %H:%M:%S" if value.second else "%Y-%m-%d %H:%M"
        )
    return say(value, tag) if isinstance(value, Sentence) else value


class Named(Protocol):
    """Something with a name in both languages."""

    name: str
    name_en: str


def name_of(thing: Named) -> str:
    """The name for this reader: the English one in English, where there is one."""
    return thing.name_en if language() == "en" and thing.name_en else thing.name


def init_language(app: Flask, time_zone: str) -> None:
    babel = Babel(
        app,
        default_locale="zh",
        default_timezone=time_zone,
        locale_selector=choose_language,
    )
    babel.domain_instance = Catalogues()
    app.jinja_env.filters["say"] = say
    app.jinja_env.filters["name_of"] = name_of
    app.jinja_env.globals["language"] = language
    app.jinja_env.globals["locale_tag"] = lambda: TAGS[language()]
