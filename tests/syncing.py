"""A tablet without a screen: the items that its queue holds, and the sending of them."""

from datetime import date
from itertools import count
from uuid import uuid4

from hsh.core import clock
from hsh.db import db
from hsh.queries.verify import verify
from tests.visitor import Visitor

_NOT_HERE = {"registry.as_audited", "registry.people_as_audited", "guards.in_place"}
"""A given world's registry has no audit entries, and the app's account does not see the guards."""
_seq = count(1)


class Tablet(Visitor):
    """A person's tablet; ``send`` answers with the JSON of /sync."""

    device = "tablet-1"

    def __init__(self, app, person):
        super().__init__(app)
        self.person = person
        self.enter(person)

    def post_json(self, path, body, *, csrf=True):
        headers = {"X-CSRFToken": self.csrf_token()} if csrf else {}
        return self.client.post(path, json=body, headers=headers)

    def send(self, *items, **envelope):
        answer = self.post_json("/sync", self.envelope(*items, **envelope))
        assert answer.status_code == 200, answer.text
        return answer.json

    def envelope(self, *items, **more):
        return {
            "device_id": self.device,
            "device_now": clock.now().isoformat(),
            "items": list(items),
        } | more

    def states(self, *items):
        return [result["state"] for result in self.send(*items)["results"]]

    def item(self, op, path, fields, *refs, **more):
        """One form of this tablet's person; ``refs`` are the items that it needs."""
        return {
            "client_temp_id": str(uuid4()),
            "op": op,
            "schema": 1,
            "seq": next(_seq),
            "captured_at": clock.now().isoformat(),
            "user": str(self.person.ref),
            "path": path,
            "fields": {name: str(value) for name, value in fields.items()},
            "refs": [one["client_temp_id"] for one in refs],
        } | more

    def plan(self, world, **counts):
        """A load of the world's truck: {"C127": 5}."""
        fields = {
            "way": "load",
            "depot": world.depot.ref,
            "truck": world.truck.ref,
            "driver": world.driver.ref,
            "planned_on": date.isoformat(clock.today()),
        }
        out = {f"out_full-{code}": n for code, n in counts.items()}
        return self.item("distribution.plan", "/distributions/plan", fields | out)

    def confirm(self, plan):
        path = f"/distributions/{plan['client_temp_id']}/confirm"
        return self.item("distribution.confirm", path, {}, plan)

    def sale(self, world, *refs, **counts):
        """A sale of full cylinders at the world's site: {"C127": 2}."""
        fields = {"source": world.truck.ref, "payment_method": "cash"}
        sold = {f"delivery-{code}": n for code, n in counts.items()}
        return self.item(
            "sale.confirm", f"/sites/{world.site.ref}/sale", fields | sold, *refs
        )  # fmt: skip


def broken(data_dir):
    """Return the laws that the books break."""
    checks = verify(db.engine, data_dir=data_dir)
    return [one for one in checks if not one.ok and one.name not in _NOT_HERE]
