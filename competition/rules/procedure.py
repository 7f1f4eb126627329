"""The road from the last signed sheet to a final result: re-check, appeals, notice period, what the public sees.

Source: docs/sources.md, domain §5.9 (all of the top group, a sample of the rest, an error rate that makes everything be
looked at again), §5.11 (public notice in days or working days), §6 (the window for appeals, counted from a stated base,
in one or two tiers), §5.10 (live marks on a screen only where the rules allow it). Numbers of sheets and entrants are
rounded up: a check is never smaller than the rule says.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from fractions import Fraction
from hashlib import sha256

from competition.rules.numbers import RoundingMode, whole_number
from competition.rules.reading import Reader
from competition.rules.schema import NUMBER, YES, Schema, obj, whole, word
from competition.rules.sentences import sentence

MOST_MINUTES = 30 * 24 * 60
MOST_DAYS = 90


class DeadlineBase(StrEnum):
    """What the window for appeals is counted from (domain §6.3: documents differ)."""

    SCORING_CLOSED = "scoring_closed"
    PUBLISHED = "published"


class Live(StrEnum):
    """Whether standings may be shown while marks are still coming (domain §5.10.5)."""

    NONE = "none"
    BOARD = "board"


class Breakdown(StrEnum):
    """How much of the working the public sees of everybody: every aspect, the modules, or the total."""

    FULL = "full"
    MODULES = "modules"
    TOTAL = "total"


class ProcessSignature(StrEnum):
    """Who stands for what a process sheet says beside its judge: nobody else, or the contestant it is about."""

    JUDGE = "judge"
    CONTESTANT = "contestant"


class Finality(StrEnum):
    """How a published result becomes final once its notice is over and nothing is open: declared by a person, or by itself."""

    DECLARED = "declared"
    AUTOMATIC = "automatic"


@dataclass(frozen=True, slots=True)
class RecheckRule:
    """Who is checked again: all of the top group and a sample of the rest; too many errors, and it is everybody.

    Exactly one of `top_percent` and `top_count` is given. Percentages are of entrants, errors of sheets checked.
    """

    top_percent: Fraction | None
    top_count: int | None
    sample_percent: Fraction
    error_threshold_percent: Fraction

    def top_of(self, entrants: int) -> int:
        """How many entrants from the top are all checked."""
        if self.top_count is not None:
            return min(self.top_count, entrants)
        return whole_number((self.top_percent or Fraction(0)) * entrants / 100, RoundingMode.UP)

    def sample_of(self, rest: int) -> int:
        """How many of the others are drawn."""
        return min(rest, whole_number(self.sample_percent * rest / 100, RoundingMode.UP))

    def scope(self, ranked: Sequence[str], seed: str) -> "RecheckScope":
        """The entrants to be checked again: the first of `ranked` (best first), and a sample of the rest.

        The sample is the rest in the order of SHA-256(seed, entrant): anybody with the seed can draw it again.
        """
        top = tuple(ranked[: self.top_of(len(ranked))])
        rest = ranked[len(top) :]
        drawn = sorted(rest, key=lambda entrant: sha256(f"{seed}\n{entrant}".encode()).digest())
        return RecheckScope(top, tuple(drawn[: self.sample_of(len(rest))]), len(ranked))

    def is_exceeded(self, errors: int, checked: int) -> bool:
        """Whether so many wrong sheets of so many checked are above the threshold (5 % means: 5 % is still below)."""
        return checked > 0 and Fraction(errors * 100, checked) > self.error_threshold_percent


@dataclass(frozen=True, slots=True)
class RecheckScope:
    """Who is checked again: everybody of the top group, and those whom the draw met, in the order of the draw."""

    top: tuple[str, ...]
    sample: tuple[str, ...]
    entrants: int

    @property
    def everybody(self) -> tuple[str, ...]:
        return (*self.top, *self.sample)


@dataclass(frozen=True, slots=True)
class AppealRule:
    """The window for appeals: so many minutes from its base, and from the first ruling where there is a second tier."""

    base: DeadlineBase
    minutes: int
    tiers: int
    second_minutes: int

    def deadline(self, base: datetime) -> datetime:
        """The last moment of the first tier; an appeal at this very moment is in time."""
        return base + timedelta(minutes=self.minutes)

    def second_deadline(self, ruled_at: datetime) -> datetime | None:
        """The last moment to take a ruling to the second tier; None where the first ruling is final."""
        return ruled_at + timedelta(minutes=self.second_minutes) if self.tiers > 1 else None


@dataclass(frozen=True, slots=True)
class PublicationRule:
    """What the public sees and when a published result is final."""

    live: Live = Live.NONE
    notice_days: int = 0
    working_days: bool = False
    breakdown: Breakdown = Breakdown.FULL
    final: Finality = Finality.DECLARED

    def notice_until(
        self,
        visible_at: datetime,
        zone: tzinfo,
        holidays: frozenset[date] = frozenset(),
        *,
        extra_days: int = 0,
    ) -> datetime:
        """The end of the notice period: the end of the last of its days at the venue, `extra_days` later.

        The day on which the result could first be seen (that of the publication, or of the end of a ceremony that held
        it back) does not count. Working days are Monday to Friday without `holidays`; moved working days (调休) are not
        known here, so an organiser may add days. Without a notice period it is `visible_at`.
        """
        if not self.notice_days:
            return visible_at
        day, left = visible_at.astimezone(zone).date(), self.notice_days
        while left:
            day += timedelta(days=1)
            if not self.working_days or (day.weekday() < 5 and day not in holidays):
                left -= 1
        end = datetime.combine(day + timedelta(days=1 + extra_days), datetime.min.time(), tzinfo=zone)
        return end.astimezone(visible_at.tzinfo)


@dataclass(frozen=True, slots=True)
class Procedure:
    """The procedure part of a rule set; None where the rules know no re-check or no appeals by form."""

    recheck: RecheckRule | None = None
    appeals: AppealRule | None = None
    publication: PublicationRule = PublicationRule()
    process_signature: ProcessSignature = ProcessSignature.JUDGE


KEYS = ("recheck", "appeals", "publication", "process_signature")
"""The members of a rule set that `read` reads."""


def read(reader: Reader) -> Procedure:
    """The procedure of a rule set; problems go to the reader's notebook."""
    return Procedure(
        _recheck(reader),
        _appeals(reader),
        _publication(reader),
        reader.choice("process_signature", ProcessSignature, ProcessSignature.JUDGE)
        or ProcessSignature.JUDGE,
    )


