"""Appeals and objections for tests, made by the services. The window of most tests begins at noon and lasts two hours."""

from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from competition.accounts.models import Account
from competition.accounts.queries import actor_of
from competition.accounts.services import grant_role, open_account, system_actor
from competition.appeals import services
from competition.appeals.models import Appeal
from competition.appeals.uploads import Clean, Upload, cleaned
from competition.competitions.models import Event
from competition.registration.models import Delegation
from competition.registration.queries import delegations_of
from competition.results.models import Publication
from competition.results.services import approve_publication, prepare_revision
from competition.rules.access import Role, ScopeKind
from competition.rules.appeals import Effect, Ground, Ruling
from tests.builders import results
from tests.builders.once import built_once
from tests.conftest import NOON

RULE = {"base": "published", "minutes": 120}
TWO_TIERS = {**RULE, "tiers": 2, "second_minutes": 60}


def later(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


@built_once
def published_event(
    totals: tuple[str, ...] = ("70", "90", "80"), *, appeals: dict[str, Any] | None = None, **parts: Any
) -> Event:
    """An event published at noon whose rules know appeals (None: none)."""
    rules = results.one_mark_rules(**({"appeals": appeals} if appeals else {}), **parts)
    return results.published_event(totals, rules=rules)


def delegation_of(event: Event) -> Delegation:
    return delegations_of(event.competition)[0]


def leader_of(delegation: Delegation) -> Account:
    """A person who leads the delegation by role."""
    place = delegation.organisation
    made = open_account(
        username=f"leader-{place.id.hex[-8:]}", name="龚领队", password=results.PASSWORD, must_change=False,
        by=system_actor(), at=NOON,
    )  # fmt: skip
    grant_role(
        made, role=Role.DELEGATION_LEADER, scope_kind=ScopeKind.ORGANISATION, scope_id=place.id,
        path=place.path, place=place.name, by=system_actor(), at=NOON,
    )  # fmt: skip
    return made


def arbiter(event: Event, name: str = "季仲裁") -> Account:
    return results.person(name, Role.ARBITER, event)


def filed(event: Event, leader: Account | None = None, *, minute: float = 30, **changes: Any) -> Appeal:
    """An appeal of the first delegation, half an hour after the publication."""
    delegation = delegation_of(event)
    values: dict[str, Any] = {"grounds": [Ground.EQUIPMENT], "text": "3号工位焊机电流不稳。", **changes}
    leader = leader or leader_of(delegation)
    return services.file_appeal(event, delegation, by=actor_of(leader), at=later(minute), **values)


def heard(event: Event, by: Account, appeal: Appeal | None = None, *, minute: float = 40) -> Appeal:
    """An appeal that was received and heard."""
    appeal = appeal or filed(event)
    services.receive_appeal(appeal, by=actor_of(by), at=later(minute))
    services.record_hearing(appeal, note="听取双方陈述，查看录像。", by=actor_of(by), at=later(minute))
    return appeal


def ruled(
    event: Event,
    by: Account,
    appeal: Appeal | None = None,
    *,
    ruling: Ruling = Ruling.DISMISSED,
    effect: Effect = Effect.NONE,
    minute: float = 50,
    **changes: Any,
) -> Appeal:
    """An appeal with a ruling."""
    appeal = heard(event, by, appeal, minute=minute)
    services.rule_on(
        appeal,
        ruling=ruling,
        effect=effect,
        reason="查无此事。",
        by=actor_of(by),
        at=later(minute),
        **changes,
    )
    return appeal


def publish_again(event: Event, minute: float) -> Publication:
    """A corrected result, prepared and approved by two people."""
    revision = prepare_revision(
        event, by=actor_of(results.organiser(event)), at=later(minute), reason="申诉裁决"
    )
    return approve_publication(revision, by=actor_of(results.supervisor(event)), at=later(minute))


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30)) -> Upload:
    """A small picture that says where it was taken."""
    from PIL import Image

    made, content = Image.new("RGB", size, "orange"), BytesIO()
    place = Image.Exif()
    place[0x010E] = "station 3"
    made.save(content, format=kind, exif=place)
    return Upload(f"照片.{kind.lower()}", content.getvalue())


PDF = Upload("说明.pdf", b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n")


def kept(*uploads: Upload) -> list[Clean]:
    """Files as a page hands them to the services."""
    return cleaned(list(uploads))
