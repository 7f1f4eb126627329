"""The people who run the demonstration: one account for each role, and the judges."""

from dataclasses import dataclass
from datetime import datetime

from competition.accounts.models import Account
from competition.accounts.queries import actor_of
from competition.accounts.services import grant_role, open_account, system_actor
from competition.organisations.models import Organisation
from competition.panels.models import Judge
from competition.panels.services import register_judge
from competition.rules.access import Actor, Role, ScopeKind

PASSWORD = "practice-makes-master"  # noqa: S105 - printed for everybody; production refuses the demonstration


@dataclass(frozen=True)
class Part:
    """Somebody to sign in as, and what there is to see."""

    username: str
    name: str
    role: Role
    to_see: str


PARTS = (
    Part("admin", "周管理", Role.ADMINISTRATOR, "accounts, roles, the tree of organisations"),
    Part(
        "organiser",
        "孙组委",
        Role.ORGANISER,
        "the whole chain: entries, draws, panels, results, certificates",
    ),
    Part("supervisor", "钱监督", Role.SUPERVISOR, "re-checks, and the second person for every publication"),
    Part("arbiter", "褚仲裁", Role.ARBITER, "appeals and objections, and the rulings on them"),
    Part("chief", "郑裁判长", Role.CHIEF_JUDGE, "the national final while it is scored"),
    Part("clerk", "何录分", Role.CLERK, "sheets on paper, typed with clerk2 as the second person"),
    Part("clerk2", "吕录分", Role.CLERK, "the second person for what clerk typed, and the other way round"),
    Part("codes", "吴加密", Role.CODE_KEEPER, "draws and blind codes of the national final"),
    Part("promotion", "冯认定", Role.PROMOTION_OFFICER, "promotion tables and cases"),
    Part("auditor", "陈审计", Role.AUDITOR, "the record of everything that happened"),
)


@dataclass
class Cast:
    """The accounts of the demonstration, by user name, and the pool of judges."""

    accounts: dict[str, Account]
    judges: list[Judge]

    def actor(self, username: str) -> Actor:
        return actor_of(self.accounts[username])


def gather(nation: Organisation, neutral: Organisation, at: datetime) -> Cast:
    """Open the accounts; roles that belong to one event are given when there is one."""
    system = system_actor()
    accounts: dict[str, Account] = {}
    for part in PARTS:
        account = open_account(
            username=part.username, name=part.name, password=PASSWORD, by=system, at=at, must_change=False
        )
        accounts[part.username] = account
        if part.role in (Role.ADMINISTRATOR, Role.PROMOTION_OFFICER, Role.AUDITOR):
            grant_role(account, role=part.role, by=system, at=at)
        elif part.role in (Role.ORGANISER, Role.SUPERVISOR, Role.ARBITER, Role.CLERK):
            grant_role(
                account,
                role=part.role,
                by=system,
                at=at,
                scope_kind=ScopeKind.ORGANISATION,
                scope_id=nation.id,
                path=nation.path,
                place=nation.name,
            )
    judges = [_judge(number, neutral, accounts, at) for number in range(1, 13)]
    return Cast(accounts, judges)


_JUDGES = ("卫明", "蒋诚", "沈正", "韩公", "杨允", "朱严", "秦细", "尤准", "许量", "何衡", "吕度", "施权")


def _judge(number: int, neutral: Organisation, accounts: dict[str, Account], at: datetime) -> Judge:
    system = system_actor()
    username = "judge" if number == 1 else f"judge{number}"
    account = open_account(
        username=username, name=_JUDGES[number - 1], password=PASSWORD, by=system, at=at, must_change=False
    )
    accounts[username] = account
    return register_judge(account, organisation=neutral, level="国家级裁判员", by=system, at=at)
