"""Tryton making sales in a SQLite file of its own; runs in an environment of its own.

``python tryton.py`` sets a company up, says ``ready``, and answers each line on standard
input with the seconds that one sale took: quoted, confirmed, invoiced, posted and paid, its goods
picked, packed and delivered, through Tryton's own models and as its own scripts do it.
"""

from __future__ import annotations

import sys
import time
from decimal import Decimal
from typing import Any

from proteus import Model
from trytond.modules.account.tests.tools import (
    create_chart,
    create_fiscalyear,
    create_tax,
    get_accounts,
)
from trytond.modules.account_invoice.tests.tools import set_fiscalyear_invoice_sequences
from trytond.modules.company.tests.tools import create_company
from trytond.tests.tools import activate_modules

PLENTY = 1_000_000.0


def main() -> None:
    """Set up, then sell when told to."""
    activate_modules("sale", create_company, create_chart).skip_warning = True
    products, customer, cash = _set_up()
    say("ready")
    for _ in sys.stdin:
        began = time.perf_counter()
        _sell(customer, products, cash)
        say(str(time.perf_counter() - began))


def say(text: str) -> None:
    """Answer with one line."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _set_up() -> tuple[list[Any], Any, Any]:
    """Return a product in stock and two services, a customer, and the way to pay in cash."""
    set_fiscalyear_invoice_sequences(create_fiscalyear()).click("create_period")
    accounts = get_accounts()
    tax = create_tax(Decimal("0.09"))
    tax.save()
    category = Model.get("product.category")(name="Gas", accounting=True)
    category.account_expense, category.account_revenue = accounts["expense"], accounts["revenue"]
    category.customer_taxes.append(tax)
    category.save()
    goods = _product("CYL 12.7 kg", "goods", "38.80", category)
    services = [
        _product(name, "service", price, category)
        for name, price in (("Gas, m3", "4.85"), ("Delivery fee", "6.00"))
    ]
    customer = Model.get("party.party")(name="Golden Ladle Eating House Pte Ltd")
    customer.save()
    _count_in(goods)
    return [goods, *services], customer, _cash(accounts["cash"])


def _product(name: str, kind: str, price: str, category: Any) -> Any:
    [unit] = Model.get("product.uom").find([("name", "=", "Unit")])
    template = Model.get("product.template")(name=name, type=kind, salable=True)
    template.default_uom = unit
    template.list_price = Decimal(price)
    template.account_category = category
    template.save()
    [product] = template.products
    return product


def _cash(account: Any) -> Any:
    method = Model.get("account.invoice.payment.method")(name="Cash")
    [method.journal] = Model.get("account.journal").find([("type", "=", "cash")])
    method.credit_account = method.debit_account = account
    method.save()
    return method


def _count_in(product: Any) -> None:
    inventory = Model.get("stock.inventory")()
    [inventory.location] = Model.get("stock.location").find([("code", "=", "STO")])
    line = inventory.lines.new(product=product)
    line.quantity, line.expected_quantity = PLENTY, 0.0
    inventory.click("confirm")


def _sell(customer: Any, products: list[Any], cash: Any) -> None:
    """Make one sale with invoice, stock moves and payment, step by step as Tryton's client does."""
    sale = Model.get("sale.sale")(party=customer, invoice_method="order")
    for product in products:
        sale.lines.new(product=product).quantity = 1.0
    for step in ("quote", "confirm"):
        sale.click(step)
    [invoice], [shipment] = sale.invoices, sale.shipments
    invoice.click("post")
    payment = invoice.click("pay")
    payment.form.payment_method = cash
    payment.execute("choice")
    invoice.reload()
    for step in ("assign_try", "pick", "pack", "do"):
        shipment.click(step)
    if (invoice.state, shipment.state) != ("paid", "done"):
        raise RuntimeError("the sale was not finished")


if __name__ == "__main__":
    main()
