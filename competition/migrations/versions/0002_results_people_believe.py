"""Re-checks, appeals, the notice period, boards: what stands between the last signed sheet and a final result.

Revision: 0002, after 0001
"""

import sqlalchemy as sa
from alembic import op

from competition.migrations.triggers import keep_forever, let_go

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KEPT: dict[str, tuple[str, ...]] = {
    "signed_sheets": (),
    "result_final": (),
    "recheck": (),
    "recheck_widening": (),
    "sheet_check": (),
    "error_decision": (),
    "recheck_signature": (),
    "appeal": (),
    "evidence": (),
    "appeal_step": (),
    "board_freeze": ("event_id", "id", "at", "by_id", "by_name", "snapshot"),
    "ceremony": ("event_id", "id", "reveal_order", "opened_at", "by_id", "by_name"),
    "ceremony_step": (
        "event_id",
        "id",
        "ceremony_id",
        "number",
        "entrant_id",
        "revision_id",
        "shown",
        "at",
        "by_id",
        "by_name",
    ),
}
"""Tables that never change once written, except in the columns that are not named (none named: not at all)."""


def upgrade() -> None:
    signed_sheets()
    final_results()
    rechecks()
    appeals()
    boards()
    coaches()
    calibration()
    teams()
    for table, frozen in KEPT.items():
        keep_forever(table, frozen=frozen)


def downgrade() -> None:
    for table in reversed(KEPT):
        let_go(table)
    for table in (
        "calibration_mark",
        "calibration_piece",
        "ceremony_step",
        "ceremony",
        "board_freeze",
        "board",
        "appeal_step",
        "evidence",
        "appeal",
        "recheck_signature",
        "error_decision",
        "sheet_check",
        "recheck_widening",
        "recheck",
    ):
        op.drop_table(table)
    op.drop_column("entrant", "team_order")
    op.drop_column("entrant", "team")
    op.drop_column("entrant", "coach")
    op.drop_table("result_final")
    op.drop_column("publication", "notice_until")
    op.drop_table("signed_sheets")


def signed_sheets() -> None:
    """Results: the signed sheets behind a revision."""
    op.create_table(
        "signed_sheets",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("sheets", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id", "revision_id"],
            ["result_revision.event_id", "result_revision.id"],
            name=op.f("fk_signed_sheets_event_id_revision_id"),
        ),
        sa.PrimaryKeyConstraint("event_id", "revision_id", name=op.f("pk_signed_sheets")),
    )


def final_results() -> None:
    """Results: the end of the public notice, and what is final. What was public before has been final since then."""
    op.add_column("publication", sa.Column("notice_until", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "result_final",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id", "revision_id"],
            ["result_revision.event_id", "result_revision.id"],
            name=op.f("fk_result_final_event_id_revision_id"),
        ),
        sa.PrimaryKeyConstraint("event_id", "revision_id", name=op.f("pk_result_final")),
    )
    op.execute(
        "INSERT INTO result_final (event_id, revision_id, at, by_name) "
        "SELECT event_id, revision_id, at, '' FROM publication"
    )


