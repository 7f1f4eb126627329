"""Forms of drills: shape and format only."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from wtforms import DateTimeLocalField, RadioField, SelectField
from wtforms.validators import InputRequired, Optional

from competition.drills.models import KIND_LABELS, Drill, QuestionKind
from competition.drills.paper import PaperItem
from competition.rules.sentences import sentence
from competition.web.forms import (
    Form,
    LongTextField,
    MultiCheckboxField,
    NumberField,
    TextField,
    VersionField,
    choices,
)

_REQUIRED = InputRequired(_l("Fill this in."))
RIGHT = "*"


class DrillForm(Form):
    """What a drill says of itself; moments are those of the venue's clock."""

    title = TextField(_l("Title"), [_REQUIRED], description=_l("For example: June drill of welding shop 1"))
    organisation = SelectField(
        _l("For the people of"), description=_l("Everybody employed there or below it may take the drill.")
    )
    opens_at = DateTimeLocalField(_l("Opens"), [_REQUIRED])
    closes_at = DateTimeLocalField(_l("Closes"), [_REQUIRED])
    minutes = NumberField(_l("Minutes for one attempt"), [_REQUIRED], least=1, most=480)
    attempts_allowed = NumberField(
        _l("Attempts per person"), [_REQUIRED], least=1, most=20, description=_l("The best attempt counts.")
    )
    event = SelectField(
        _l("Event that the best enter"),
        description=_l("When the drill is closed, the best are entered there by themselves."),
    )
    feed_quota = NumberField(
        _l("How many of the best enter"),
        [Optional()],
        least=0,
        most=1000,
        description=_l("Whoever ties with the last of them enters too."),
    )
    version = VersionField(default=0)

    def offer(self, organisations: Iterable[tuple[str, str]], events: Iterable[tuple[str, str]]) -> None:
        """Fill the two lists; no event is a choice of its own."""
        self.organisation.choices = choices(organisations)
        self.event.choices = choices([("", sentence("None")), *events])

    @classmethod
    def of(cls, drill: Drill, zone: ZoneInfo) -> "DrillForm":
        """The form with what the drill says now."""
        same = ("title", "minutes", "attempts_allowed", "feed_quota", "version")
        return cls(
            data={
                **{field: getattr(drill, field) for field in same},
                "organisation": str(drill.organisation_id),
                "event": str(drill.event_id or ""),
                "opens_at": drill.opens_at.astimezone(zone).replace(tzinfo=None),
                "closes_at": drill.closes_at.astimezone(zone).replace(tzinfo=None),
            }
        )

    def values(self, zone: ZoneInfo) -> dict[str, Any]:
        """What the services want, except for organisation and event."""
        return {
            "title": self.title.data,
            "opens_at": _moment(self.opens_at.data, zone),
            "closes_at": _moment(self.closes_at.data, zone),
            "minutes": int(self.minutes.data or 0),
            "attempts_allowed": int(self.attempts_allowed.data or 0),
            "feed_quota": int(self.feed_quota.data or 0),
        }


def _moment(local: datetime, zone: ZoneInfo) -> datetime:
    return local.replace(tzinfo=zone).astimezone(UTC)


class QuestionForm(Form):
    """A question as an organiser types it: one option per line, a * before the right ones."""

    kind = SelectField(_l("Kind"))
    stem = LongTextField(_l("Question"), [_REQUIRED], most=1000, render_kw={"rows": 3})
    options = LongTextField(
        _l("Options, one per line"),
        most=2000,
        description=_l("Put a * before every right option. Leave this empty for a true-or-false question."),
        render_kw={"rows": 5},
    )
    truth = SelectField(_l("For true or false: the statement is"))
    points = NumberField(_l("Points"), [_REQUIRED], least=0, most=100, digits=2)
    explanation = LongTextField(
        _l("Explanation"),
        most=1000,
        description=_l("Shown with the right answer afterwards."),
        render_kw={"rows": 2},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = choices(KIND_LABELS.items())
        self.truth.choices = choices(
            [("", sentence("Choose …")), ("0", sentence("True")), ("1", sentence("False"))]
        )

    def values(self) -> dict[str, Any]:
        """What `add_question` wants."""
        kind = QuestionKind(self.kind.data)
        options: list[str] = []
        if kind is QuestionKind.TRUE_FALSE:
            correct = [int(self.truth.data)] if self.truth.data else []
        else:
            options, correct = read_options(self.options.data or "")
        return {
            "kind": kind,
            "stem": self.stem.data,
            "options": options,
            "correct": correct,
            "points": self.points.data,
            "explanation": self.explanation.data or "",
        }


def read_options(text: str) -> tuple[list[str], list[int]]:
    """Options and the indexes of those marked with a * (＊ of an input method is the same)."""
    lines = [line.strip().replace("＊", RIGHT, 1) for line in text.splitlines() if line.strip()]
    options = [line.removeprefix(RIGHT).strip() for line in lines]
    return options, [index for index, line in enumerate(lines) if line.startswith(RIGHT)]


class PaperForm(Form):
    """The questions of one attempt; made by `paper_form`. Options are sent by their place on the paper."""

    def answers(self, paper: Sequence[PaperItem]) -> dict[str, list[int]]:
        """The chosen options as indexes of the bank, by question."""
        found = {}
        for number, item in enumerate(paper, start=1):
            data = self[field_name(number)].data or []
            places = [int(place) for place in ([data] if isinstance(data, str) else data)]
            found[str(item.question_id)] = [item.options[place] for place in places]
        return found


def field_name(number: int) -> str:
    return f"q{number}"


def paper_form(
    paper: Sequence[PaperItem],
    kinds: Sequence[QuestionKind],
    words: Sequence[tuple[str, Sequence[str]]],
    saved: dict[str, list[int]],
) -> PaperForm:
    """A form with one field per question: `words` are stem and options as they are shown, `saved` the draft."""
    fields: dict[str, Any] = {}
    chosen: dict[str, Any] = {}
    for number, (item, kind, (stem, options)) in enumerate(zip(paper, kinds, words, strict=True), start=1):
        several = kind is QuestionKind.MULTIPLE
        offered = choices(enumerate(options))
        made = MultiCheckboxField if several else RadioField
        fields[field_name(number)] = made(f"{number}. {stem}", choices=offered, validators=[Optional()])
        places = [str(item.options.index(index)) for index in saved.get(str(item.question_id), [])]
        chosen[field_name(number)] = places if several else next(iter(places), None)
    form: type[PaperForm] = type("PaperFormOfThis", (PaperForm,), fields)
    return form(data=chosen)
