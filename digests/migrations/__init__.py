"""Alembic migrations, run by the store (digests/store/engine.py)."""
