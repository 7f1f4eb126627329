"""Write organisations: add one to the tree, change its details. Nothing is moved or deleted."""

import unicodedata
from datetime import datetime
from uuid import UUID

from competition import tokens
from competition.audit.services import record
from competition.database import lock, session
from competition.errors import Conflict, RuleBroken
from competition.organisations import facts, queries
from competition.organisations.models import Organisation, OrganisationKind
from competition.rules.access import Actor
from competition.rules.identity import (
    NATION,
    credit_code_problem,
    division_code_problem,
    division_contains,
    half_width,
    normalise_credit_code,
)
from competition.rules.sentences import Sentence, sentence

LONGEST_NAME = 200
_PLACES = (OrganisationKind.NATION, OrganisationKind.PROVINCE, OrganisationKind.CITY)


def open_organisation(
    *,
    kind: OrganisationKind,
    name: str,
    name_en: str = "",
    parent: Organisation | None = None,
    division_code: str | None = None,
    credit_code: str | None = None,
    by: Actor,
    at: datetime,
) -> Organisation:
    """Add an organisation to the tree.

    Refused, with all reasons, when its kind does not stand below its parent's, when a place has no division code or one
    outside its parent's, when an enterprise has no valid credit code or one already known, or when a sibling has
    its name.
    """
    if parent is not None:
        lock(parent)
    name, name_en = name.strip(), name_en.strip()
    division, credit = _division(division_code), _credit(credit_code)
    problems = [
        *_kind_problems(kind, parent),
        *_name_problems(name, name_en, parent),
        *_division_problems(kind, division, parent),
        *_credit_problems(kind, credit),
    ]
    if problems:
        raise RuleBroken(*problems)
    made_id = tokens.new_id()
    organisation = Organisation(
        id=made_id,
        parent=parent,
        path=f"{parent.path if parent else ''}{made_id}/",
        kind=kind,
        name=name,
        name_en=name_en,
        division_code=division,
        credit_code=credit,
        created_at=at,
    )
    session.add(organisation)
    session.flush()
    record(
        facts.OrganisationOpened(
            event_id=None, subject_id=made_id, name=name, parent=parent.name if parent else None
        ),
        by=by,
        at=at,
    )
    return organisation


def change_organisation(
    organisation: Organisation,
    *,
    name: str,
    name_en: str,
    division_code: str | None,
    credit_code: str | None,
    version: int,
    by: Actor,
    at: datetime,
) -> Organisation:
    """Correct an organisation's details; its kind and its place in the tree stay.

    Raises Conflict when somebody changed it since `version` was read, RuleBroken as `open_organisation` does, and when
    organisations below would lie outside the new division code.
    """
    lock(organisation)
    wanted = {
        "name": name.strip(),
        "name_en": name_en.strip(),
        "division_code": _division(division_code),
        "credit_code": _credit(credit_code),
    }
    if organisation.version != version:
        raise Conflict(
            sentence("Somebody else changed this organisation while you were editing it."),
            theirs=_told({field: getattr(organisation, field) for field in wanted}),
            yours=_told(wanted),
        )
    kind, parent = OrganisationKind(organisation.kind), organisation.parent
    problems = [
        *_name_problems(wanted["name"] or "", wanted["name_en"] or "", parent, but=organisation.id),
        *_division_problems(kind, wanted["division_code"], parent),
        *_below_problems(organisation, wanted["division_code"]),
        *_credit_problems(kind, wanted["credit_code"], but=organisation.id),
    ]
    if problems:
        raise RuleBroken(*problems)
    changed = [field for field, value in wanted.items() if getattr(organisation, field) != value]
    if not changed:
        return organisation
    former = organisation.name
    for field in changed:
        setattr(organisation, field, wanted[field])
    record(
        facts.OrganisationChanged(
            event_id=None,
            subject_id=organisation.id,
            name=organisation.name,
            former_name=former,
            fields=changed,
        ),
        by=by,
        at=at,
    )
    return organisation


