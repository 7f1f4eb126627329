"""Facts about organisations."""

from dataclasses import dataclass

from competition.audit.facts import Fact
from competition.rules.sentences import Sentence, sentence


@dataclass(frozen=True)
class OrganisationOpened(Fact):
    kind = "organisations.organisation_opened"
    name: str
    parent: str | None

    def sentence(self) -> Sentence:
        if self.parent is None:
            return sentence("added the organisation %(name)s", name=self.name)
        return sentence(
            "added the organisation %(name)s below %(parent)s", name=self.name, parent=self.parent
        )


@dataclass(frozen=True)
class OrganisationChanged(Fact):
    kind = "organisations.organisation_changed"
    name: str
    former_name: str
    fields: list[str]

    def sentence(self) -> Sentence:
        if self.name != self.former_name:
            return sentence(
                "renamed the organisation %(former)s to %(name)s", former=self.former_name, name=self.name
            )
        return sentence("changed the details of the organisation %(name)s", name=self.name)
