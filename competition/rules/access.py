"""Who may do what, where: permissions, roles as data, and the one question `refusal(actor, permission, scope)`.

A role is granted for the whole installation, for an organisation and everything below it, for a competition or
for one event. A scope says where a thing stands; a grant covers it when one of these contains it.
"""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from competition.rules.sentences import Sentence, sentence


class Permission(StrEnum):
    """area:thing:action, alphabetical."""

    ACCOUNTS_ACCOUNT_MANAGE = "accounts:account:manage"
    ACCOUNTS_ROLE_GRANT = "accounts:role:grant"
    APPEALS_APPEAL_FILE = "appeals:appeal:file"
    APPEALS_APPEAL_READ = "appeals:appeal:read"
    APPEALS_APPEAL_RECEIVE = "appeals:appeal:receive"
    APPEALS_APPEAL_RULE = "appeals:appeal:rule"
    AUDIT_ENTRY_READ = "audit:entry:read"
    BOARDS_BOARD_CONTROL = "boards:board:control"
    CERTIFICATES_CERTIFICATE_ISSUE = "certificates:certificate:issue"
    CERTIFICATES_CERTIFICATE_REVOKE = "certificates:certificate:revoke"
    COMPETITIONS_COMPETITION_MANAGE = "competitions:competition:manage"
    COMPETITIONS_COMPETITION_READ = "competitions:competition:read"
    COMPETITIONS_EVENT_MANAGE = "competitions:event:manage"
    DRAWS_DRAW_MAKE = "draws:draw:make"
    DRAWS_IDENTITY_READ = "draws:identity:read"
    DRILLS_DRILL_MANAGE = "drills:drill:manage"
    DRILLS_DRILL_TAKE = "drills:drill:take"
    FLOOR_CASE_RULE = "floor:case:rule"
    FLOOR_LOG_WRITE = "floor:log:write"
    INSIGHTS_FUNNEL_READ = "insights:funnel:read"
    JOBS_OPERATION_READ = "jobs:operation:read"
    ORGANISATIONS_ORGANISATION_MANAGE = "organisations:organisation:manage"
    ORGANISATIONS_ORGANISATION_READ = "organisations:organisation:read"
    PANELS_JUDGE_MANAGE = "panels:judge:manage"
    PANELS_SEAT_ASSIGN = "panels:seat:assign"
    PROMOTIONS_CASE_APPLY = "promotions:case:apply"
    PROMOTIONS_CASE_APPROVE = "promotions:case:approve"
    PROMOTIONS_TABLE_MANAGE = "promotions:table:manage"
    RECHECKS_ERROR_DECIDE = "rechecks:error:decide"
    RECHECKS_SHEET_CHECK = "rechecks:sheet:check"
    REGISTRATION_ENTRY_APPROVE = "registration:entry:approve"
    REGISTRATION_ENTRY_IMPORT = "registration:entry:import"
    REGISTRATION_ENTRY_NOMINATE = "registration:entry:nominate"
    REGISTRATION_ENTRY_READ = "registration:entry:read"
    REGISTRATION_ENTRY_SUBMIT = "registration:entry:submit"
    RESULTS_PUBLICATION_APPROVE = "results:publication:approve"
    RESULTS_REVISION_PREPARE = "results:revision:prepare"
    RESULTS_REVISION_READ = "results:revision:read"
    SCORING_PAPER_ENTER = "scoring:paper:enter"
    SCORING_PAPER_PRINT = "scoring:paper:print"
    SCORING_SHEET_CONFIRM = "scoring:sheet:confirm"
    SCORING_SHEET_MARK = "scoring:sheet:mark"
    TABLETS_CARD_ISSUE = "tablets:card:issue"
    TABLETS_DEVICE_REVOKE = "tablets:device:revoke"
    WORKERS_RECORD_OWN = "workers:record:own"
    WORKERS_WORKER_MANAGE = "workers:worker:manage"
    WORKERS_WORKER_READ = "workers:worker:read"


