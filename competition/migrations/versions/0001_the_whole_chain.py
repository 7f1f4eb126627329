"""The tables of the whole chain, and the triggers that keep what must never change.

Revision: 0001, after nothing
"""

import sqlalchemy as sa
from alembic import op

from competition.migrations.triggers import keep_forever, let_go

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

KEPT: dict[str, tuple[str, ...]] = {
    "audit_entry": (),
    "rule_set_version": (),
    "grade_record": (),
    "mark_operation": (),
    "signature": (),
    "result_revision": (),
    "result_line": (),
    "publication_approval": (),
    "publication": (),
    "promotion_table": (),
    "certificate": (
        "number",
        "verification_id",
        "revision_id",
        "entrant_id",
        "worker_id",
        "snapshot",
        "snapshot_hash",
    ),
    "certificate_change": (),
    "case_step": (),
    "event_move": (),
    "entrant_decision": (),
}


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("username", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("username", name=op.f("uq_account_username")),
    )
    op.create_table(
        "audit_chain",
        sa.Column("chain", sa.String(length=36), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("chain", name=op.f("pk_audit_chain")),
    )
    op.create_table(
        "occupation",
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("name_en", sa.String(length=100), nullable=False),
        sa.Column("catalogue_year", sa.Integer(), nullable=False),
        sa.Column("ceiling", sa.String(length=30), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_occupation")),
    )
    op.create_table(
        "operation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("args", sa.Text(), nullable=False),
        sa.Column("idempotency_key", sa.String(length=120), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("run_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("max_attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("token", sa.String(length=64), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("queued_by", sa.Uuid(), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operation")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_operation_idempotency_key")),
    )
    op.create_index(
        "ix_operation_due",
        "operation",
        ["run_after"],
        unique=False,
        sqlite_where=sa.text("state IN ('queued', 'running')"),
        postgresql_where=sa.text("state IN ('queued', 'running')"),
    )
    op.create_index(op.f("ix_operation_event_id"), "operation", ["event_id"], unique=False)
    op.create_index(op.f("ix_operation_queued_by"), "operation", ["queued_by"], unique=False)
    op.create_table(
        "organisation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("path", sa.String(length=400), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("division_code", sa.String(length=6), nullable=True),
        sa.Column("credit_code", sa.String(length=18), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["organisation.id"], name=op.f("fk_organisation_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("credit_code", name=op.f("uq_organisation_credit_code")),
        sa.UniqueConstraint("path", name=op.f("uq_organisation_path")),
    )
    op.create_index(op.f("ix_organisation_parent_id"), "organisation", ["parent_id"], unique=False)
    op.create_table(
        "sign_in_failure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name_key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("address_key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_failure")),
    )
    op.create_index(
        "ix_sign_in_failure_address",
        "sign_in_failure",
        ["address_key", "at"],
        unique=False,
    )
    op.create_index("ix_sign_in_failure_name", "sign_in_failure", ["name_key", "at"], unique=False)
    op.create_table(
        "verification_miss",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("address_key", sa.LargeBinary(), nullable=False),
        sa.Column("minute", sa.Integer(), nullable=False),
        sa.Column("misses", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verification_miss")),
        sa.UniqueConstraint(
            "address_key",
            "minute",
            name=op.f("uq_verification_miss_address_key_minute"),
        ),
    )
    op.create_index(
        op.f("ix_verification_miss_minute"),
        "verification_miss",
        ["minute"],
        unique=False,
    )
    op.create_table(
        "audit_entry",
        sa.Column("chain", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["chain"], ["audit_chain.chain"], name=op.f("fk_audit_entry_chain")),
        sa.PrimaryKeyConstraint("chain", "number", name=op.f("pk_audit_entry")),
    )
    op.create_index(op.f("ix_audit_entry_at"), "audit_entry", ["at"], unique=False)
    op.create_index(op.f("ix_audit_entry_by_id"), "audit_entry", ["by_id"], unique=False)
    op.create_index(op.f("ix_audit_entry_kind"), "audit_entry", ["kind"], unique=False)
    op.create_index(op.f("ix_audit_entry_subject_id"), "audit_entry", ["subject_id"], unique=False)
    op.create_table(
        "competition",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("tier", sa.String(length=20), nullable=False),
        sa.Column("competition_class", sa.String(length=10), nullable=False),
        sa.Column("host_id", sa.Uuid(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["host_id"], ["organisation.id"], name=op.f("fk_competition_host_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competition")),
        sa.UniqueConstraint("code", name=op.f("uq_competition_code")),
    )
    op.create_index(op.f("ix_competition_host_id"), "competition", ["host_id"], unique=False)
    op.create_table(
        "judge",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("level", sa.String(length=40), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_judge_account_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_judge_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judge")),
        sa.UniqueConstraint("account_id", name=op.f("uq_judge_account_id")),
    )
    op.create_index(op.f("ix_judge_organisation_id"), "judge", ["organisation_id"], unique=False)
    op.create_table(
        "promotion_table",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["authority_id"],
            ["organisation.id"],
            name=op.f("fk_promotion_table_authority_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promotion_table")),
    )
    op.create_index(
        op.f("ix_promotion_table_authority_id"),
        "promotion_table",
        ["authority_id"],
        unique=False,
    )
    op.create_table(
        "role_grant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("scope_kind", sa.String(length=20), nullable=False),
        sa.Column("scope_id", sa.Uuid(), nullable=True),
        sa.Column("path", sa.String(length=400), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("granted_by", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(scope_kind = 'installation') = (scope_id IS NULL)",
            name=op.f("ck_role_grant_scope_named"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_role_grant_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
    )
    op.create_index(op.f("ix_role_grant_account_id"), "role_grant", ["account_id"], unique=False)
    op.create_index("ix_role_grant_scope", "role_grant", ["scope_kind", "scope_id"], unique=False)
    op.create_table(
        "worker",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("search_key", sa.String(length=100), nullable=False),
        sa.Column("sort_key", sa.String(length=300), nullable=False),
        sa.Column("id_type", sa.String(length=30), nullable=False),
        sa.Column("id_number", sa.LargeBinary(), nullable=False),
        sa.Column("id_number_index", sa.LargeBinary(length=16), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("sex", sa.String(length=10), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("occupation_code", sa.String(length=12), nullable=False),
        sa.Column("grade", sa.String(length=30), nullable=True),
        sa.Column("in_occupation_since", sa.Date(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_worker_account_id")),
        sa.ForeignKeyConstraint(["employer_id"], ["organisation.id"], name=op.f("fk_worker_employer_id")),
        sa.ForeignKeyConstraint(
            ["occupation_code"],
            ["occupation.code"],
            name=op.f("fk_worker_occupation_code"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worker")),
        sa.UniqueConstraint("account_id", name=op.f("uq_worker_account_id")),
        sa.UniqueConstraint("id_number_index", name=op.f("uq_worker_id_number_index")),
    )
    op.create_index(op.f("ix_worker_employer_id"), "worker", ["employer_id"], unique=False)
    op.create_index(op.f("ix_worker_occupation_code"), "worker", ["occupation_code"], unique=False)
    op.create_index(op.f("ix_worker_search_key"), "worker", ["search_key"], unique=False)
    op.create_index(op.f("ix_worker_sort_key"), "worker", ["sort_key"], unique=False)
    op.create_table(
        "delegation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("competition_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("leader_account_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["competition_id"],
            ["competition.id"],
            name=op.f("fk_delegation_competition_id"),
        ),
        sa.ForeignKeyConstraint(
            ["leader_account_id"],
            ["account.id"],
            name=op.f("fk_delegation_leader_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_delegation_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegation")),
        sa.UniqueConstraint(
            "competition_id",
            "organisation_id",
            name=op.f("uq_delegation_competition_id_organisation_id"),
        ),
    )
    op.create_index(
        op.f("ix_delegation_competition_id"),
        "delegation",
        ["competition_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_delegation_leader_account_id"),
        "delegation",
        ["leader_account_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_delegation_organisation_id"),
        "delegation",
        ["organisation_id"],
        unique=False,
    )
    op.create_table(
        "event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("competition_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("occupation_code", sa.String(length=12), nullable=False),
        sa.Column("entrant_group", sa.String(length=20), nullable=False),
        sa.Column("team_size", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("parent_quota", sa.Integer(), nullable=False),
        sa.Column("parent_reserves", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("rule_set", sa.Text(), nullable=False),
        sa.Column("frozen_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("parent_quota >= 0 AND parent_reserves >= 0", name=op.f("ck_event_quota")),
        sa.CheckConstraint("team_size BETWEEN 1 AND 20", name=op.f("ck_event_team_size")),
        sa.ForeignKeyConstraint(["competition_id"], ["competition.id"], name=op.f("fk_event_competition_id")),
        sa.ForeignKeyConstraint(
            ["frozen_id"],
            ["rule_set_version.id"],
            name=op.f("fk_event_frozen_id"),
            use_alter=True,
        ),
        sa.ForeignKeyConstraint(
            ["occupation_code"],
            ["occupation.code"],
            name=op.f("fk_event_occupation_code"),
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["event.id"], name=op.f("fk_event_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("competition_id", "code", name=op.f("uq_event_competition_id_code")),
    )
    op.create_index(op.f("ix_event_competition_id"), "event", ["competition_id"], unique=False)
    op.create_index(op.f("ix_event_occupation_code"), "event", ["occupation_code"], unique=False)
    op.create_index(op.f("ix_event_parent_id"), "event", ["parent_id"], unique=False)
    op.create_index(op.f("ix_event_state"), "event", ["state"], unique=False)
    op.create_table(
        "grade_record",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("occupation_code", sa.String(length=12), nullable=False),
        sa.Column("grade", sa.String(length=30), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=True),
        sa.Column("document_number", sa.String(length=100), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["occupation_code"],
            ["occupation.code"],
            name=op.f("fk_grade_record_occupation_code"),
        ),
        sa.ForeignKeyConstraint(["worker_id"], ["worker.id"], name=op.f("fk_grade_record_worker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grade_record")),
    )
    op.create_index(op.f("ix_grade_record_worker_id"), "grade_record", ["worker_id"], unique=False)
    op.create_table(
        "certificate_series",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_certificate_series_event_id")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_certificate_series")),
    )
    op.create_table(
        "device",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.String(length=100), nullable=False),
        sa.Column("last_sequence", sa.BigInteger(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_device_account_id")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_device_event_id")),
        sa.PrimaryKeyConstraint("event_id", "id", name=op.f("pk_device")),
    )
    op.create_index(op.f("ix_device_account_id"), "device", ["account_id"], unique=False)
    op.create_table(
        "draw",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("method", sa.String(length=40), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("entrants", sa.Text(), nullable=False),
        sa.Column("entrants_hash", sa.String(length=64), nullable=False),
        sa.Column("blind_layers", sa.Integer(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drawn_by", sa.Uuid(), nullable=True),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_draw_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draw")),
        sa.UniqueConstraint("event_id", "number", name=op.f("uq_draw_event_id_number")),
    )
    op.create_index(op.f("ix_draw_event_id"), "draw", ["event_id"], unique=False)
    op.create_table(
        "drill",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("attempts_allowed", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("feed_quota", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_drill_event_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_drill_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drill")),
    )
    op.create_index(op.f("ix_drill_event_id"), "drill", ["event_id"], unique=False)
    op.create_index(op.f("ix_drill_organisation_id"), "drill", ["organisation_id"], unique=False)
    op.create_table(
        "entrant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("delegation_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=True),
        sa.Column("entry_number", sa.Integer(), nullable=True),
        sa.Column("reserve_order", sa.Integer(), nullable=True),
        sa.Column("award_eligible", sa.Boolean(), nullable=False),
        sa.Column("present", sa.Boolean(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["delegation_id"], ["delegation.id"], name=op.f("fk_entrant_delegation_id")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_entrant_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entrant")),
        sa.UniqueConstraint("event_id", "entry_number", name=op.f("uq_entrant_event_id_entry_number")),
        sa.UniqueConstraint("event_id", "id", name=op.f("uq_entrant_event_id_id")),
    )
    op.create_index(op.f("ix_entrant_delegation_id"), "entrant", ["delegation_id"], unique=False)
    op.create_index("ix_entrant_event_state", "entrant", ["event_id", "state"], unique=False)
    op.create_index(op.f("ix_entrant_source_id"), "entrant", ["source_id"], unique=False)
    op.create_table(
        "entrant_import",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("file_hash", sa.String(length=64), nullable=False),
        sa.Column("sealed_rows", sa.LargeBinary(), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("errors", sa.Text(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_by", sa.Uuid(), nullable=True),
        sa.Column("taken_over_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("operation_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_entrant_import_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entrant_import")),
    )
    op.create_index(op.f("ix_entrant_import_event_id"), "entrant_import", ["event_id"], unique=False)
    op.create_table(
        "event_move",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("move", sa.String(length=30), nullable=False),
        sa.Column("before", sa.String(length=20), nullable=False),
        sa.Column("after", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_event_move_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_move")),
    )
    op.create_index(op.f("ix_event_move_event_id"), "event_move", ["event_id"], unique=False)
    op.create_table(
        "mark_operation",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("op_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("sheet_id", sa.Uuid(), nullable=False),
        sa.Column("aspect", sa.String(length=40), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("device_time", sa.String(length=40), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("answer", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_mark_operation_event_id")),
        sa.PrimaryKeyConstraint("event_id", "op_id", name=op.f("pk_mark_operation")),
    )
    op.create_index(
        "ix_mark_operation_cell",
        "mark_operation",
        ["event_id", "sheet_id", "aspect"],
        unique=False,
    )
    op.create_index(
        "ix_mark_operation_device",
        "mark_operation",
        ["event_id", "device_id", "sequence"],
        unique=False,
    )
    op.create_table(
        "rule_set_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("frozen_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_rule_set_version_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_set_version")),
        sa.UniqueConstraint("event_id", "number", name=op.f("uq_rule_set_version_event_id_number")),
    )
    op.create_index(
        op.f("ix_rule_set_version_event_id"),
        "rule_set_version",
        ["event_id"],
        unique=False,
    )
    op.create_table(
        "seat",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("module", sa.String(length=40), nullable=False),
        sa.Column("label", sa.String(length=8), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("judge_id", sa.Uuid(), nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("assigned_by", sa.Uuid(), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_seat_event_id")),
        sa.ForeignKeyConstraint(["judge_id"], ["judge.id"], name=op.f("fk_seat_judge_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat")),
    )
    op.create_index(op.f("ix_seat_judge_id"), "seat", ["judge_id"], unique=False)
    op.create_index(
        "uq_seat_event_id_module_judge_id",
        "seat",
        ["event_id", "module", "judge_id"],
        unique=True,
        sqlite_where=sa.text("released_at IS NULL"),
        postgresql_where=sa.text("released_at IS NULL"),
    )
    op.create_index(
        "uq_seat_event_id_module_label",
        "seat",
        ["event_id", "module", "label"],
        unique=True,
        sqlite_where=sa.text("released_at IS NULL"),
        postgresql_where=sa.text("released_at IS NULL"),
    )
    op.create_table(
        "advance",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entrant_id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("parent_event_id", sa.Uuid(), nullable=False),
        sa.Column("parent_entrant_id", sa.Uuid(), nullable=False),
        sa.Column("reserve_order", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id", "entrant_id"],
            ["entrant.event_id", "entrant.id"],
            name=op.f("fk_advance_event_id_entrant_id"),
        ),
        sa.ForeignKeyConstraint(
            ["parent_entrant_id"],
            ["entrant.id"],
            name=op.f("fk_advance_parent_entrant_id"),
        ),
        sa.ForeignKeyConstraint(["parent_event_id"], ["event.id"], name=op.f("fk_advance_parent_event_id")),
        sa.PrimaryKeyConstraint("event_id", "id", name=op.f("pk_advance")),
        sa.UniqueConstraint(
            "event_id",
            "entrant_id",
            "parent_event_id",
            name=op.f("uq_advance_event_id_entrant_id_parent_event_id"),
        ),
    )
    op.create_index(
        op.f("ix_advance_parent_entrant_id"),
        "advance",
        ["parent_entrant_id"],
        unique=False,
    )
    op.create_index(op.f("ix_advance_parent_event_id"), "advance", ["parent_event_id"], unique=False)
    op.create_table(
        "attempt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("drill_id", sa.Uuid(), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("paper", sa.Text(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("score", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["drill_id"], ["drill.id"], name=op.f("fk_attempt_drill_id")),
        sa.ForeignKeyConstraint(["worker_id"], ["worker.id"], name=op.f("fk_attempt_worker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
        sa.UniqueConstraint(
            "drill_id",
            "worker_id",
            "number",
            name=op.f("uq_attempt_drill_id_worker_id_number"),
        ),
    )
    op.create_index(op.f("ix_attempt_worker_id"), "attempt", ["worker_id"], unique=False)
    op.create_table(
        "certificate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("verification_id", sa.String(length=16), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("entrant_id", sa.Uuid(), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("snapshot", sa.Text(), nullable=False),
        sa.Column("snapshot_hash", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("replaced_by_id", sa.Uuid(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["entrant_id"], ["entrant.id"], name=op.f("fk_certificate_entrant_id")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_certificate_event_id")),
        sa.ForeignKeyConstraint(
            ["replaced_by_id"],
            ["certificate.id"],
            name=op.f("fk_certificate_replaced_by_id"),
        ),
        sa.ForeignKeyConstraint(["worker_id"], ["worker.id"], name=op.f("fk_certificate_worker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("number", name=op.f("uq_certificate_number")),
        sa.UniqueConstraint("verification_id", name=op.f("uq_certificate_verification_id")),
    )
    op.create_index(op.f("ix_certificate_entrant_id"), "certificate", ["entrant_id"], unique=False)
    op.create_index(op.f("ix_certificate_event_id"), "certificate", ["event_id"], unique=False)
    op.create_index(op.f("ix_certificate_worker_id"), "certificate", ["worker_id"], unique=False)
    op.create_index(
        "uq_certificate_one_valid",
        "certificate",
        ["event_id", "worker_id"],
        unique=True,
        sqlite_where=sa.text("status = 'valid'"),
        postgresql_where=sa.text("status = 'valid'"),
    )
    op.create_table(
        "drawn_place",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("draw_id", sa.Uuid(), nullable=False),
        sa.Column("entrant_id", sa.Uuid(), nullable=False),
        sa.Column("start_order", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["draw_id"], ["draw.id"], name=op.f("fk_drawn_place_draw_id")),
        sa.ForeignKeyConstraint(
            ["event_id", "entrant_id"],
            ["entrant.event_id", "entrant.id"],
            name=op.f("fk_drawn_place_event_id_entrant_id"),
        ),
        sa.PrimaryKeyConstraint("event_id", "draw_id", "entrant_id", name=op.f("pk_drawn_place")),
        sa.UniqueConstraint(
            "event_id",
            "draw_id",
            "code",
            name=op.f("uq_drawn_place_event_id_draw_id_code"),
        ),
        sa.UniqueConstraint(
            "event_id",
            "draw_id",
            "start_order",
            name=op.f("uq_drawn_place_event_id_draw_id_start_order"),
        ),
    )
    op.create_table(
        "entrant_decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entrant_id", sa.Uuid(), nullable=False),
        sa.Column("before", sa.String(length=20), nullable=False),
        sa.Column("after", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["entrant_id"], ["entrant.id"], name=op.f("fk_entrant_decision_entrant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entrant_decision")),
    )
    op.create_index(
        op.f("ix_entrant_decision_entrant_id"),
        "entrant_decision",
        ["entrant_id"],
        unique=False,
    )
    op.create_table(
        "entrant_member",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("entrant_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id", "entrant_id"],
            ["entrant.event_id", "entrant.id"],
            name=op.f("fk_entrant_member_event_id_entrant_id"),
        ),
        sa.ForeignKeyConstraint(["worker_id"], ["worker.id"], name=op.f("fk_entrant_member_worker_id")),
        sa.PrimaryKeyConstraint("event_id", "entrant_id", "position", name=op.f("pk_entrant_member")),
    )
    op.create_index(
        op.f("ix_entrant_member_worker_id"),
        "entrant_member",
        ["worker_id"],
        unique=False,
    )
    op.create_index(
        "uq_entrant_member_event_id_worker_id",
        "entrant_member",
        ["event_id", "worker_id"],
        unique=True,
        sqlite_where=sa.text("active"),
        postgresql_where=sa.text("active"),
    )
    op.create_table(
        "question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("drill_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("stem", sa.String(length=1000), nullable=False),
        sa.Column("options", sa.Text(), nullable=False),
        sa.Column("correct", sa.Text(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("explanation", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(["drill_id"], ["drill.id"], name=op.f("fk_question_drill_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
        sa.UniqueConstraint("drill_id", "number", name=op.f("uq_question_drill_id_number")),
    )
    op.create_index(op.f("ix_question_drill_id"), "question", ["drill_id"], unique=False)
    op.create_table(
        "result_revision",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("rule_set_version_id", sa.Uuid(), nullable=False),
        sa.Column("reconciliation", sa.Text(), nullable=False),
        sa.Column("advancement", sa.Text(), nullable=True),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("prepared_by", sa.Uuid(), nullable=True),
        sa.Column("prepared_by_name", sa.String(length=200), nullable=False),
        sa.Column("contest", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_result_revision_event_id")),
        sa.ForeignKeyConstraint(
            ["rule_set_version_id"],
            ["rule_set_version.id"],
            name=op.f("fk_result_revision_rule_set_version_id"),
        ),
        sa.PrimaryKeyConstraint("event_id", "id", name=op.f("pk_result_revision")),
        sa.UniqueConstraint("event_id", "number", name=op.f("uq_result_revision_event_id_number")),
    )
    op.create_table(
        "sheet",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("draw_id", sa.Uuid(), nullable=False),
        sa.Column("module", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("start_order", sa.Integer(), nullable=False),
        sa.Column("seat_label", sa.String(length=8), nullable=False),
        sa.Column("lead", sa.Boolean(), nullable=False),
        sa.Column("judge_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["draw_id"], ["draw.id"], name=op.f("fk_sheet_draw_id")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_sheet_event_id")),
        sa.ForeignKeyConstraint(["judge_id"], ["judge.id"], name=op.f("fk_sheet_judge_id")),
        sa.PrimaryKeyConstraint("event_id", "id", name=op.f("pk_sheet")),
        sa.UniqueConstraint(
            "event_id",
            "module",
            "code",
            "seat_label",
            name=op.f("uq_sheet_event_id_module_code_seat_label"),
        ),
    )
    op.create_index(op.f("ix_sheet_judge_id"), "sheet", ["judge_id"], unique=False)
    op.create_table(
        "certificate_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("certificate_id", sa.Uuid(), nullable=False),
        sa.Column("after", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["certificate_id"],
            ["certificate.id"],
            name=op.f("fk_certificate_change_certificate_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_change")),
    )
    op.create_index(
        op.f("ix_certificate_change_certificate_id"),
        "certificate_change",
        ["certificate_id"],
        unique=False,
    )
    op.create_table(
        "drill_rank",
        sa.Column("drill_id", sa.Uuid(), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("score", sa.BigInteger(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("entrant_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_drill_rank_attempt_id")),
        sa.ForeignKeyConstraint(["drill_id"], ["drill.id"], name=op.f("fk_drill_rank_drill_id")),
        sa.ForeignKeyConstraint(["worker_id"], ["worker.id"], name=op.f("fk_drill_rank_worker_id")),
        sa.PrimaryKeyConstraint("drill_id", "worker_id", name=op.f("pk_drill_rank")),
    )
    op.create_table(
        "mark",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("sheet_id", sa.Uuid(), nullable=False),
        sa.Column("aspect", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("op_id", sa.Uuid(), nullable=False),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(value IS NULL) = (state <> 'value')", name=op.f("ck_mark_value_or_state")),
        sa.ForeignKeyConstraint(
            ["event_id", "sheet_id"],
            ["sheet.event_id", "sheet.id"],
            name=op.f("fk_mark_event_id_sheet_id"),
        ),
        sa.PrimaryKeyConstraint("event_id", "sheet_id", "aspect", "kind", name=op.f("pk_mark")),
    )
    op.create_table(
        "promotion_case",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("certificate_id", sa.Uuid(), nullable=False),
        sa.Column("table_id", sa.Uuid(), nullable=False),
        sa.Column("table_row", sa.Integer(), nullable=False),
        sa.Column("occupation_code", sa.String(length=12), nullable=False),
        sa.Column("grade_before", sa.String(length=30), nullable=True),
        sa.Column("target", sa.String(length=30), nullable=False),
        sa.Column("working", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("document_number", sa.String(length=100), nullable=False),
        sa.Column("grade_record_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"],
            ["certificate.id"],
            name=op.f("fk_promotion_case_certificate_id"),
        ),
        sa.ForeignKeyConstraint(
            ["grade_record_id"],
            ["grade_record.id"],
            name=op.f("fk_promotion_case_grade_record_id"),
        ),
        sa.ForeignKeyConstraint(
            ["occupation_code"],
            ["occupation.code"],
            name=op.f("fk_promotion_case_occupation_code"),
        ),
        sa.ForeignKeyConstraint(
            ["table_id"],
            ["promotion_table.id"],
            name=op.f("fk_promotion_case_table_id"),
        ),
        sa.ForeignKeyConstraint(["worker_id"], ["worker.id"], name=op.f("fk_promotion_case_worker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promotion_case")),
        sa.UniqueConstraint("certificate_id", name=op.f("uq_promotion_case_certificate_id")),
    )
    op.create_index(op.f("ix_promotion_case_state"), "promotion_case", ["state"], unique=False)
    op.create_index(
        op.f("ix_promotion_case_worker_id"),
        "promotion_case",
        ["worker_id"],
        unique=False,
    )
    op.create_table(
        "publication",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id", "revision_id"],
            ["result_revision.event_id", "result_revision.id"],
            name=op.f("fk_publication_event_id_revision_id"),
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_publication_event_id")),
        sa.PrimaryKeyConstraint("event_id", "id", name=op.f("pk_publication")),
        sa.UniqueConstraint("event_id", "revision_id", name=op.f("uq_publication_event_id_revision_id")),
    )
    op.create_index(op.f("ix_publication_at"), "publication", ["at"], unique=False)
    op.create_table(
        "publication_approval",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id", "revision_id"],
            ["result_revision.event_id", "result_revision.id"],
            name=op.f("fk_publication_approval_event_id_revision_id"),
        ),
        sa.PrimaryKeyConstraint("event_id", "id", name=op.f("pk_publication_approval")),
        sa.UniqueConstraint(
            "event_id",
            "revision_id",
            "by_id",
            name=op.f("uq_publication_approval_event_id_revision_id_by_id"),
        ),
    )
    op.create_table(
        "result_line",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("entrant_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("total", sa.BigInteger(), nullable=True),
        sa.Column("award", sa.String(length=40), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("display_name", sa.String(length=400), nullable=False),
        sa.Column("delegation_name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id", "entrant_id"],
            ["entrant.event_id", "entrant.id"],
            name=op.f("fk_result_line_event_id_entrant_id"),
        ),
        sa.ForeignKeyConstraint(
            ["event_id", "revision_id"],
            ["result_revision.event_id", "result_revision.id"],
            name=op.f("fk_result_line_event_id_revision_id"),
        ),
        sa.PrimaryKeyConstraint("event_id", "revision_id", "entrant_id", name=op.f("pk_result_line")),
        sa.UniqueConstraint(
            "event_id",
            "revision_id",
            "position",
            name=op.f("uq_result_line_event_id_revision_id_position"),
        ),
    )
    op.create_index("ix_result_line_entrant", "result_line", ["entrant_id"], unique=False)
    op.create_table(
        "signature",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sheet_id", sa.Uuid(), nullable=False),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id", "sheet_id"],
            ["sheet.event_id", "sheet.id"],
            name=op.f("fk_signature_event_id_sheet_id"),
        ),
        sa.PrimaryKeyConstraint("event_id", "id", name=op.f("pk_signature")),
    )
    op.create_index(op.f("ix_signature_sheet_id"), "signature", ["sheet_id"], unique=False)
    op.create_table(
        "case_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("before", sa.String(length=20), nullable=False),
        sa.Column("after", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["promotion_case.id"], name=op.f("fk_case_step_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_step")),
    )
    op.create_index(op.f("ix_case_step_case_id"), "case_step", ["case_id"], unique=False)
    if (
        op.get_bind().dialect.name != "sqlite"
    ):  # event and version name each other; SQLite cannot add this later
        op.create_foreign_key("fk_event_frozen_id", "event", "rule_set_version", ["frozen_id"], ["id"])
    for table, frozen in KEPT.items():
        keep_forever(table, frozen=frozen)


def downgrade() -> None:
    for table in KEPT:
        let_go(table)
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint("fk_event_frozen_id", "event", type_="foreignkey")
    op.drop_index(op.f("ix_case_step_case_id"), table_name="case_step")
    op.drop_table("case_step")
    op.drop_index(op.f("ix_signature_sheet_id"), table_name="signature")
    op.drop_table("signature")
    op.drop_index("ix_result_line_entrant", table_name="result_line")
    op.drop_table("result_line")
    op.drop_table("publication_approval")
    op.drop_index(op.f("ix_publication_at"), table_name="publication")
    op.drop_table("publication")
    op.drop_index(op.f("ix_promotion_case_worker_id"), table_name="promotion_case")
    op.drop_index(op.f("ix_promotion_case_state"), table_name="promotion_case")
    op.drop_table("promotion_case")
    op.drop_table("mark")
    op.drop_table("drill_rank")
    op.drop_index(op.f("ix_certificate_change_certificate_id"), table_name="certificate_change")
    op.drop_table("certificate_change")
    op.drop_index(op.f("ix_sheet_judge_id"), table_name="sheet")
    op.drop_table("sheet")
    op.drop_table("result_revision")
    op.drop_index(op.f("ix_question_drill_id"), table_name="question")
    op.drop_table("question")
    op.drop_index(
        "uq_entrant_member_event_id_worker_id",
        table_name="entrant_member",
        sqlite_where=sa.text("active"),
        postgresql_where=sa.text("active"),
    )
    op.drop_index(op.f("ix_entrant_member_worker_id"), table_name="entrant_member")
    op.drop_table("entrant_member")
    op.drop_index(op.f("ix_entrant_decision_entrant_id"), table_name="entrant_decision")
    op.drop_table("entrant_decision")
    op.drop_table("drawn_place")
    op.drop_index(
        "uq_certificate_one_valid",
        table_name="certificate",
        sqlite_where=sa.text("status = 'valid'"),
        postgresql_where=sa.text("status = 'valid'"),
    )
    op.drop_index(op.f("ix_certificate_worker_id"), table_name="certificate")
    op.drop_index(op.f("ix_certificate_event_id"), table_name="certificate")
    op.drop_index(op.f("ix_certificate_entrant_id"), table_name="certificate")
    op.drop_table("certificate")
    op.drop_index(op.f("ix_attempt_worker_id"), table_name="attempt")
    op.drop_table("attempt")
    op.drop_index(op.f("ix_advance_parent_event_id"), table_name="advance")
    op.drop_index(op.f("ix_advance_parent_entrant_id"), table_name="advance")
    op.drop_table("advance")
    op.drop_index(
        "uq_seat_event_id_module_label",
        table_name="seat",
        sqlite_where=sa.text("released_at IS NULL"),
        postgresql_where=sa.text("released_at IS NULL"),
    )
    op.drop_index(
        "uq_seat_event_id_module_judge_id",
        table_name="seat",
        sqlite_where=sa.text("released_at IS NULL"),
        postgresql_where=sa.text("released_at IS NULL"),
    )
    op.drop_index(op.f("ix_seat_judge_id"), table_name="seat")
    op.drop_table("seat")
    op.drop_index(op.f("ix_rule_set_version_event_id"), table_name="rule_set_version")
    op.drop_table("rule_set_version")
    op.drop_index("ix_mark_operation_device", table_name="mark_operation")
    op.drop_index("ix_mark_operation_cell", table_name="mark_operation")
    op.drop_table("mark_operation")
    op.drop_index(op.f("ix_event_move_event_id"), table_name="event_move")
    op.drop_table("event_move")
    op.drop_index(op.f("ix_entrant_import_event_id"), table_name="entrant_import")
    op.drop_table("entrant_import")
    op.drop_index(op.f("ix_entrant_source_id"), table_name="entrant")
    op.drop_index("ix_entrant_event_state", table_name="entrant")
    op.drop_index(op.f("ix_entrant_delegation_id"), table_name="entrant")
    op.drop_table("entrant")
    op.drop_index(op.f("ix_drill_organisation_id"), table_name="drill")
    op.drop_index(op.f("ix_drill_event_id"), table_name="drill")
    op.drop_table("drill")
    op.drop_index(op.f("ix_draw_event_id"), table_name="draw")
    op.drop_table("draw")
    op.drop_index(op.f("ix_device_account_id"), table_name="device")
    op.drop_table("device")
    op.drop_table("certificate_series")
    op.drop_index(op.f("ix_grade_record_worker_id"), table_name="grade_record")
    op.drop_table("grade_record")
    op.drop_index(op.f("ix_event_state"), table_name="event")
    op.drop_index(op.f("ix_event_parent_id"), table_name="event")
    op.drop_index(op.f("ix_event_occupation_code"), table_name="event")
    op.drop_index(op.f("ix_event_competition_id"), table_name="event")
    op.drop_table("event")
    op.drop_index(op.f("ix_delegation_organisation_id"), table_name="delegation")
    op.drop_index(op.f("ix_delegation_leader_account_id"), table_name="delegation")
    op.drop_index(op.f("ix_delegation_competition_id"), table_name="delegation")
    op.drop_table("delegation")
    op.drop_index(op.f("ix_worker_sort_key"), table_name="worker")
    op.drop_index(op.f("ix_worker_search_key"), table_name="worker")
    op.drop_index(op.f("ix_worker_occupation_code"), table_name="worker")
    op.drop_index(op.f("ix_worker_employer_id"), table_name="worker")
    op.drop_table("worker")
    op.drop_index("ix_role_grant_scope", table_name="role_grant")
    op.drop_index(op.f("ix_role_grant_account_id"), table_name="role_grant")
    op.drop_table("role_grant")
    op.drop_index(op.f("ix_promotion_table_authority_id"), table_name="promotion_table")
    op.drop_table("promotion_table")
    op.drop_index(op.f("ix_judge_organisation_id"), table_name="judge")
    op.drop_table("judge")
    op.drop_index(op.f("ix_competition_host_id"), table_name="competition")
    op.drop_table("competition")
    op.drop_index(op.f("ix_audit_entry_subject_id"), table_name="audit_entry")
    op.drop_index(op.f("ix_audit_entry_kind"), table_name="audit_entry")
    op.drop_index(op.f("ix_audit_entry_by_id"), table_name="audit_entry")
    op.drop_index(op.f("ix_audit_entry_at"), table_name="audit_entry")
    op.drop_table("audit_entry")
    op.drop_index(op.f("ix_verification_miss_minute"), table_name="verification_miss")
    op.drop_table("verification_miss")
    op.drop_index("ix_sign_in_failure_name", table_name="sign_in_failure")
    op.drop_index("ix_sign_in_failure_address", table_name="sign_in_failure")
    op.drop_table("sign_in_failure")
    op.drop_index(op.f("ix_organisation_parent_id"), table_name="organisation")
    op.drop_table("organisation")
    op.drop_index(op.f("ix_operation_queued_by"), table_name="operation")
    op.drop_index(op.f("ix_operation_event_id"), table_name="operation")
    op.drop_index(
        "ix_operation_due",
        table_name="operation",
        sqlite_where=sa.text("state IN ('queued', 'running')"),
        postgresql_where=sa.text("state IN ('queued', 'running')"),
    )
    op.drop_table("operation")
    op.drop_table("occupation")
    op.drop_table("audit_chain")
    op.drop_table("account")