def _recheck(reader: Reader) -> RecheckRule | None:
    rule = reader.inside("recheck")
    if rule is None:
        return None
    rule.only("top", "sample_percent", "error_threshold_percent")
    percent, count = None, None
    top = rule.inside("top", required=True)
    if top is not None:
        top.only("percent", "count")
        percent, count = top.number("percent", low=0, high=100), top.whole("count", low=0, high=1_000_000)
        if top.has("percent") == top.has("count"):
            top.note(None, sentence("Give either “percent” or “count” for the top group, and not both."))
    return RecheckRule(
        percent,
        count,
        rule.number("sample_percent", low=0, high=100, required=True) or Fraction(0),
        rule.number("error_threshold_percent", low=0, high=100, required=True) or Fraction(0),
    )


def _appeals(reader: Reader) -> AppealRule | None:
    rule = reader.inside("appeals")
    if rule is None:
        return None
    rule.only("base", "minutes", "tiers", "second_minutes")
    tiers = rule.whole("tiers", low=1, high=2, default=1) or 1
    if tiers == 2:
        rule.require("second_minutes")
    elif rule.has("second_minutes"):
        rule.note("second_minutes", sentence("There is no second tier that could have a window of its own."))
    return AppealRule(
        rule.choice("base", DeadlineBase) or DeadlineBase.PUBLISHED,
        rule.whole("minutes", low=1, high=MOST_MINUTES, required=True) or 1,
        tiers,
        rule.whole("second_minutes", low=1, high=MOST_MINUTES, default=0) or 0,
    )


def _publication(reader: Reader) -> PublicationRule:
    rule = reader.inside("publication")
    if rule is None:
        return PublicationRule()
    rule.only("live", "notice_days", "working_days", "breakdown", "final")
    return PublicationRule(
        rule.choice("live", Live, Live.NONE) or Live.NONE,
        rule.whole("notice_days", low=0, high=MOST_DAYS, default=0) or 0,
        rule.yes("working_days"),
        rule.choice("breakdown", Breakdown, Breakdown.FULL) or Breakdown.FULL,
        rule.choice("final", Finality, Finality.DECLARED) or Finality.DECLARED,
    )


PROPERTIES: Schema = {
    "process_signature": word(*ProcessSignature),
    "recheck": obj(
        ["top", "sample_percent", "error_threshold_percent"],
        {
            "top": {
                "oneOf": [
                    obj(["percent"], {"percent": NUMBER}),
                    obj(["count"], {"count": whole(0, 1_000_000)}),
                ]
            },
            "sample_percent": NUMBER,
            "error_threshold_percent": NUMBER,
        },
    ),
    "appeals": obj(
        ["base", "minutes"],
        {
            "base": word(*DeadlineBase),
            "minutes": whole(1, MOST_MINUTES),
            "tiers": whole(1, 2),
            "second_minutes": whole(1, MOST_MINUTES),
        },
    ),
    "publication": obj(
        [],
        {
            "live": word(*Live),
            "notice_days": whole(0, MOST_DAYS),
            "working_days": YES,
            "breakdown": word(*Breakdown),
            "final": word(*Finality),
        },
    ),
}
"""The fragment of the published JSON Schema for these members."""
