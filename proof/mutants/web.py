"""Breakages of who may do what, and of what comes from outside."""

from __future__ import annotations

from proof.mutants.mutant import Mutant, goal

MUTANTS = (
    Mutant(
        name="no look at whose record it is",
        file="hsh/queries/scope.py",
        old="    seen: list[ColumnElement[bool]] = [false()]\n",
        new="    seen: list[ColumnElement[bool]] = [true()]\n",
        tests=(goal("roles"),),
    ),
    Mutant(
        name="a list shows all that lies where a person's own is",
        file="hsh/queries/sales/journal.py",
        old="where=(scope.transactions(actor), *_conditions(actor, wanted)),",
        new="where=(*_conditions(actor, wanted),),",
        tests=("tests/queries/test_shelves.py",),
    ),
    Mutant(
        name="a truck stays the driver's for ever",
        file="hsh/queries/scope.py",
        old="        or_(Assignment.ends_on.is_(None), Assignment.ends_on >= day),\n",
        new="",
        tests=("tests/services/sales/test_confirm_sale.py",),
    ),
    Mutant(
        name="a service that asks no role",
        file="hsh/services/sales/voids.py",
        old="    require(command.actor.roles, command.op)\n",
        new="",
        tests=("tests/services/sales/test_void_transaction.py",),
    ),
    Mutant(
        name="a route for everybody",
        file="hsh/blueprints/sales/voids.py",
        old='@allow("sale.void")\ndef asked(',
        new='@allow("home")\ndef asked(',
        tests=(goal("roles"),),
    ),
    Mutant(
        name="a route without a rule",
        file="hsh/blueprints/books/stock.py",
        old='@allow("stock.view")\n',
        new="",
        tests=("tests/blueprints/test_access.py",),
    ),
    Mutant(
        name="who was switched off goes on",
        file="hsh/queries/registry/people.py",
        old="            UserSession.expires_at > now,\n            User.active,\n",
        new="            UserSession.expires_at > now,\n",
        tests=(goal("roles"),),
    ),
    Mutant(
        name="a form that takes what is not its own",
        file="hsh/blueprints/forms.py",
        old='"device": self.device_id.data or None,',
        new='"device": self.device_id.data or request.form.get("device"),',
        tests=(goal("fields"),),
    ),
    Mutant(
        name="signing in is not throttled",
        file="hsh/services/registry/sessions.py",
        old="    throttle.take(counters)\n    person = _recognised(attempt)\n",
        new="    person = _recognised(attempt)\n",
        tests=("tests/services/registry/test_sessions.py",),
    ),
    Mutant(
        name="the token stands in the database",
        file="hsh/services/registry/sessions.py",
        old="    return digest(token)\n",
        new="    return token[:64]\n",
        tests=("tests/services/registry/test_sessions.py",),
    ),
    Mutant(
        name="forms without a token",
        file="hsh/blueprints/security.py",
        old="    CSRFProtect(app)\n",
        new="",
        tests=("tests/blueprints/test_security.py",),
    ),
    Mutant(
        name="it leads on to anywhere",
        file="hsh/blueprints/access.py",
        old="    if foreign or parts.path in _DOORS",
        new="    if parts.path in _DOORS",
        tests=("tests/blueprints/registry/test_log_in.py",),
    ),
    Mutant(
        name="a remark is not escaped",
        file="hsh/templates/logistics/distributions/show.html",
        old='(_("Remarks"), run.remarks or none),',
        new='(_("Remarks"), (run.remarks | safe) or none),',
        tests=("tests/blueprints/logistics/test_plan.py",),
    ),
    Mutant(
        name="text with control characters",
        file="hsh/blueprints/fields.py",
        old="if _BIDI.search(text) or any(self._is_control(sign) for sign in text):",
        new="if _BIDI.search(text):",
        tests=("tests/blueprints/test_fields.py",),
    ),
    Mutant(
        name="a file that unpacks to more than its size is read",
        file="hsh/services/imports/sheet.py",
        old="    _check_no_bomb(data)\n",
        new="",
        tests=("tests/blueprints/registry/test_imports.py",),
    ),
    Mutant(
        name="a remark that looks like a time breaks its page",
        file="hsh/blueprints/books/values.py",
        old="    except (ValueError, OverflowError):  # a remark that only looks like one\n",
        new="    except LookupError:\n",
        tests=("tests/blueprints/books/test_audit.py",),
    ),
)
