"""What the home page and the funnel show, in words."""

from dataclasses import dataclass
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _

from competition.competitions.models import Event, Tier
from competition.insights import queries
from competition.insights.queries import Funnel
from competition.promotions.models import CaseState
from competition.rules.access import Actor, Permission
from competition.rules.sentences import Sentence, sentence
from competition.web.language import name_of

TIER_STEPS: dict[Tier, Sentence] = {
    Tier.ENTERPRISE: sentence("Enterprise contest"),
    Tier.CITY: sentence("City competition"),
    Tier.PROVINCE: sentence("Provincial competition"),
    Tier.INDUSTRY: sentence("Industry competition"),
    Tier.NATION: sentence("National competition"),
}


@dataclass(frozen=True)
class Task:
    """One thing that waits for the reader: what, where, how much."""

    title: Sentence
    hint: str | None
    href: str
    status: Sentence
    tone: str


def event_name(event: Event) -> str:
    """An event with its competition, in the reader's language."""
    return f"{name_of(event.competition)} – {name_of(event)}"


def funnel_rows(funnel: Funnel) -> list[dict[str, object]]:
    """The steps of a chain from the drill to the promotion."""
    rows: list[dict[str, object]] = []
    if funnel.drilled is not None:
        rows.append({"label": sentence("Workshop drills"), "value": funnel.drilled})
    rows += [{"label": TIER_STEPS[tier], "value": count} for tier, count in funnel.by_tier]
    rows.append({"label": sentence("Certificates issued"), "value": funnel.certified})
    rows.append({"label": sentence("Grades raised"), "value": funnel.promoted})
    return rows


def funnel_title(funnel: Funnel) -> str:
    """What the picture shows, as a finding."""
    steps = [count for _tier, count in funnel.by_tier if count is not None]
    bottom = funnel.drilled if funnel.drilled is not None else (steps[0] if steps else None)
    if bottom is None or not steps or len(steps) < 2:
        return str(_("%(event)s: nobody has climbed yet", event=event_name(funnel.top)))
    words: str = _(
        "%(event)s: of %(bottom)s people, %(top)s reached the highest tier",
        event=event_name(funnel.top),
        bottom=bottom,
        top=steps[-1],
    )
    return words


def waiting_for(actor: Actor) -> list[Task]:
    """Everything that waits for this person, the most urgent first."""
    tasks: list[Task] = []
    for revision in queries.revisions_to_approve(actor):
        tasks.append(
            _task(
                sentence("A result waits for a second person"),
                revision_event_name(revision.event_id),
                url_for("results.show_publication", event_id=revision.event_id),
                sentence("Revision %(number)s", number=revision.number),
                "warning",
            )
        )
    for event in queries.results_to_prepare(actor):
        tasks.append(
            _task(
                sentence("Prepare the result"),
                event_name(event),
                url_for("results.show_publication", event_id=event.id),
                sentence("Scoring closed"),
                "info",
            )
        )
    for waiting in queries.entries_to_decide(actor):
        tasks.append(
            _task(
                sentence("Entries wait for a decision"),
                event_name(waiting.event),
                url_for("registration.list_entries", event_id=waiting.event.id),
                sentence("%(count)s entries", count=waiting.count),
                "warning",
            )
        )
    for waiting in queries.sheets_to_confirm(actor):
        tasks.append(
            _task(
                sentence("Signed sheets wait for the chief judge"),
                event_name(waiting.event),
                url_for("scoring.show_progress", event_id=waiting.event.id),
                sentence("%(count)s sheets", count=waiting.count),
                "warning",
            )
        )
    for event in queries.certificates_to_issue(actor):
        tasks.append(
            _task(
                sentence("Issue the certificates"),
                event_name(event),
                url_for("certificates.list_certificates", event_id=event.id),
                sentence("Published"),
                "info",
            )
        )
    return tasks + _cases(actor) + _drafts(actor)


def blocked_publications(actor: Actor) -> list[Task]:
    """What stands between an event and its result."""
    return [
        _task(
            sentence("Sheets are not signed yet"),
            event_name(waiting.event),
            url_for("scoring.show_progress", event_id=waiting.event.id)
            if actor.may_ever(Permission.SCORING_SHEET_CONFIRM)
            else url_for("competitions.show_event", event_id=waiting.event.id),
            sentence("%(count)s sheets", count=waiting.count),
            "danger",
        )
        for waiting in queries.sheets_still_open(actor)
    ]


def revision_event_name(event_id: UUID) -> str:
    event = queries.event_named(event_id)
    return event_name(event) if event else ""


_CASE_TITLES = {
    CaseState.ELIGIBLE: sentence("People may apply for a higher grade"),
    CaseState.APPLIED: sentence("Promotion cases wait for approval"),
    CaseState.APPROVED: sentence("Approved promotions wait to be issued"),
}


def _cases(actor: Actor) -> list[Task]:
    return [
        _task(
            _CASE_TITLES[state],
            None,
            url_for("promotions.list_cases", state=state),
            sentence("%(count)s cases", count=count),
            "warning" if state is CaseState.APPLIED else "info",
        )
        for state, count in queries.cases_waiting(actor).items()
    ]


def _drafts(actor: Actor) -> list[Task]:
    return [
        _task(
            sentence("Finish setting up the event"),
            event_name(event),
            url_for("competitions.show_event", event_id=event.id),
            sentence("Draft"),
            "neutral",
        )
        for event in queries.drafts(actor)
    ]


def _task(title: Sentence, place: str | None, href: str, status: Sentence, tone: str) -> Task:
    return Task(title, place, href, status, tone)
