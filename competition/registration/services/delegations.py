"""Open delegations (代表队) and appoint their leaders (领队)."""

from datetime import datetime

from sqlalchemy import select

from competition import tokens
from competition.accounts.models import Account
from competition.accounts.services import grant_role, withdraw_role
from competition.audit.services import record
from competition.competitions.models import Competition
from competition.database import session
from competition.errors import RuleBroken
from competition.organisations.models import Organisation
from competition.registration import facts
from competition.registration.models import Delegation
from competition.registration.queries import delegation_of
from competition.rules.access import Actor, Role, ScopeKind
from competition.rules.sentences import sentence


def open_delegation(
    competition: Competition,
    organisation: Organisation,
    *,
    by: Actor,
    at: datetime,
    leader: Account | None = None,
) -> Delegation:
    """The delegation of an organisation at a competition; opened when there is none yet.

    With `leader`, that account becomes the delegation's leader. Raises RuleBroken when the organisation is not
    below the competition's host.
    """
    delegation = delegation_of(competition, organisation)
    if delegation is None:
        delegation = _open(competition, organisation, by=by, at=at)
    if leader is not None:
        appoint_leader(delegation, leader, by=by, at=at)
    return delegation


def _open(competition: Competition, organisation: Organisation, *, by: Actor, at: datetime) -> Delegation:
    if not organisation.path.startswith(competition.host.path):
        raise RuleBroken(
            sentence(
                "%(organisation)s does not belong to %(host)s, which holds this competition.",
                organisation=organisation.name,
                host=competition.host.name,
            )
        )
    delegation = Delegation(
        id=tokens.new_id(), competition=competition, organisation=organisation, created_at=at
    )
    session.add(delegation)
    session.flush()
    record(
        facts.DelegationOpened(event_id=None, subject_id=delegation.id, organisation=organisation.name),
        by=by,
        at=at,
    )
    return delegation


def appoint_leader(delegation: Delegation, account: Account, *, by: Actor, at: datetime) -> Delegation:
    """Make an account the leader of a delegation: it receives the role for the delegation's organisation.

    The leader before loses that role, unless he or she leads the same organisation at another competition.
    """
    organisation, former = delegation.organisation, delegation.leader_account_id
    grant_role(
        account,
        role=Role.DELEGATION_LEADER,
        scope_kind=ScopeKind.ORGANISATION,
        scope_id=organisation.id,
        path=organisation.path,
        place=organisation.name,
        by=by,
        at=at,
    )
    if former == account.id:
        return delegation
    delegation.leader_account_id = account.id
    session.flush()
    if former is not None:
        _relieve(former, organisation, by=by, at=at)
    record(
        facts.LeaderAppointed(
            event_id=None,
            subject_id=delegation.id,
            organisation=organisation.name,
            username=account.username,
        ),
        by=by,
        at=at,
    )
    return delegation


def _relieve(former_id: object, organisation: Organisation, *, by: Actor, at: datetime) -> None:
    still_leads = session.scalar(
        select(Delegation.id).where(
            Delegation.organisation_id == organisation.id, Delegation.leader_account_id == former_id
        )
    )
    former: Account | None = session.get(Account, former_id)
    if still_leads is not None or former is None:
        return
    for grant in former.grants:
        if grant.role == Role.DELEGATION_LEADER and grant.scope_id == organisation.id:
            withdraw_role(grant, by=by, at=at)