class ScopeKind(StrEnum):
    INSTALLATION = "installation"
    ORGANISATION = "organisation"
    COMPETITION = "competition"
    EVENT = "event"


class Role(StrEnum):
    ADMINISTRATOR = "administrator"
    ANNOUNCER = "announcer"
    ARBITER = "arbiter"
    AUDITOR = "auditor"
    CHIEF_JUDGE = "chief_judge"
    CLERK = "clerk"
    CODE_KEEPER = "code_keeper"
    DELEGATION_LEADER = "delegation_leader"
    JUDGE = "judge"
    ORGANISER = "organiser"
    PROMOTION_OFFICER = "promotion_officer"
    SUPERVISOR = "supervisor"
    WORKER = "worker"


@dataclass(frozen=True)
class RoleDescription:
    title: Sentence
    description: Sentence
    permissions: frozenset[Permission]
    scopes: frozenset[ScopeKind]


_P = Permission
_EVERYWHERE = frozenset(ScopeKind)
_CONTEST = frozenset({ScopeKind.ORGANISATION, ScopeKind.COMPETITION, ScopeKind.EVENT})

ROLES: dict[Role, RoleDescription] = {
    Role.ADMINISTRATOR: RoleDescription(
        sentence("System administrator"),
        sentence(
            "Opens accounts, gives roles and keeps the tree of organisations. Cannot touch marks or results."
        ),
        frozenset(
            {
                _P.ACCOUNTS_ACCOUNT_MANAGE,
                _P.ACCOUNTS_ROLE_GRANT,
                _P.JOBS_OPERATION_READ,
                _P.ORGANISATIONS_ORGANISATION_MANAGE,
                _P.ORGANISATIONS_ORGANISATION_READ,
            }
        ),
        frozenset({ScopeKind.INSTALLATION}),
    ),
    Role.ANNOUNCER: RoleDescription(
        sentence("Announcer"),
        sentence("Works the board: switches it on, freezes it and reveals the result line by line."),
        frozenset({_P.BOARDS_BOARD_CONTROL, _P.COMPETITIONS_COMPETITION_READ}),
        frozenset({ScopeKind.COMPETITION, ScopeKind.EVENT}),
    ),
    Role.ARBITER: RoleDescription(
        sentence("Arbiter"),
        sentence("Hears appeals and objections and rules on them. Changes no mark."),
        frozenset(
            {
                _P.APPEALS_APPEAL_READ,
                _P.APPEALS_APPEAL_RECEIVE,
                _P.APPEALS_APPEAL_RULE,
                _P.COMPETITIONS_COMPETITION_READ,
                _P.RESULTS_REVISION_READ,
            }
        ),
        _CONTEST,
    ),
    Role.AUDITOR: RoleDescription(
        sentence("Auditor"),
        sentence("Reads the record of everything that happened. Changes nothing."),
        frozenset(
            {
                _P.APPEALS_APPEAL_READ,
                _P.AUDIT_ENTRY_READ,
                _P.COMPETITIONS_COMPETITION_READ,
                _P.INSIGHTS_FUNNEL_READ,
                _P.JOBS_OPERATION_READ,
                _P.ORGANISATIONS_ORGANISATION_READ,
                _P.RESULTS_REVISION_READ,
            }
        ),
        _EVERYWHERE,
    ),
    Role.CHIEF_JUDGE: RoleDescription(
        sentence("Chief judge"),
        sentence(
            "Leads the panels of an event, confirms signed sheets, decides on errors found in them and prepares the"
            " result."
        ),
        frozenset(
            {
                _P.APPEALS_APPEAL_READ,
                _P.COMPETITIONS_COMPETITION_READ,
                _P.FLOOR_CASE_RULE,
                _P.FLOOR_LOG_WRITE,
                _P.PANELS_SEAT_ASSIGN,
                _P.RECHECKS_ERROR_DECIDE,
                _P.RESULTS_REVISION_PREPARE,
                _P.RESULTS_REVISION_READ,
                _P.SCORING_PAPER_PRINT,
                _P.SCORING_SHEET_CONFIRM,
                _P.TABLETS_DEVICE_REVOKE,
            }
        ),
        frozenset({ScopeKind.COMPETITION, ScopeKind.EVENT}),
    ),
    Role.CLERK: RoleDescription(
        sentence("Clerk"),
        sentence(
            "Prints sheets and types what judges marked on paper: every sheet by two people, one of whom may not know what"
            " the other typed."
        ),
        frozenset({_P.SCORING_PAPER_ENTER, _P.SCORING_PAPER_PRINT}),
        _CONTEST,
    ),
    Role.CODE_KEEPER: RoleDescription(
        sentence("Code keeper"),
        sentence("Makes the draws and keeps the list that joins blind codes to people."),
        frozenset(
            {
                _P.COMPETITIONS_COMPETITION_READ,
                _P.DRAWS_DRAW_MAKE,
                _P.DRAWS_IDENTITY_READ,
            }
        ),
        frozenset({ScopeKind.COMPETITION, ScopeKind.EVENT}),
    ),
    Role.DELEGATION_LEADER: RoleDescription(
        sentence("Delegation leader"),
        sentence("Registers the workers of the own unit, nominates them, speaks for them and files appeals."),
        frozenset(
            {
                _P.APPEALS_APPEAL_FILE,
                _P.COMPETITIONS_COMPETITION_READ,
                _P.ORGANISATIONS_ORGANISATION_READ,
                _P.REGISTRATION_ENTRY_NOMINATE,
                _P.WORKERS_WORKER_MANAGE,
                _P.WORKERS_WORKER_READ,
            }
        ),
        frozenset({ScopeKind.ORGANISATION}),
    ),
    Role.JUDGE: RoleDescription(
        sentence("Judge"),
        sentence("Marks the sheets of the own seat and signs them."),
        frozenset({_P.SCORING_SHEET_MARK}),
        frozenset({ScopeKind.COMPETITION, ScopeKind.EVENT}),
    ),
    Role.ORGANISER: RoleDescription(
        sentence("Organiser"),
        sentence(
            "Sets up competitions and events, decides on entries, appoints judges, prepares results and awards."
        ),
        frozenset(
            {
                _P.APPEALS_APPEAL_READ,
                _P.APPEALS_APPEAL_RECEIVE,
                _P.BOARDS_BOARD_CONTROL,
                _P.CERTIFICATES_CERTIFICATE_ISSUE,
                _P.CERTIFICATES_CERTIFICATE_REVOKE,
                _P.COMPETITIONS_COMPETITION_MANAGE,
                _P.COMPETITIONS_COMPETITION_READ,
                _P.COMPETITIONS_EVENT_MANAGE,
                _P.DRAWS_DRAW_MAKE,
                _P.DRILLS_DRILL_MANAGE,
                _P.FLOOR_LOG_WRITE,
                _P.INSIGHTS_FUNNEL_READ,
                _P.JOBS_OPERATION_READ,
                _P.ORGANISATIONS_ORGANISATION_READ,
                _P.PANELS_JUDGE_MANAGE,
                _P.PANELS_SEAT_ASSIGN,
                _P.PROMOTIONS_CASE_APPLY,
                _P.REGISTRATION_ENTRY_APPROVE,
                _P.REGISTRATION_ENTRY_IMPORT,
                _P.REGISTRATION_ENTRY_NOMINATE,
                _P.REGISTRATION_ENTRY_READ,
                _P.RESULTS_PUBLICATION_APPROVE,
                _P.RESULTS_REVISION_PREPARE,
                _P.RESULTS_REVISION_READ,
                _P.SCORING_PAPER_PRINT,
                _P.TABLETS_CARD_ISSUE,
                _P.TABLETS_DEVICE_REVOKE,
                _P.WORKERS_WORKER_MANAGE,
                _P.WORKERS_WORKER_READ,
            }
        ),
        _CONTEST,
    ),
    Role.PROMOTION_OFFICER: RoleDescription(
        sentence("Promotion officer"),
        sentence("Keeps the promotion rule tables and decides on promotion cases."),
        frozenset(
            {
                _P.INSIGHTS_FUNNEL_READ,
                _P.ORGANISATIONS_ORGANISATION_READ,
                _P.PROMOTIONS_CASE_APPLY,
                _P.PROMOTIONS_CASE_APPROVE,
                _P.PROMOTIONS_TABLE_MANAGE,
                _P.WORKERS_WORKER_READ,
            }
        ),
        frozenset({ScopeKind.INSTALLATION, ScopeKind.ORGANISATION}),
    ),
    Role.SUPERVISOR: RoleDescription(
        sentence("Supervisor"),
        sentence(
            "Watches an event, checks signed sheets again, hears appeals, and is the second person without whom"
            " nothing is published."
        ),
        frozenset(
            {
                _P.APPEALS_APPEAL_READ,
                _P.APPEALS_APPEAL_RECEIVE,
                _P.APPEALS_APPEAL_RULE,
                _P.AUDIT_ENTRY_READ,
                _P.COMPETITIONS_COMPETITION_READ,
                _P.FLOOR_LOG_WRITE,
                _P.RECHECKS_SHEET_CHECK,
                _P.REGISTRATION_ENTRY_READ,
                _P.RESULTS_PUBLICATION_APPROVE,
                _P.RESULTS_REVISION_READ,
            }
        ),
        _CONTEST,
    ),
    Role.WORKER: RoleDescription(
        sentence("Worker"),
        sentence("Takes drills, enters contests and sees the own record."),
        frozenset({_P.DRILLS_DRILL_TAKE, _P.REGISTRATION_ENTRY_SUBMIT, _P.WORKERS_RECORD_OWN}),
        frozenset({ScopeKind.INSTALLATION}),
    ),
}


