"""From when a published result can be seen, and until when its public notice runs.

Whatever is counted from the publication is counted from the moment at which people could see the result: that of the
publication, or the end of what held it back (an award ceremony) where that came later. Both follow from rows, so pages,
printed matter and deadlines agree on them and anybody can follow how they came about.
"""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from competition.competitions import holds
from competition.competitions.queries import rule_set_of_version
from competition.results.models import Publication


@dataclass(frozen=True)
class Notice:
    """When the result became visible (None while it is held back) and when its notice period ends.

    `until` is None where the rules know no notice period, and while it has not begun. `was_held` says that the result
    could be seen only after its publication.
    """

    begins: datetime | None
    until: datetime | None
    was_held: bool

    @property
    def has_begun(self) -> bool:
        return self.begins is not None


def notice_of(publication: Publication) -> Notice:
    """From when and until when a publication stands in its public notice."""
    if holds.is_held(publication.event_id):
        return Notice(None, None, was_held=True)
    let_go = holds.let_go_at(publication.event_id)
    if let_go is None or let_go <= publication.at:
        return Notice(publication.at, publication.notice_until, was_held=False)
    return Notice(let_go, _counted_from(publication, let_go), was_held=True)


def _counted_from(publication: Publication, begins: datetime) -> datetime | None:
    """The end of the notice by the calendar of the venue; as it was announced where that calendar was not kept."""
    if publication.notice_until is None or publication.notice_zone is None:
        return publication.notice_until
    rule = rule_set_of_version(publication.revision.rule_set_version).procedure.publication
    zone, extra = ZoneInfo(publication.notice_zone), publication.notice_extra_days or 0
    return rule.notice_until(begins, zone, extra_days=extra)
