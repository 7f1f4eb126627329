"""Alembic migrations; `schema` runs and checks them."""
