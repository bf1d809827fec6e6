"""Request, form, command, service, render: the web."""

from __future__ import annotations

from flask import Flask

from hsh.blueprints import (
    access,
    books,
    device,
    errors,
    founding,
    home,
    identity,
    language,
    logistics,
    making,
    navigation,
    registry,
    render,
    requestlog,
    sales,
    security,
    setup,
    static,
    toasts,
)
from hsh.blueprints.device import ops

_AREAS = (registry, logistics, sales, books, device)


def register(app: Flask) -> None:
    """Give ``app`` its pages.

    What stands first sees a request first: it is logged, then signed in and let through, and only
    then is its form's token checked, so that a signed-out person is told to sign in.

    Raises:
        RuntimeError: a route has no rule that says who may use it (law 11).

    """
    language.register(app)
    requestlog.register(app)
    identity.register(app)
    access.register(app)
    security.register(app)
    errors.register(app)
    static.register(app)
    render.register(app)
    toasts.register(app)
    navigation.register(app)
    ops.register(app)
    making.register(app)
    for blueprint in (home.bp, founding.bp, setup.bp):
        app.register_blueprint(blueprint)
    for area in _AREAS:
        for blueprint in area.BLUEPRINTS:
            app.register_blueprint(blueprint)
    access.check(app)
