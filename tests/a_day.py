"""A day of work through the services, so that the books hold something of every kind."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

from hsh.blueprints.books.approvals import _carry_out
from hsh.core import clock
from hsh.core.words import Condition, Direction, Outside, PaymentMethod, ReadingKind
from hsh.queries.registry.places import outside
from hsh.services.books.approvals import (
    ApproveRequest,
    RefuseRequest,
    approving,
    refuse_request,
)
from hsh.services.books.work import work_once
from hsh.services.logistics.corrections import (
    AdjustStock,
    DumpStock,
    ReverseCorrection,
    StockLine,
    TransferStock,
    WriteOffStock,
    correct_stock,
    reverse_correction,
)
from hsh.services.logistics.counts import (
    CloseCount,
    CountLine,
    OpenCount,
    SaveCount,
    close_count,
    open_count,
    save_count,
)
from hsh.services.logistics.distributions import (
    ConfirmDistribution,
    ReverseDistribution,
    confirm_distribution,
    reverse_distribution,
)
from hsh.services.logistics.drafts import PlanDistribution, PlannedLine, plan_distribution
from hsh.services.sales import papers
from hsh.services.sales.discrepancies import CloseDiscrepancy, close_discrepancy
from hsh.services.sales.orders import ConfirmSale, CountEntry, CylinderEntry, ReadingEntry
from hsh.services.sales.papers import Press
from hsh.services.sales.receipts import print_receipt
from hsh.services.sales.transactions import confirm_sale
from hsh.services.sales.voids import VoidTransaction, void_transaction
from tests import given


def work(data_dir):
    """Load, sell, credit, void, reverse, transfer, print and store; return the world."""
    world = given.a_world(full_at_depot=0, cash_rounding=True)
    count_in(world, 100)
    load(world, {"C127": 20, "C50": 5})
    reverse_distribution(
        ReverseDistribution(
            actor=world.supervisor.actor, submission=uuid4(), distribution=load(world, {"C9": 4}).ref,
            reason="Wrong truck",
        )
    )  # fmt: skip
    first = sell(
        world,
        readings=[read(world, "100", "151.5")],
        cylinders=[CylinderEntry(equipment="C127", delivered=6)],
        services=[CountEntry(code="DELIVERY", quantity=1)],
        deposits=[CountEntry(code="DEP-C127", quantity=6)],
    )
    odd = sell(
        world,
        readings=[read(world, "151.5", "160", ReadingKind.ESTIMATED)],
        cylinders=[CylinderEntry(equipment="C127", delivered=1, collected=9)],
        payment_method=PaymentMethod.ON_ACCOUNT,
        accept_shortfall=True,
        claimed=1,
    )
    close_discrepancy(
        CloseDiscrepancy(
            actor=world.supervisor.actor, submission=uuid4(), transaction=odd.ref,
            reason="Counted again",
        )
    )  # fmt: skip
    sell(
        world,
        cylinders=[CylinderEntry(equipment="C127", delivered=2)],
        refunds=[CountEntry(code="DEP-C127", quantity=2)],
    )
    sell(world, cylinders=[CylinderEntry(equipment="C127", returned_full=1, returned_part=1)])
    mistake = sell(
        world,
        readings=[read(world, "151.5", "165")],
        cylinders=[CylinderEntry(equipment="C50", delivered=2)],
    )
    void_transaction(
        VoidTransaction(
            actor=world.supervisor.actor, submission=uuid4(), transaction=mistake.ref,
            reason="Wrong site",
        )
    )  # fmt: skip
    move_between_depots(world)
    put_right(world)
    count_again(world)
    have_approved(world)
    print_receipt(world.driver.actor, first.ref)
    print_receipt(world.driver.actor, first.ref)
    press = Press(render=printed, directory=data_dir)
    for _ in range(3):
        work_once(papers.work(press))
    return world


def count_in(world, full):
    """Begin with so many full cylinders of each size at the depot."""
    correct_stock(
        AdjustStock(
            actor=world.supervisor.actor, submission=uuid4(), place=world.depot.ref,
            reason="Opening count",
            lines=tuple(
                StockLine(equipment=code, condition=Condition.FULL, quantity=full)
                for code in world.sizes
            ),
        )
    )  # fmt: skip


def load(world, counts):
    """Plan and confirm a distribution of full cylinders onto the truck."""
    plan = plan_distribution(
        PlanDistribution(
            actor=world.supervisor.actor, submission=uuid4(), depot=world.depot.ref,
            truck=world.truck.ref, driver=world.driver.ref, planned_on=clock.today(),
            lines=tuple(
                PlannedLine(
                    direction=Direction.OUT, equipment=code, condition=Condition.FULL, quantity=count
                )
                for code, count in counts.items()
            ),
        )
    )  # fmt: skip
    return confirm_distribution(
        ConfirmDistribution(actor=world.supervisor.actor, submission=uuid4(), distribution=plan.ref)
    )


def sell(world, *, payment_method=PaymentMethod.CASH, **entered):
    """Sell at the world's site from its truck, an hour after the driver took it down."""
    return confirm_sale(
        ConfirmSale(
            actor=world.driver.actor, submission=uuid4(), site=world.site.ref,
            source=world.truck.ref, payment_method=payment_method,
            captured_at=clock.now() - timedelta(hours=1), device="tablet-1",
            **{name: tuple(some) if isinstance(some, list) else some for name, some in entered.items()},
        )
    )  # fmt: skip