def _told(values: dict[str, str | None]) -> dict[Sentence, str | None]:
    labels = {
        "name": sentence("Name of the organisation"),
        "name_en": sentence("English name"),
        "division_code": sentence("Division code"),
        "credit_code": sentence("Unified social credit code"),
    }
    return {labels[field]: value or None for field, value in values.items()}


def _division(text: str | None) -> str | None:
    return "".join(half_width(text or "").split()) or None


def _credit(text: str | None) -> str | None:
    return normalise_credit_code(text or "") or None


def _kind_problems(kind: OrganisationKind, parent: Organisation | None) -> list[Sentence]:
    if parent is None:
        if kind is OrganisationKind.WORKSHOP:
            return [sentence("A workshop belongs to an organisation. Choose the one it stands below.")]
        return []
    nested = kind is OrganisationKind.ASSOCIATION and parent.kind is OrganisationKind.ASSOCIATION
    if nested or queries.level_of(kind) > queries.level_of(parent.kind):
        return []
    return [
        sentence(
            "This kind of organisation cannot stand below %(parent)s. The order is nation, province, city, "
            "association, enterprise, workshop; levels may be left out.",
            parent=parent.name,
        )
    ]


def _name_problems(
    name: str, name_en: str, parent: Organisation | None, *, but: UUID | None = None
) -> list[Sentence]:
    problems = []
    if not name:
        problems.append(sentence("The name of the organisation is missing."))
    if max(len(name), len(name_en)) > LONGEST_NAME:
        problems.append(
            sentence("The name of an organisation has at most %(most)s characters.", most=LONGEST_NAME)
        )
    if any(_hides(letter) for letter in name + name_en):
        problems.append(
            sentence("The name contains characters that cannot be seen. Type it again instead of pasting it.")
        )
    if name and queries.sibling_named(name, parent, but=but):
        problems.append(
            sentence("There is already an organisation called %(name)s at this place.", name=name)
        )
    return problems


def _hides(letter: str) -> bool:
    return unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp")


def _division_problems(
    kind: OrganisationKind, code: str | None, parent: Organisation | None
) -> list[Sentence]:
    if code is None:
        if kind in _PLACES:
            return [
                sentence(
                    "A nation, a province or a city needs its division code: 100000 for the nation, 620000 for Gansu, "
                    "620100 for Lanzhou."
                )
            ]
        return []
    if problem := division_code_problem(code):
        return [problem]
    level = {
        OrganisationKind.NATION: code == NATION,
        OrganisationKind.PROVINCE: code != NATION and code.endswith("0000"),
        OrganisationKind.CITY: not code.endswith("0000"),
    }
    if not level.get(kind, True):
        return [
            sentence(
                "The division code %(code)s is not of this kind of place: the nation is 100000, a province ends in 0000, "
                "a city does not.",
                code=code,
            )
        ]
    around = queries.surrounding_division(parent)
    if around and not division_contains(around, code):
        return [
            sentence(
                "The division code %(code)s does not lie inside %(around)s, the division of the organisation above.",
                code=code,
                around=around,
            )
        ]
    return []


def _below_problems(organisation: Organisation, code: str | None) -> list[Sentence]:
    if code is None or code == organisation.division_code:
        return []
    outside = [below for below in queries.divisions_below(organisation) if not division_contains(code, below)]
    if not outside:
        return []
    return [
        sentence(
            "Organisations below have division codes outside %(code)s: %(outside)s. Correct them first.",
            code=code,
            outside="、".join(outside[:5]),
        )
    ]


def _credit_problems(kind: OrganisationKind, code: str | None, *, but: UUID | None = None) -> list[Sentence]:
    if kind is OrganisationKind.WORKSHOP:
        if code is None:
            return []
        return [sentence("A workshop has no credit code of its own. Leave the field empty.")]
    if code is None:
        if kind is OrganisationKind.ENTERPRISE:
            return [
                sentence("An enterprise needs its unified social credit code, as on the business licence.")
            ]
        return []
    if problem := credit_code_problem(code):
        return [problem]
    holder = queries.organisation_by_credit_code(code)
    if holder is not None and holder.id != but:
        return [
            sentence("This credit code is already known: it belongs to another organisation of the tree.")
        ]
    return []
