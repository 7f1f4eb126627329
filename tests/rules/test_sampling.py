"""What a clean sample rules out, with the two figures of the source."""

from decimal import Decimal

import pytest

from competition.rules.sampling import error_bound


@pytest.mark.parametrize(
    ("checked", "percent"), [(59, "5"), (58, "5.1"), (299, "1"), (298, "1.1"), (3, "63.2")]
)
def test_so_many_right_sheets_rule_out_so_large_a_share(checked, percent):
    assert error_bound(checked) == Decimal(percent)


def test_two_sheets_say_nothing():
    assert error_bound(2) is None