def rechecks() -> None:
    """Re-checks: scopes, checks, decisions, signatures."""
    op.create_table(
        "recheck",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(length=128), nullable=False),
        sa.Column("top", sa.Integer(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("sample", sa.Text(), nullable=False),
        sa.Column("ranked", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_recheck_event_id")),
        sa.PrimaryKeyConstraint("event_id", "id", name=op.f("pk_recheck")),
        sa.UniqueConstraint("event_id", "number", name=op.f("uq_recheck_event_id_number")),
    )
    op.create_table(
        "recheck_widening",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("why", sa.String(length=20), nullable=False),
        sa.Column("errors", sa.Integer(), nullable=False),
        sa.Column("sheets", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_recheck_widening_event_id")),
        sa.PrimaryKeyConstraint("event_id", "id", name=op.f("pk_recheck_widening")),
    )
    op.create_table(
        "sheet_check",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sheet_id", sa.Uuid(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("is_right", sa.Boolean(), nullable=False),
        sa.Column("aspect", sa.String(length=40), nullable=False),
        sa.Column("found", sa.String(length=200), nullable=False),
        sa.Column("should_be", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id", "sheet_id"],
            ["sheet.event_id", "sheet.id"],
            name=op.f("fk_sheet_check_event_id_sheet_id"),
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_sheet_check_event_id")),
        sa.PrimaryKeyConstraint("event_id", "id", name=op.f("pk_sheet_check")),
    )
    op.create_index("ix_sheet_check_sheet", "sheet_check", ["event_id", "sheet_id"], unique=False)
    op.create_table(
        "error_decision",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("check_id", sa.Uuid(), nullable=False),
        sa.Column("is_accepted", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id", "check_id"],
            ["sheet_check.event_id", "sheet_check.id"],
            name=op.f("fk_error_decision_event_id_check_id"),
        ),
        sa.PrimaryKeyConstraint("event_id", "check_id", name=op.f("pk_error_decision")),
    )
    op.create_table(
        "recheck_signature",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recheck_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id", "recheck_id"],
            ["recheck.event_id", "recheck.id"],
            name=op.f("fk_recheck_signature_event_id_recheck_id"),
        ),
        sa.PrimaryKeyConstraint("event_id", "id", name=op.f("pk_recheck_signature")),
        sa.UniqueConstraint(
            "event_id", "recheck_id", "by_id", name=op.f("uq_recheck_signature_event_id_recheck_id_by_id")
        ),
        sa.UniqueConstraint(
            "event_id", "recheck_id", "role", name=op.f("uq_recheck_signature_event_id_recheck_id_role")
        ),
    )


def appeals() -> None:
    """Appeals and objections, with their evidence and steps."""
    op.create_table(
        "appeal",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("delegation_id", sa.Uuid(), nullable=True),
        sa.Column("grounds", sa.Text(), nullable=False),
        sa.Column("concerns", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deadline", sa.DateTime(timezone=True), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("filed_by", sa.Uuid(), nullable=False),
        sa.Column("filed_by_name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["delegation_id"], ["delegation.id"], name=op.f("fk_appeal_delegation_id")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_appeal_event_id")),
        sa.PrimaryKeyConstraint("event_id", "id", name=op.f("pk_appeal")),
        sa.UniqueConstraint("event_id", "number", name=op.f("uq_appeal_event_id_number")),
    )
    op.create_index(op.f("ix_appeal_delegation_id"), "appeal", ["delegation_id"], unique=False)
    op.create_index("ix_appeal_filed_by", "appeal", ["filed_by"], unique=False)
    op.create_table(
        "evidence",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("appeal_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["event_id", "appeal_id"],
            ["appeal.event_id", "appeal.id"],
            name=op.f("fk_evidence_event_id_appeal_id"),
        ),
        sa.PrimaryKeyConstraint("event_id", "id", name=op.f("pk_evidence")),
        sa.UniqueConstraint(
            "event_id", "appeal_id", "position", name=op.f("uq_evidence_event_id_appeal_id_position")
        ),
    )
    op.create_table(
        "appeal_step",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("appeal_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("move", sa.String(length=20), nullable=False),
        sa.Column("tier", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ruling", sa.String(length=20), nullable=True),
        sa.Column("effect", sa.String(length=20), nullable=True),
        sa.Column("sheets", sa.Text(), nullable=False),
        sa.Column("further_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id", "appeal_id"],
            ["appeal.event_id", "appeal.id"],
            name=op.f("fk_appeal_step_event_id_appeal_id"),
        ),
        sa.PrimaryKeyConstraint("event_id", "id", name=op.f("pk_appeal_step")),
        sa.UniqueConstraint(
            "event_id", "appeal_id", "number", name=op.f("uq_appeal_step_event_id_appeal_id_number")
        ),
    )


def boards() -> None:
    """Boards: what is switched on, frozen, revealed."""
    op.create_table(
        "board",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("stamp", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_board_event_id")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_board")),
    )
    op.create_table(
        "board_freeze",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by_name", sa.String(length=200), nullable=False),
        sa.Column("snapshot", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["board.event_id"], name=op.f("fk_board_freeze_event_id")),
        sa.PrimaryKeyConstraint("event_id", "id", name=op.f("pk_board_freeze")),
    )
    op.create_table(
        "ceremony",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reveal_order", sa.String(length=20), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["board.event_id"], name=op.f("fk_ceremony_event_id")),
        sa.PrimaryKeyConstraint("event_id", "id", name=op.f("pk_ceremony")),
    )
    op.create_table(
        "ceremony_step",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ceremony_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("entrant_id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_back_by_name", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id", "ceremony_id"],
            ["ceremony.event_id", "ceremony.id"],
            name=op.f("fk_ceremony_step_event_id_ceremony_id"),
        ),
        sa.PrimaryKeyConstraint("event_id", "id", name=op.f("pk_ceremony_step")),
        sa.UniqueConstraint(
            "event_id", "ceremony_id", "number", name=op.f("uq_ceremony_step_event_id_ceremony_id_number")
        ),
    )


def coaches() -> None:
    """Registration: who coached an entrant."""
    op.add_column("entrant", sa.Column("coach", sa.String(length=100), server_default="", nullable=False))


def calibration() -> None:
    """Judge statistics: pieces that judges mark before the contest, and their marks."""
    op.create_table(
        "calibration_piece",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("module", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.Uuid(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_calibration_piece_event_id")),
        sa.PrimaryKeyConstraint("event_id", "id", name=op.f("pk_calibration_piece")),
    )
    op.create_table(
        "calibration_mark",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("piece_id", sa.Uuid(), nullable=False),
        sa.Column("giver", sa.String(length=40), nullable=False),
        sa.Column("aspect", sa.String(length=40), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id", "piece_id"],
            ["calibration_piece.event_id", "calibration_piece.id"],
            name=op.f("fk_calibration_mark_event_id_piece_id"),
        ),
        sa.PrimaryKeyConstraint("event_id", "piece_id", "giver", "aspect", name=op.f("pk_calibration_mark")),
    )


def teams() -> None:
    """Registration: the team for which an entrant counts, and the order in it."""
    op.add_column("entrant", sa.Column("team", sa.String(length=40), server_default="", nullable=False))
    op.add_column("entrant", sa.Column("team_order", sa.Integer(), nullable=True))
