"""Forms of competitions, events and rule sets."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired, FileSize
from wtforms import DateField, HiddenField, SelectField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from competition.competitions.models import CompetitionClass, Event, Group, Tier
from competition.competitions.names import name_with_competition
from competition.competitions.queries import Comparable, Starter
from competition.competitions.words import TITLES
from competition.organisations.models import Organisation
from competition.rules.lifecycle import STATE_TITLES, EventState
from competition.rules.rehearsal import FEWEST, MOST
from competition.rules.sentences import sentence
from competition.web.forms import (
    Form,
    LongTextField,
    NumberField,
    TextField,
    VersionField,
    choices,
    own_password,
)
from competition.web.language import language, name_of
from competition.workers.models import Occupation

RULE_SET_BYTES = 512 * 1024
_CODE = Regexp(
    r"^[A-Za-z0-9][A-Za-z0-9._-]*$",
    message=_l("Use letters A to Z, digits and . _ - only, beginning with a letter or a digit."),
)
_REQUIRED = InputRequired(_l("Fill this in."))


class CompetitionForm(Form):
    """What a competition says of itself."""

    name = TextField(
        _l("Name"), [_REQUIRED], description=_l("For example: Third skills competition of Gansu 2026")
    )
    name_en = TextField(_l("English name"), [Optional()])
    tier = SelectField(_l("Tier"))
    competition_class = SelectField(
        _l("Class"), description=_l("Class I or II; a competition inside an enterprise has no class.")
    )
    edition = NumberField(
        _l("Edition"),
        [_REQUIRED],
        least=1,
        most=9999,
        description=_l("The number of this edition: 3 for the third."),
    )
    starts_on = DateField(_l("First day"), [_REQUIRED])
    ends_on = DateField(_l("Last day"), [_REQUIRED])
    version = VersionField(default=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tier.choices = choices((tier, TITLES[tier]) for tier in Tier)
        self.competition_class.choices = choices((each, TITLES[each]) for each in CompetitionClass)

    def values(self) -> dict[str, Any]:
        return {
            "name": self.name.data,
            "name_en": self.name_en.data or "",
            "tier": Tier(self.tier.data),
            "competition_class": CompetitionClass(self.competition_class.data),
            "edition": int(self.edition.data or 0),
            "starts_on": self.starts_on.data,
            "ends_on": self.ends_on.data,
        }


class NewCompetitionForm(CompetitionForm):
    """A competition to open: with the code and the host it keeps."""

    code = TextField(
        _l("Code"), [_REQUIRED, _CODE], most=40, description=_l("For example: GS-2026. It stays for good.")
    )
    host = SelectField(_l("Host"), description=_l("The organisation that holds the competition."))

    def offer_hosts(self, hosts: Iterable[Organisation]) -> None:
        self.host.choices = choices((host.id, name_of(host)) for host in hosts)


class EventForm(Form):
    """What an event says of itself."""

    name = TextField(_l("Name"), [_REQUIRED])
    name_en = TextField(_l("English name"), [Optional()])
    occupation = SelectField(_l("Occupation"))
    group = SelectField(_l("Group"))
    team_size = NumberField(
        _l("Team size"), [_REQUIRED], least=1, most=20, description=_l("1 for single entrants, 2 for pairs.")
    )
    version = VersionField(default=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.group.choices = choices((group, TITLES[group]) for group in Group)

    @classmethod
    def of(cls, event: Event) -> "EventForm":
        """The form with what the event says now."""
        fields = ("name", "name_en", "group", "team_size", "version")
        now = {field: getattr(event, field) for field in fields}
        return cls(data={**now, "occupation": event.occupation_code})

    def offer_occupations(self, occupations: Iterable[Occupation]) -> None:
        self.occupation.choices = choices((each.code, f"{name_of(each)} {each.code}") for each in occupations)

    def values(self) -> dict[str, Any]:
        return {
            "name": self.name.data,
            "name_en": self.name_en.data or "",
            "group": Group(self.group.data),
            "team_size": int(self.team_size.data or 0),
        }


class NewEventForm(EventForm):
    """An event to open: with its code and the rule set it begins with."""

    code = TextField(_l("Code"), [_REQUIRED, _CODE], most=20, description=_l("For example: W01."))
    starter = SelectField(
        _l("Rule set to begin with"), description=_l("It can be replaced until registration opens.")
    )

    def offer_starters(self, starters: Iterable[Starter]) -> None:
        self.starter.choices = choices((each.name, each.title.in_language(language())) for each in starters)


class ParentForm(Form):
    """Where the winners of an event go on."""

    parent = SelectField(_l("Event above"))
    quota = NumberField(_l("Winners who advance"), [Optional()], least=0, most=9999)
    reserves = NumberField(_l("Reserves behind them"), [Optional()], least=0, most=9999)

    def offer_parents(self, parents: Iterable[Event]) -> None:
        self.parent.choices = choices(
            [
                ("", sentence("None: this is the top of the chain")),
                *((parent.id, name_with_competition(parent)) for parent in parents),
            ]
        )


class RuleSetForm(Form):
    """A rule set: a starter, a file or text; the first that is given counts."""

    starter = SelectField(_l("Replace by a starter"))
    file = FileField(
        _l("Replace by a file"),
        [FileSize(RULE_SET_BYTES, message=_l("A rule set has at most 512 KB."))],
        description=_l(
            "A JSON file in the format skillsladder.ruleset/1, or an Excel file (.xlsx) with the sheet “CIS Marking Scheme Import”."
        ),
    )
    text = LongTextField(_l("Or edit the text"), [Optional()], most=RULE_SET_BYTES)
    only_open = HiddenField()
    version = VersionField()

    @property
    def has_workbook(self) -> bool:
        """Whether the file is an Excel workbook, by its name."""
        name = getattr(self.file.data, "filename", None) or ""
        return not self.starter.data and name.lower().endswith((".xlsx", ".xls", ".xlsm"))

    def offer_starters(self, starters: Iterable[Starter]) -> None:
        self.starter.choices = choices(
            [
                ("", sentence("Keep what is written below")),
                *((each.name, each.title.in_language(language())) for each in starters),
            ]
        )


class CorrectionForm(Form):
    """What frozen rules should say: a file or the text. `seen` is the hash of the version that counted when the page was
    opened; `shown` that of the document whose differences the person has seen, empty before."""

    file = FileField(
        _l("Replace by a file"),
        [FileSize(RULE_SET_BYTES, message=_l("A rule set has at most 512 KB."))],
        description=_l("A JSON file in the format skillsladder.ruleset/1."),
    )
    text = LongTextField(_l("Or edit the text"), [Optional()], most=RULE_SET_BYTES)
    seen = HiddenField(validators=[InputRequired(), Length(min=64, max=64)])
    shown = HiddenField()
    reason = LongTextField(
        _l("Why the rules are corrected"),
        [Optional()],
        most=500,
        description=_l("It stands beside the new version for everybody."),
    )
    password = own_password(is_required=False)


class RehearsalForm(Form):
    """How large a rehearsal is, and with which dice; with a text it is of that text."""

    entrants = NumberField(_l("Number of entrants"), [_REQUIRED], least=FEWEST, most=MOST)
    seed = TextField(
        _l("Seed"),
        [_REQUIRED],
        most=60,
        description=_l("Any words. The same seed makes the same marks, so two rule sets can be compared."),
    )
    quota = NumberField(
        _l("Places in the event above"),
        [Optional()],
        least=1,
        most=9999,
        description=_l("Counts where the rules take the quota of the link."),
    )
    text = HiddenField()

    def begin(self, quota: int | None) -> None:
        """Without an answer yet: twenty entrants, the first seed."""
        self.entrants.data = self.entrants.data if self.entrants.raw_data else Decimal(20)
        self.entrants.raw_data = self.entrants.raw_data or ["20"]
        self.seed.data = self.seed.data or "1"
        self.seed.raw_data = self.seed.raw_data or ["1"]
        if not self.quota.raw_data and quota:
            self.quota.data = Decimal(quota)


class ComparisonForm(Form):
    """Which two versions of a rule set are compared."""

    old = SelectField(_l("Older version"))
    new = SelectField(_l("Newer version"))

    def offer(self, known: Sequence[Comparable]) -> None:
        """What can be compared; without an answer the latest of the event with what came before it."""
        self.comparable = known
        self.old.choices = self.new.choices = choices((each.name, each.title) for each in known)
        offered = [each.name for each in known]
        self.new.data = self.new.data if self.new.data in offered else offered[0]
        self.old.data = self.old.data if self.old.data in offered else offered[min(1, len(offered) - 1)]

    @property
    def old_document(self) -> dict[str, Any]:
        return self._document(self.old.data)

    @property
    def new_document(self) -> dict[str, Any]:
        return self._document(self.new.data)

    def _document(self, name: str) -> dict[str, Any]:
        return next(each.document for each in self.comparable if each.name == name)


class ComparisonWithFileForm(Form):
    """A version of a rule set, and a file it is compared with."""

    known = SelectField(_l("Older version"))
    file = FileField(
        _l("To the file"),
        [
            FileRequired(_l("Choose a file.")),
            FileSize(RULE_SET_BYTES, message=_l("A rule set has at most 512 KB.")),
        ],
    )

    def offer(self, known: Sequence[Comparable]) -> None:
        self.known.choices = choices((each.name, each.title) for each in known)


class MoveForm(Form):
    """A move of an event. The name is checked by the route, the reason by the service."""

    move = HiddenField()
    reason = TextField(_l("Reason"), [Optional()], most=500)


class ListForm(Form):
    """What the list of competitions is narrowed to."""

    text = TextField(_l("Name or code"), [Optional()])
    tier = SelectField(_l("Tier"))
    edition = SelectField(_l("Edition"))
    state = SelectField(_l("State"))

    def offer(self, editions: Iterable[int], states: Iterable[EventState]) -> None:
        everything = choices([("", sentence("All"))])
        self.tier.choices = everything + choices((tier, TITLES[tier]) for tier in Tier)
        self.edition.choices = everything + choices((each, str(each)) for each in editions)
        self.state.choices = everything + choices((state, STATE_TITLES[state]) for state in states)
