"""Every act and every kind of record that the services audit has words."""

import re
from pathlib import Path

from hsh.blueprints.books import acts
from hsh.core.command import Command
from hsh.db import Base

SERVICES = Path(__file__).parents[3] / "hsh" / "services"
ACT = re.compile(
    r'(?:record|register|_note|_audit)\(\s*(?:[^()"]*(?:\([^()]*\))?,\s*)?"([a-z_]+\.[a-z_]+)"'
)


def audited():
    """Return the acts that stand as such in the services' code, and those of their commands."""
    import hsh.services.logistics.corrections
    import hsh.services.logistics.drafts
    import hsh.services.sales.papers
    import hsh.services.sales.voids  # noqa: F401

    source = "\n".join(path.read_text() for path in SERVICES.rglob("*.py"))
    return set(ACT.findall(source)) | set(ops(Command))


def ops(command):
    for heir in command.__subclasses__():
        ours = heir.__module__.startswith("hsh.")  # tests have commands of their own
        yield from ([heir.op] if ours and "op" in vars(heir) else [])
        yield from ops(heir)


def test_every_act_has_words(app):
    found = audited()
    assert {"user.add", "sale.confirm", "company.set", "depot.add", "session.open"} <= found
    assert found - acts.ACTIONS.keys() == set()


def test_every_act_can_be_chosen_in_the_filter(app, signed_in):
    from tests import given

    page = signed_in(given.an_admin()).get("/audit").text
    assert all(f'value="{act}"' in page for act in acts.ACTIONS)


def test_registry_tables_have_words(app):
    tables = {"customers", "sites", "depots", "vehicles", "equipment", "rates"}
    assert tables <= Base.metadata.tables.keys()
    assert all(acts.record(table) != table for table in tables)
