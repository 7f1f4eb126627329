"""Re-check scopes, windows for appeals and notice periods."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competition.rules.procedure import (
    AppealRule,
    DeadlineBase,
    PublicationRule,
    RecheckRule,
    read,
)
from competition.rules.reading import Notebook, object_at

SHANGHAI = ZoneInfo("Asia/Shanghai")
TOP_30 = RecheckRule(Fraction(30), None, Fraction(15), Fraction(5))
TOP_10 = RecheckRule(None, 10, Fraction(15), Fraction(5))


def _read(document: object) -> tuple[object, list[str]]:
    notebook = Notebook()
    reader = object_at(document, "", notebook)
    assert reader is not None
    return read(reader), [problem.path for problem in notebook.problems]


def test_sixty_entrants_are_rechecked_as_the_worked_example_says() -> None:
    scope = TOP_30.scope([f"E{n:02}" for n in range(60)], "seed")

    assert (len(scope.top), len(scope.sample), len(scope.everybody)) == (18, 7, 25)


@pytest.mark.parametrize(
    ("errors", "checked", "exceeded"), [(2, 25, True), (1, 25, False), (1, 20, False), (0, 0, False)]
)
def test_more_errors_than_the_threshold_make_everybody_be_rechecked(
    errors: int, checked: int, exceeded: bool
) -> None:
    assert TOP_30.is_exceeded(errors, checked) is exceeded


def test_a_top_group_by_number_is_never_larger_than_the_field() -> None:
    assert TOP_10.top_of(7) == 7
    assert TOP_10.scope(["A"] * 0, "seed").everybody == ()


@given(st.integers(0, 200), st.text(max_size=8))
def test_the_same_seed_draws_the_same_sample_outside_the_top_group(entrants: int, seed: str) -> None:
    ranked = [f"E{n}" for n in range(entrants)]
    scope = TOP_30.scope(ranked, seed)

    assert scope == TOP_30.scope(ranked, seed)
    assert len(set(scope.everybody)) == len(scope.everybody)
    assert set(scope.sample).isdisjoint(scope.top)


def test_an_appeal_window_counts_from_its_base_and_the_second_tier_from_the_ruling() -> None:
    base = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
    two_tiers = AppealRule(DeadlineBase.PUBLISHED, 120, 2, 60)

    assert two_tiers.deadline(base) == base + timedelta(hours=2)
    assert two_tiers.second_deadline(base) == base + timedelta(hours=1)
    assert AppealRule(DeadlineBase.PUBLISHED, 120, 1, 0).second_deadline(base) is None


@pytest.mark.parametrize(
    ("rule", "until"),
    [
        (PublicationRule(), datetime(2026, 11, 6, 12, 0, tzinfo=UTC)),
        (PublicationRule(notice_days=7), datetime(2026, 11, 14, 0, 0, tzinfo=SHANGHAI)),
        (PublicationRule(notice_days=5, working_days=True), datetime(2026, 11, 14, 0, 0, tzinfo=SHANGHAI)),
    ],
)
def test_a_notice_period_ends_with_its_last_day_at_the_venue(rule: PublicationRule, until: datetime) -> None:
    friday = datetime(2026, 11, 6, 12, 0, tzinfo=UTC)

    assert rule.notice_until(friday, SHANGHAI) == until


def test_the_procedure_of_a_rule_set_is_read_with_its_defaults() -> None:
    procedure, paths = _read(
        {
            "recheck": {"top": {"percent": 30}, "sample_percent": 15, "error_threshold_percent": 5},
            "appeals": {"base": "scoring_closed", "minutes": 120},
        }
    )

    assert not paths
    assert procedure.recheck == TOP_30  # type: ignore[attr-defined]
    assert procedure.appeals == AppealRule(DeadlineBase.SCORING_CLOSED, 120, 1, 0)  # type: ignore[attr-defined]
    assert procedure.publication == PublicationRule()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("document", "path"),
    [
        ({"recheck": {"top": {}, "sample_percent": 1, "error_threshold_percent": 1}}, "/recheck/top"),
        (
            {"recheck": {"top": {"percent": 101}, "sample_percent": 1, "error_threshold_percent": 1}},
            "/recheck/top/percent",
        ),
        ({"appeals": {"base": "published", "minutes": 0}}, "/appeals/minutes"),
        ({"appeals": {"base": "published", "minutes": 5, "tiers": 2}}, "/appeals"),
        ({"appeals": {"base": "published", "minutes": 5, "second_minutes": 5}}, "/appeals/second_minutes"),
        ({"publication": {"live": "always"}}, "/publication/live"),
        ({"process_signature": "audience"}, "/process_signature"),
    ],
)
def test_a_procedure_that_cannot_be_followed_is_named_with_its_place(document: object, path: str) -> None:
    assert path in _read(document)[1]
