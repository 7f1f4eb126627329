"""What the home page and the funnel show, in words."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from competition.competitions.models import Event, Tier
from competition.insights import queries
from competition.insights.queries import Funnel, Waiting
from competition.promotions.models import CaseState
from competition.rules.access import Actor, Permission
from competition.rules.sentences import Sentence, sentence
from competition.web.language import name_of, say

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
    return [
        *_revisions(actor),
        *_events(
            queries.results_to_prepare(actor),
            sentence("Prepare the result"),
            "results.show_publication",
            sentence("Scoring closed"),
            "info",
        ),
        *_counted(
            queries.entries_to_decide(actor),
            sentence("Entries wait for a decision"),
            "registration.list_entries",
            lambda count: sentence("%(count)s entries", count=count),
            "warning",
        ),
        *_counted(
            queries.sheets_to_confirm(actor),
            sentence("Signed sheets wait for the chief judge"),
            "scoring.show_progress",
            _sheets,
            "warning",
        ),
        *_counted(
            queries.reopenings_to_decide(actor),
            sentence("Judges ask for sheets to be opened again"),
            "scoring.show_progress",
            _sheets,
            "warning",
        ),
        *_matters(actor),
        *_counted(
            queries.paper_to_type(actor),
            sentence("Type sheets from paper"),
            "paper.show_desk",
            _sheets,
            "info",
        ),
        *_events(
            queries.certificates_to_issue(actor),
            sentence("Issue the certificates"),
            "certificates.list_certificates",
            sentence("Published"),
            "info",
        ),
        *_cases(actor),
        *_events(
            queries.drafts(actor),
            sentence("Finish setting up the event"),
            "competitions.show_event",
            sentence("Draft"),
            "neutral",
        ),
    ]


def blocked_publications(actor: Actor) -> list[Task]:
    """What stands between an event and its result."""
    may_look = actor.may_ever(Permission.SCORING_SHEET_CONFIRM)
    return _counted(
        queries.sheets_still_open(actor),
        sentence("Sheets are not signed yet"),
        "scoring.show_progress" if may_look else "competitions.show_event",
        _sheets,
        "danger",
    )


def _matters(actor: Actor) -> list[Task]:
    return [
        Task(
            link.label,
            f"{event_name(event)} · {say(words)}",
            url_for(link.endpoint, event_id=event.id),
            sentence("Waiting"),
            "warning",
        )
        for event, link, words in queries.matters(actor)
    ]


def _sheets(count: int) -> Sentence:
    return sentence("%(count)s sheets", count=count)


def _events(
    events: Iterable[Event], title: Sentence, endpoint: str, status: Sentence, tone: str
) -> list[Task]:
    return [
        Task(title, event_name(event), url_for(endpoint, event_id=event.id), status, tone) for event in events
    ]


def _counted(
    waiting: Iterable[Waiting], title: Sentence, endpoint: str, status: Callable[[int], Sentence], tone: str
) -> list[Task]:
    return [
        Task(title, event_name(one.event), url_for(endpoint, event_id=one.event.id), status(one.count), tone)
        for one in waiting
    ]


def _revisions(actor: Actor) -> list[Task]:
    return [
        Task(
            sentence("A result waits for a second person"),
            event_name(queries.event_of(revision)),
            url_for("results.show_publication", event_id=revision.event_id),
            sentence("Revision %(number)s", number=revision.number),
            "warning",
        )
        for revision in queries.revisions_to_approve(actor)
    ]


_CASE_TITLES = {
    CaseState.ELIGIBLE: sentence("People may apply for a higher grade"),
    CaseState.APPLIED: sentence("Promotion cases wait for approval"),
    CaseState.APPROVED: sentence("Approved promotions wait to be issued"),
}


def _cases(actor: Actor) -> list[Task]:
    return [
        Task(
            _CASE_TITLES[state],
            None,
            url_for("promotions.list_cases", state=state),
            sentence("%(count)s cases", count=count),
            "warning" if state is CaseState.APPLIED else "info",
        )
        for state, count in queries.cases_waiting(actor).items()
    ]
