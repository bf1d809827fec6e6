"""HSH: cylinders and money, told straight."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from hsh.config import Settings


def create_app(settings: Settings | None = None, *, commands: bool = True) -> Flask:
    """Assemble the application; a server does without ``commands`` and all that they import.

    The web is imported here and not above: a child process that renders a document needs
    ``hsh.documents`` alone.

    Raises:
        UnsafeSettings: the settings would put the books at risk.

    """
    from flask import Flask  # noqa: PLC0415

    from hsh import blueprints, config  # noqa: PLC0415
    from hsh.db import db, engine_options, prepare  # noqa: PLC0415

    settings = settings or config.load()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    app = Flask(__name__)
    app.config.from_mapping(
        HSH=settings,
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url),
    )
    db.init_app(app)
    with app.app_context():
        prepare(db.engine)
    blueprints.register(app)
    if commands:
        from hsh import cli  # noqa: PLC0415

        cli.register(app)
    return app
