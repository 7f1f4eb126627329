"""Every page of the full house, in both languages: well made, and without a word of the other language."""

import re
from functools import cache
from html.parser import HTMLParser

import pytest

from competition.gate import language
from tests.browser import check_page
from tests.house import CAST, Visitor, address, examples, open_elsewhere, routes

ORDER = (
    "stranger",
    "organiser",
    "chief",
    "judge",
    "worker",
    "leader",
    "codes",
    "promotion",
    "admin",
    "auditor",
    "supervisor",
    "clerk",
)
"""Who is asked first: the first who may see a page shows it."""


VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
VERBATIM = {"script", "svg", "code", "pre", "textarea"}


class Words(HTMLParser):
    """The pieces of text that a reader sees, with what screen readers say; code, and what says its own language, is left out."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self._open: list[tuple[str, bool]] = []

    @property
    def _skips(self) -> bool:
        return any(skipped for _tag, skipped in self._open)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag not in VOID:
            self._open.append((tag, tag in VERBATIM or (tag != "html" and "lang" in values)))
        if not self._skips:
            self.pieces += [
                values[name] for name in ("aria-label", "title", "alt", "placeholder") if values.get(name)
            ]

    def handle_endtag(self, tag):
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if not self._skips and data.strip():
            self.pieces.append(" ".join(data.split()))


@cache
def chinese_words() -> frozenset[str]:
    """What the catalogues say in Chinese, where English says it with other letters."""
    return frozenset(
        words for text, (words, _) in language.translated().items() if words != text and len(words) > 1
    )


@cache
def english_words() -> frozenset[str]:
    return frozenset(
        text for text, (words, _) in language.translated().items() if words != text and len(text) > 2
    )


def pages(app, known):
    """Every address that answers with a page, and the person it is shown to."""
    for method, rule in routes(app):
        if method != "GET":
            continue
        path = address(app, rule, known)
        for who in ORDER:
            visitor = Visitor(app, who)
            response = visitor.ask(path)
            if response.status_code == 200:
                if response.mimetype == "text/html":
                    yield rule.endpoint, path, who, visitor
                break


@pytest.fixture(scope="module")
def house(full_house):
    open_elsewhere()
    return full_house, examples()


def words_of(visitor: Visitor, path: str, tag: str) -> list[str]:
    body = visitor.reads(tag).ask(path).get_data(as_text=True)
    check_page(body, path)
    reader = Words()
    reader.feed(body)
    return reader.pieces


def test_no_page_shows_a_word_of_the_other_language(house):
    app, known = house
    wrong = []
    for endpoint, path, _who, visitor in pages(app, known):
        for piece in words_of(visitor, path, "zh"):
            if piece in english_words() or (re.search(r"[A-Za-z]{4,}", piece) and looks_english(piece)):
                wrong.append(f"zh {endpoint}: {piece!r}")
        for piece in words_of(visitor, path, "en"):
            if piece in chinese_words():
                wrong.append(f"en {endpoint}: {piece!r}")
    assert not wrong, "\n".join(sorted(set(wrong)))


def looks_english(piece: str) -> bool:
    """Two English words in a row that are neither names nor codes."""
    return bool(re.search(r"\b[a-z]{3,} [a-z]{3,}\b", piece))


def test_the_chief_judge_learns_at_home_what_waits_on_the_pages_of_an_event(house):
    app, _known = house
    home = Visitor(app, "chief").reads("en").ask("/").get_data(as_text=True)
    assert "Entries set aside" in home
    assert "Entries that wait for the chief judge: 1" in home


def test_everybody_has_a_home_page_that_starts_with_the_next_step(house):
    app, _known = house
    for who in CAST:
        response = Visitor(app, who).ask("/")
        assert response.status_code == 200, who
        check_page(response.get_data(as_text=True), f"/ as {who}")
