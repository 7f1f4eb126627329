"""The field's words for what competitions and events are."""

from competition.competitions.models import CompetitionClass, Group, Tier
from competition.rules.lifecycle import EventState
from competition.rules.sentences import Sentence, sentence

TITLES: dict[str, Sentence] = {
    Tier.ENTERPRISE: sentence("Enterprise"),
    Tier.CITY: sentence("City"),
    Tier.PROVINCE: sentence("Province"),
    Tier.INDUSTRY: sentence("Industry"),
    Tier.NATION: sentence("Nation"),
    CompetitionClass.FIRST: sentence("Class I"),
    CompetitionClass.SECOND: sentence("Class II"),
    CompetitionClass.NONE: sentence("No class"),
    Group.WORKER: sentence("Workers"),
    Group.STUDENT: sentence("Students"),
    Group.TEACHER: sentence("Teachers"),
    Group.OPEN: sentence("Open to all"),
}
"""The words for tiers, classes and groups."""

TONES: dict[str, str] = {
    EventState.DRAFT: "neutral",
    EventState.REGISTRATION: "info",
    EventState.ENTRIES_CLOSED: "info",
    EventState.DRAWN: "info",
    EventState.SCORING: "warning",
    EventState.SCORED: "warning",
    EventState.PUBLISHED: "success",
    EventState.CANCELLED: "danger",
}
"""The tone of the ribbon that shows an event's state."""
