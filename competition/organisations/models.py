"""Tables of organisations."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition.orm import Base, Choice, Identified, UtcDateTime
from competition.rules.sentences import Sentence, sentence


class OrganisationKind(StrEnum):
    """The levels of the tree from the top; an association (行业、系统) also stands below another association."""

    NATION = "nation"
    PROVINCE = "province"
    CITY = "city"
    ASSOCIATION = "association"
    ENTERPRISE = "enterprise"
    WORKSHOP = "workshop"

    @property
    def label(self) -> Sentence:
        """The word for a form or a list."""
        return _KIND_LABELS[self]


_KIND_LABELS = {
    OrganisationKind.NATION: sentence("Whole country"),
    OrganisationKind.PROVINCE: sentence("Province, region or municipality"),
    OrganisationKind.CITY: sentence("City or prefecture"),
    OrganisationKind.ASSOCIATION: sentence("Association (industry or system)"),
    OrganisationKind.ENTERPRISE: sentence("Enterprise or institution"),
    OrganisationKind.WORKSHOP: sentence("Workshop"),
}


class Organisation(Identified, Base):
    """A node of the tree. `path` is the ids from the root to itself, each followed by "/": a subtree is a prefix."""

    __tablename__ = "organisation"

    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    path: Mapped[str] = mapped_column(String(400), unique=True)
    kind: Mapped[OrganisationKind] = mapped_column(Choice(OrganisationKind, 20))
    name: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200), default="")
    division_code: Mapped[str | None] = mapped_column(String(6))
    credit_code: Mapped[str | None] = mapped_column(String(18), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(Integer)
    parent: Mapped["Organisation | None"] = relationship(remote_side="Organisation.id")

    __mapper_args__ = {"version_id_col": version}