def read(world, previous, current, kind=ReadingKind.NORMAL):
    return ReadingEntry(
        meter=world.meter.ref, kind=kind, previous=Decimal(previous), current=Decimal(current)
    )


def move_between_depots(world):
    other = given.a_depot("TUAS")
    given.put(given.people.UserDepot(user_id=world.supervisor.id, depot_id=other.id))
    correct_stock(
        TransferStock(
            actor=world.supervisor.actor, submission=uuid4(), place=world.depot.ref,
            other=other.ref, reason="Tuas is short",
            lines=(StockLine(equipment="C50", condition=Condition.FULL, quantity=7),),
        )
    )  # fmt: skip


def put_right(world):
    """Empty a cylinder, write one off, and take an adjustment back."""
    one = StockLine(equipment="C50", condition=Condition.FULL, quantity=1)
    sender = {"actor": world.supervisor.actor, "place": world.depot.ref, "lines": (one,)}
    correct_stock(DumpStock(submission=uuid4(), reason="It leaks", **sender))
    scrap = outside(Outside.SCRAP).ref
    correct_stock(WriteOffStock(submission=uuid4(), reason="Dented", other=scrap, **sender))
    mistake = correct_stock(AdjustStock(submission=uuid4(), reason="Counted", **sender))
    reverse_correction(
        ReverseCorrection(
            actor=world.supervisor.actor, submission=uuid4(), correction=mistake.ref,
            reason="It was there before",
        )
    )  # fmt: skip


def count_again(world):
    """Count what is at the depot: a cylinder of one size is missing."""
    sender = {"actor": world.supervisor.actor}
    count = open_count(OpenCount(submission=uuid4(), place=world.depot.ref, **sender)).ref
    lines = tuple(
        CountLine(equipment=size, condition=Condition.FULL, counted=counted)
        for size, counted in (("C9", 99), ("C14", 100))
    )
    save_count(SaveCount(submission=uuid4(), count=count, version=1, lines=lines, **sender))
    close_count(
        CloseCount(submission=uuid4(), count=count, version=2, reason="Nobody knows", **sender)
    )


def have_approved(world):
    """Ask for more than the limit twice; another supervisor approves one and refuses one."""
    given.limits(5)
    other = given.a_supervisor(world.depot).actor
    asked = [
        correct_stock(
            DumpStock(
                actor=world.supervisor.actor, submission=uuid4(), place=world.depot.ref,
                reason="The valves leak",
                lines=(StockLine(equipment=size, condition=Condition.FULL, quantity=6),),
            )
        )
        for size in ("C9", "C14")
    ]  # fmt: skip
    approve = approving(_carry_out)
    approve(ApproveRequest(actor=other, submission=uuid4(), request=asked[0].ref, reason="Seen"))
    refuse_request(
        RefuseRequest(
            actor=other, submission=uuid4(), request=asked[1].ref, reason="They are sound"
        )
    )


def printed(content, *, numbers, anchor, assets):
    """A stand-in for the PDF: the laws ask for its bytes alone."""
    return f"{numbers.document} {anchor.hash}".encode()