@dataclass(frozen=True)
class Grant:
    """A role held somewhere. `path` is the organisation's path (ids from the root, each followed by "/")."""

    role: Role
    scope_kind: ScopeKind
    scope_id: UUID | None = None
    path: str | None = None


@dataclass(frozen=True)
class Actor:
    """The person who asks; `account_id` None is a visitor who has not signed in."""

    account_id: UUID | None
    name: str
    grants: tuple[Grant, ...] = ()

    def may_ever(self, permission: Permission) -> bool:
        """Whether any role held anywhere contains the permission (fence 1, menus)."""
        return any(permission in ROLES[grant.role].permissions for grant in self.grants)

    def may(self, permission: Permission, scope: "Scope") -> bool:
        return refusal(self, permission, scope) is None

    def grants_with(self, permission: Permission) -> tuple[Grant, ...]:
        """The grants that carry the permission: queries turn them into a filter."""
        return tuple(grant for grant in self.grants if permission in ROLES[grant.role].permissions)


@dataclass(frozen=True)
class Scope:
    """Where a thing stands: the path of its organisation, its competition, its event; None where it has none."""

    organisation_path: str | None = None
    competition_id: UUID | None = None
    event_id: UUID | None = None


NOBODY = Actor(account_id=None, name="")
INSTALLATION = Scope()


def covers(grant: Grant, scope: Scope) -> bool:
    """Whether the place a role was given for contains the scope."""
    match grant.scope_kind:
        case ScopeKind.INSTALLATION:
            return True
        case ScopeKind.ORGANISATION:
            return bool(
                grant.path and scope.organisation_path and scope.organisation_path.startswith(grant.path)
            )
        case ScopeKind.COMPETITION:
            return grant.scope_id is not None and grant.scope_id == scope.competition_id
        case ScopeKind.EVENT:
            return grant.scope_id is not None and grant.scope_id == scope.event_id


def refusal(actor: Actor, permission: Permission, scope: Scope) -> Sentence | None:
    """Why the actor may not do this here, or None when it is allowed."""
    holding = actor.grants_with(permission)
    if not holding:
        return sentence("Your account has no role that allows this.")
    if not any(covers(grant, scope) for grant in holding):
        return sentence("Your role does not reach here; it was given for another place.")
    return None
