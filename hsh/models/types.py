"""Column types that read and write the same on SQLite, MariaDB and MySQL."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, override
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    Dialect,
    Integer,
    String,
    Text,
    TypeDecorator,
)
from sqlalchemy import column as sql_column
from sqlalchemy.dialects import mysql
from sqlalchemy.orm import mapped_column
from sqlalchemy.types import TypeEngine

from hsh.core.money import PLACES

_MYSQL = ("mysql", "mariadb")


def code(length: int) -> TypeEngine[str]:
    """Return a type for codes, refs and hashes: ASCII, compared byte by byte."""
    return String(length).with_variant(
        mysql.VARCHAR(length, charset="ascii", collation="ascii_bin"), *_MYSQL
    )


class RefType(TypeDecorator[UUID]):
    """A record's public address, stored as 36 characters."""

    impl = String
    cache_ok = True

    @override
    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(code(36))

    @override
    def process_bind_param(self, value: UUID | None, dialect: Dialect) -> str | None:
        return None if value is None else str(value)

    @override
    def process_result_value(self, value: str | None, dialect: Dialect) -> UUID | None:
        return None if value is None else UUID(value)


class UtcType(TypeDecorator[datetime]):
    """An instant; aware and in UTC in Python, to the microsecond in every database."""

    impl = DateTime
    cache_ok = True

    @property
    @override
    def python_type(self) -> type[datetime]:
        return datetime

    @override
    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name in _MYSQL:
            return dialect.type_descriptor(mysql.DATETIME(fsp=6))
        return dialect.type_descriptor(DateTime())

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    @override
    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


class ExactType(TypeDecorator[Decimal]):
    """An exact decimal of four places, stored as a whole number of ten-thousandths (law 9).

    SQLite has no decimals: its NUMERIC goes through a float.
    """

    impl = BigInteger
    cache_ok = True

    @override
    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        scaled = value.scaleb(PLACES)
        if scaled != int(scaled):
            raise ValueError(f"{value} has more than {PLACES} decimal places")
        return int(scaled)

    @override
    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(int(value)).scaleb(-PLACES)


LongText = Text().with_variant(mysql.MEDIUMTEXT(collation="utf8mb4_bin"), *_MYSQL)
"""Canonical JSON, whose every byte counts. MySQL's own JSON type rewrites it."""

IdType = BigInteger().with_variant(Integer, "sqlite")

Id = Annotated[int, mapped_column(IdType, primary_key=True, autoincrement=True)]
OnlyRow = Annotated[int, mapped_column(IdType, primary_key=True, autoincrement=False)]
"""The id of a table that has one row."""
Ref = Annotated[UUID, mapped_column(RefType())]
UniqueRef = Annotated[UUID, mapped_column(RefType(), unique=True)]
Instant = Annotated[datetime, mapped_column(UtcType())]
Day = Annotated[date, mapped_column(Date())]
Exact = Annotated[Decimal, mapped_column(ExactType())]
Cents = Annotated[int, mapped_column(BigInteger())]
Count = Annotated[int, mapped_column(Integer())]
Word = Annotated[str, mapped_column(code(20))]
Code = Annotated[str, mapped_column(code(40))]
Number = Annotated[str, mapped_column(code(24))]
Hash = Annotated[str, mapped_column(code(64))]
Name = Annotated[str, mapped_column(String(200))]
Note = Annotated[str, mapped_column(String(1000))]
Long = Annotated[str, mapped_column(LongText)]


def one_of(column: str, words: type[StrEnum]) -> CheckConstraint:
    """Return a CHECK that ``column``, quoted where a database needs it, holds one of ``words``."""
    return CheckConstraint(sql_column(column).in_(list(words)), name=column)
