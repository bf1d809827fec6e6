"""Settings from the environment, checked at start."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MIN_SECRET = 32
"""Shortest secret key, in characters, that production takes."""


class UnsafeSettings(SystemExit):
    """The settings would put the books at risk; the message says what to set."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything the environment decides. ``flask doctor`` lists them."""

    production: bool
    database_url: str
    migrate_url: str
    secret_key: str
    data_dir: Path
    """Where stored documents live."""
    proxies: int
    """How many proxies in front are trusted to tell the client's address."""
    hosts: tuple[str, ...] = ()
    """The names that this server answers to; empty: any."""
    offline: bool = True
    """Whether tablets keep pages for when there is no network; off takes the worker away."""


def load(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings.

    Raises:
        UnsafeSettings: a value is wrong, or production lacks what keeps it safe.

    """
    production = _mode(environ) == "production"
    data_dir = Path(environ.get("HSH_DATA_DIR") or ROOT / "instance")
    url = environ.get("DATABASE_URL") or f"sqlite:///{data_dir / 'hsh.sqlite3'}"
    return Settings(
        production=production,
        database_url=url,
        migrate_url=environ.get("HSH_MIGRATE_URL") or url,
        secret_key=_secret(environ, data_dir, production=production),
        data_dir=data_dir,
        proxies=_whole(environ, "HSH_PROXIES", 0),
        hosts=tuple(environ.get("HSH_HOSTS", "").replace(",", " ").split()),
        offline=_switch(environ, "HSH_OFFLINE"),
    )


def _mode(environ: Mapping[str, str]) -> str:
    mode = environ.get("HSH_ENV", "local")
    if mode not in {"local", "production"}:
        raise UnsafeSettings(f"HSH_ENV is {mode!r}; it must be local or production.")
    return mode


def _switch(environ: Mapping[str, str], name: str) -> bool:
    text = environ.get(name) or "on"
    if text not in {"on", "off"}:
        raise UnsafeSettings(f"{name} is {text!r}; it must be on or off.")
    return text == "on"


def _whole(environ: Mapping[str, str], name: str, default: int) -> int:
    text = environ.get(name) or str(default)
    if not text.isascii() or not text.isdigit():
        raise UnsafeSettings(f"{name} is {text!r}; it must be a whole number.")
    return int(text)


def _secret(environ: Mapping[str, str], data_dir: Path, *, production: bool) -> str:
    key = environ.get("HSH_SECRET_KEY", "")
    if key and (len(key) >= MIN_SECRET or not production):
        return key
    if production:
        raise UnsafeSettings(
            f"HSH_SECRET_KEY must be set to at least {MIN_SECRET} random characters in"
            " production. Make one with: python3 -c 'import secrets; print(secrets.token_hex(32))'"
        )
    return _local_secret(data_dir / "secret_key")


def _local_secret(path: Path) -> str:
    """Return the laptop's own key, made once, readable by its owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
            new.write(secrets.token_hex(32))
    except FileExistsError:
        pass
    return path.read_text()
