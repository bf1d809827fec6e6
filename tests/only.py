"""Which tests belong to one kind of database."""

import os

import pytest

on_sqlite = pytest.mark.skipif(
    "HSH_TEST_DATABASE" in os.environ,
    reason="on a server the application's account cannot damage the tables",
)
on_a_server = pytest.mark.skipif(
    "HSH_TEST_DATABASE" not in os.environ, reason="SQLite has no accounts"
)
