"""Facts about accounts."""

from dataclasses import dataclass

from competition.audit.facts import Fact
from competition.rules.access import ROLES, Role
from competition.rules.sentences import Sentence, sentence


@dataclass(frozen=True)
class AccountOpened(Fact):
    kind = "accounts.account_opened"
    username: str
    name: str

    def sentence(self) -> Sentence:
        return sentence(
            "opened the account %(username)s for %(name)s",
            username=self.username,
            name=self.name,
        )


@dataclass(frozen=True)
class AccountDisabled(Fact):
    kind = "accounts.account_disabled"
    username: str

    def sentence(self) -> Sentence:
        return sentence(
            "disabled the account %(username)s and ended its sessions",
            username=self.username,
        )


@dataclass(frozen=True)
class AccountEnabled(Fact):
    kind = "accounts.account_enabled"
    username: str

    def sentence(self) -> Sentence:
        return sentence("enabled the account %(username)s again", username=self.username)


@dataclass(frozen=True)
class PasswordChanged(Fact):
    kind = "accounts.password_changed"

    def sentence(self) -> Sentence:
        return sentence("chose a new password; all other sessions ended")


@dataclass(frozen=True)
class PasswordReset(Fact):
    kind = "accounts.password_reset"
    username: str

    def sentence(self) -> Sentence:
        return sentence("gave the account %(username)s a new first password", username=self.username)


@dataclass(frozen=True)
class LanguageChosen(Fact):
    kind = "accounts.language_chosen"
    language: str

    def sentence(self) -> Sentence:
        names = {"zh": sentence("Chinese"), "en": sentence("English")}
        return sentence("chose the language %(language)s", language=names.get(self.language, self.language))


@dataclass(frozen=True)
class SessionsEnded(Fact):
    kind = "accounts.sessions_ended"

    def sentence(self) -> Sentence:
        return sentence("ended all sessions of the own account")


@dataclass(frozen=True)
class RoleGranted(Fact):
    kind = "accounts.role_granted"
    username: str
    role: str
    place: str

    def sentence(self) -> Sentence:
        title = ROLES[Role(self.role)].title
        return sentence(
            "gave %(username)s the role “%(role)s” for %(place)s",
            username=self.username,
            role=title,
            place=self.place,
        )


@dataclass(frozen=True)
class RoleWithdrawn(Fact):
    kind = "accounts.role_withdrawn"
    username: str
    role: str

    def sentence(self) -> Sentence:
        title = ROLES[Role(self.role)].title
        return sentence(
            "took the role “%(role)s” back from %(username)s",
            username=self.username,
            role=title,
        )


@dataclass(frozen=True)
class SignedIn(Fact):
    kind = "accounts.signed_in"

    def sentence(self) -> Sentence:
        return sentence("signed in")
