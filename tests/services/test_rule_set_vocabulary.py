"""The form of a rule set and its published schema say the same: nothing can be written that the form does not offer."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from flask import Flask

from competition.competitions import rule_set_vocabulary as vocabulary
from competition.competitions.presenters import rule_set_form as presenter
from competition.rules.ruleset import SCHEMA


class Watched(dict[str, Any]):
    """Words that remember which of them were asked for."""

    def __init__(self, words: Mapping[str, Any]) -> None:
        super().__init__(words)
        self.asked: set[str] = set()

    def __getitem__(self, key: str) -> Any:
        self.asked.add(key)
        return super().__getitem__(key)


@pytest.fixture
def watched(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Watched]]:
    names = ("MEMBERS", "CHOICES", "NEEDS", "REFERENCES")
    found = {name: Watched(getattr(vocabulary, name)) for name in names}
    for name, words in found.items():
        monkeypatch.setattr(vocabulary, name, words)
    with app.test_request_context():
        presenter.rule_set_form()
        yield found


def test_every_member_and_choice_of_the_schema_has_words_and_no_word_is_left_over(
    watched: dict[str, Watched],
) -> None:
    for name, words in watched.items():
        assert set(words) - words.asked == set(), name


def offered(form: Any) -> Iterator[str]:
    """The choices and kinds that a form offers."""
    if isinstance(form, dict):
        if form.get("kind") == "choice":
            yield from (str(each["value"]) for each in form["options"])
        for variant in form.get("variants", ()):
            yield from map(str, variant["fixed"].values())
        for inner in form.values():
            yield from offered(inner)
    elif isinstance(form, list):
        for inner in form:
            yield from offered(inner)


def words_of(schema: Any) -> Iterator[str]:
    """The words of every closed list in the schema, and every constant."""
    if isinstance(schema, dict):
        yield from map(str, schema.get("enum", ()))
        if "const" in schema:
            yield str(schema["const"])
        for inner in schema.values():
            yield from words_of(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from words_of(inner)


def test_every_comparator_award_model_and_quota_policy_can_be_reached_from_the_form(app: Flask) -> None:
    with app.test_request_context():
        found = set(offered(presenter.rule_set_form()))
    formats = {SCHEMA["properties"]["format"]["const"]}  # type: ignore[index]
    assert set(words_of(SCHEMA)) - found - formats == {"sum"} - found


@pytest.mark.parametrize(
    "word",
    ["count_back", "best_parts", "attempt", "untrimmed", "head_to_head", "ratio", "medals", "bands",
     "quota", "fraction", "threshold", "by_tie_break", "cap", "leave_vacant", "points_by_award",
     "majority_mean", "middle_mean", "stages", "void", "severity", "best_of_delegation"],
)  # fmt: skip
def test_what_issue_and_rule_texts_name_is_among_what_the_form_offers(app: Flask, word: str) -> None:
    with app.test_request_context():
        form = presenter.rule_set_form()
    names = {str(variant["name"]) for variant in variants(form)}
    assert word in set(offered(form)) | names


def variants(form: Any) -> Iterator[dict[str, Any]]:
    if isinstance(form, dict):
        yield from form.get("variants", ())
        for inner in form.values():
            yield from variants(inner)
    elif isinstance(form, list):
        for inner in form:
            yield from variants(inner)


def objects(form: Any) -> Iterator[list[dict[str, Any]]]:
    if isinstance(form, dict):
        if form.get("kind") == "object":
            yield form["members"]
        for inner in form.values():
            yield from objects(inner)
    elif isinstance(form, list):
        for inner in form:
            yield from objects(inner)


def test_what_makes_a_field_meaningful_stands_beside_it_unless_it_is_the_group_above(app: Flask) -> None:
    with app.test_request_context():
        form = presenter.rule_set_form()
    conditions = [(members, each["when"]) for members in objects(form) for each in members if "when" in each]
    assert conditions
    for members, when in conditions:
        asked = next((each for each in members if each["name"] == when["member"]), None)
        if when["above"]:
            continue
        assert asked is not None, when
        if asked["form"]["kind"] == "choice":
            known = {str(option["value"]) for option in asked["form"]["options"]} | {""}
            assert set(when["words"]) <= known, when
