"""Login cards and devices: what opens, what locks, what is turned off, and what a narrow session may do."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from competition.accounts.queries import actor_of
from competition.accounts.services import disable_account, system_actor
from competition.audit.models import AuditEntry
from competition.database import session
from competition.errors import Refused, RuleBroken, TooMany
from competition.panels import services as panels_services
from competition.rules.access import Permission
from competition.scoring import queries as scoring_queries
from competition.scoring.queries import batches
from competition.tablets import queries, services
from competition.tablets.documents import card_address, cards_pdf
from competition.tablets.services import Known
from competition.transactions import transaction
from tests.builders import panels, scoring, tablets
from tests.conftest import NOON


@pytest.fixture
def event(app):
    with transaction():
        return scoring.scoring_event(1)


@pytest.fixture
def judge(event):
    return scoring_queries.sheets_of(event)[0].judge


@pytest.fixture
def new(event, judge):
    with transaction():
        return tablets.card(event, judge)


def open_card(new, pin=None, at=NOON, token=None):
    with transaction():
        return services.open_card(token=token or new.token, pin=pin or new.pin, at=at)


def wrong(new):
    return "000000" if new.pin != "000000" else "111111"


def test_a_card_and_its_pin_open_and_are_on_the_record(new):
    assert open_card(new).id == new.card.id
    kinds = list(session.scalars(select(AuditEntry.kind)))
    assert {"tablets.card_issued", "tablets.card_used"} <= set(kinds)


def test_a_pin_is_read_in_any_width(new):
    assert open_card(new, "".join(chr(ord(digit) + 0xFEE0) for digit in new.pin)) is not None


def test_neither_half_opens_alone(new):
    assert open_card(new, wrong(new)) is None
    assert open_card(new, token="A" * 22) is None


def test_the_secrets_are_nowhere_in_the_database(new):
    row = queries.card_with_token(new.token)
    assert new.token.encode() not in row.token_hash and new.pin.encode() not in row.pin_hash


def test_five_wrong_pins_lock_the_card_for_a_quarter_of_an_hour(new):
    for _ in range(services.TRIES):
        assert open_card(new, wrong(new)) is None
    with pytest.raises(TooMany) as locked:
        open_card(new, at=NOON + timedelta(minutes=14))
    assert 0 < locked.value.retry_after <= 61
    assert open_card(new, at=NOON + services.PAUSE) is not None


def test_a_right_pin_forgets_the_wrong_ones(new):
    for _ in range(3):
        for _ in range(services.TRIES - 1):
            open_card(new, wrong(new))
        assert open_card(new) is not None


def test_a_new_card_ends_the_one_before(event, judge, new):
    with transaction():
        second = tablets.card(event, judge)
    assert open_card(new) is None and open_card(second) is not None
    assert queries.opened_by_card(actor_of(judge.account), new.card.id) is None


def test_a_revoked_card_opens_nothing(new):
    with transaction():
        services.revoke_card(queries.card_with_token(new.token), by=system_actor(), at=NOON)
    assert open_card(new) is None


def test_a_card_of_a_closed_account_opens_nothing(judge, new):
    with transaction():
        disable_account(judge.account, by=system_actor(), at=NOON)
    assert open_card(new) is None


def test_a_card_is_for_who_has_a_seat(event):
    with pytest.raises(RuleBroken), transaction():
        tablets.card(event, panels.judge("外人"))


def test_what_a_card_opens_is_marking_in_its_event_and_nothing_else(event, judge, new):
    with transaction():
        panels_services.appoint_chief(event, judge.account, by=system_actor(), at=NOON)
        other = scoring.scoring_event(1)
    narrowed = queries.opened_by_card(actor_of(judge.account), new.card.id)
    allowed = [permission for permission in Permission if narrowed.may_ever(permission)]
    assert allowed == [Permission.SCORING_SHEET_MARK]
    scopes = [batches.event_row(one.id) for one in (event, other)]
    assert [narrowed.may(Permission.SCORING_SHEET_MARK, batches.scope_of(row)) for row in scopes] == [
        True,
        False,
    ]


def test_the_pin_is_asked_again_before_signing(judge, new):
    by = actor_of(judge.account)
    with transaction():
        assert services.confirm_pin(new.card, pin=new.pin, by=by, at=NOON)
        assert not services.confirm_pin(new.card, pin=wrong(new), by=by, at=NOON)
        assert not services.confirm_pin(new.card, pin=new.pin, by=system_actor(), at=NOON)


def test_the_address_on_a_card_keeps_the_token_behind_the_hash(new):
    assert card_address("abc", "https://contest.example/") == "https://contest.example/tablet#abc"
    assert cards_pdf("焊接", [new] * 9, base_url="https://contest.example").count(b"/Type /Page\n") == 2


# --- devices --------------------------------------------------------------------------------------


def register(event, account, **details):
    return services.register_device(event, account, label="平板", by=actor_of(account), at=NOON, **details)


def test_a_device_that_is_turned_off_sends_nothing_until_it_is_allowed_again(event, judge):
    sheet = scoring_queries.sheets_for_judge(judge, event)[0]
    aspect = scoring_queries.items_of(scoring.rule_set_of(event), sheet.module, sheet.seat_label)[0]
    operation = scoring.sent(sheet, aspect.aspect.id, scoring.fair_value(sheet, aspect))
    with transaction():
        device = scoring.device(event, judge.account)
        services.revoke_device(device, by=system_actor(), at=NOON)
    with pytest.raises(Refused, match="turned off"), transaction():
        scoring.send(device, operation)
    with transaction():
        services.allow_device_again(device, by=system_actor(), at=NOON)
        assert [one.answer for one in scoring.send(device, operation)] == ["applied"]


def test_a_device_keeps_the_key_it_has(event, judge):
    mine, theirs = tablets.canonical(tablets.TabletKey()), tablets.canonical(tablets.TabletKey())
    with transaction():
        device = register(event, judge.account, public_key=mine)
    with pytest.raises(Refused), transaction():
        register(event, judge.account, public_key=theirs, known=Known(device.id))
    with pytest.raises(Refused), transaction():
        register(event, judge.account, known=Known(device.id))


def test_nobody_takes_over_the_device_of_somebody_else(event, judge):
    with transaction():
        device = register(event, judge.account)
        stranger = panels.account("别人")
    with pytest.raises(Refused), transaction():
        register(event, stranger, known=Known(device.id))


def test_a_device_that_an_older_backup_does_not_know_goes_on_where_it_was(event, judge):
    lost = uuid4()
    with transaction():
        device = register(event, judge.account, known=Known(lost, after=41))
    assert (device.id, device.last_sequence) == (lost, 41)
