"""Run migrations as the owner of the tables (HSH_MIGRATE_URL), not as the app's account."""

from __future__ import annotations

from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import String, Text, create_engine
from sqlalchemy.types import TypeDecorator

from hsh import models  # noqa: F401 - tells the metadata of every table
from hsh.db import Base, engine_options, prepare
from hsh.models.types import IdType


def render_item(kind: str, item: Any, _context: Any) -> str | bool:
    """Write our own column types by their names instead of spelling out their variants."""
    if kind != "type":
        return False
    if isinstance(item, TypeDecorator):
        return f"types.{type(item).__name__}()"
    if isinstance(item, Text):
        return "types.LongText"
    if isinstance(item, String) and "mysql" in item._variant_mapping:  # noqa: SLF001
        return f"types.code({item.length})"
    return "types.IdType" if item is IdType else False


def run() -> None:
    url = current_app.config["HSH"].migrate_url
    engine = create_engine(url, **engine_options(url))
    prepare(engine)
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            render_item=render_item,
            compare_type=False,
        )
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


run()
