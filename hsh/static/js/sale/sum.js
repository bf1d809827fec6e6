// A visit as it is typed: what the boxes hold, what it comes to, and what a slip would say of it. What the page
// brought along for that (hsh/blueprints/sales/tablet.py) stands in the form's data-sale.

import { amount, decimal, percent, price } from "../print/slip/figures.js";
import { quote } from "./quote.js";

const EIGHT_HOURS = 8 * 3_600_000;
const DAY = 24 * 3_600_000;

export const known = (form) => JSON.parse(form.dataset.sale);
export const written = (value) => decimal(value).replace("-", "\u2212");

// The time in Singapore, as an ISO string without its offset.
const singapore = () => new Date(Date.now() + EIGHT_HOURS).toISOString().slice(0, 19);

export function readingOf(meter) {
  const part = (name) => meter.querySelector(`[data-part="${name}"]`).value;
  return {
    meter: meter.dataset.meter, kind: meter.querySelector("[type=radio]:checked").value,
    current: part("current"), final: part("final"), first: part("first"),
  };
}

function orderOf(form) {
  const begun = ({ kind, current, final, first }) => current || (kind === "change" && (final || first));
  const readings = [...form.querySelectorAll("[data-meter]")].map(readingOf).filter(begun);
  const boxes = [...form.querySelectorAll("[data-stepper] input")];
  const count = ({ value }) => (/^\d{0,9}$/.test(value) ? Number(value) : -1);
  return {
    on: singapore().slice(0, 10),
    method: form.elements.payment_method.value,
    readings: readings.sort((one, other) => (one.meter < other.meter ? -1 : 1)),
    counts: Object.fromEntries(boxes.map((box) => [box.name, count(box)])),
  };
}

export const money = (cents) => `${cents < 0 ? "\u2212" : ""}$${amount(Math.abs(cents))}`;
const fill = (pattern, name, value) => pattern.replace(`{${name}}`, value);

function row(label, cents, note) {
  const line = document.createElement("tr");
  const head = Object.assign(document.createElement("th"), { scope: "row", textContent: label });
  if (note) head.append(Object.assign(document.createElement("span"), { className: "note", textContent: note }));
  const cell = Object.assign(document.createElement("td"), { className: "number" });
  cell.append(Object.assign(document.createElement("span"), { className: `money${cents < 0 ? " owed" : ""}`, textContent: money(cents) }));
  line.append(head, cell);
  return line;
}

function rows({ lines, taxes, totals }, words) {
  const said = ({ kind, name, quantity, unit, unit_price, amount: cents }) =>
    row(fill(words.lines[kind], "name", name), cents, `${written(quantity)} ${words.units[unit]} \u00d7 $${price(unit_price)}`);
  const sums = taxes.length ? [
    row(words.net, totals.net),
    ...taxes.map(({ rate, tax }) => row(fill(words.gst, "rate", percent(rate)), tax)),
    row(words.gross, totals.gross),
  ] : [];
  for (const name of ["deposits", "rounding"]) if (totals[name]) sums.push(row(words[name], totals[name]));
  return [lines.map(said), sums];
}

function draw(form, found, words) {
  const sum = form.querySelector("#sum");
  const payable = found?.totals.payable;
  const pattern = payable < 0 ? words.confirm_back : words.confirm;
  document.getElementById("confirm-says").textContent = found ? fill(pattern, "amount", money(Math.abs(payable))) : words.plain;
  if (!found) {
    sum.replaceChildren(Object.assign(document.createElement("p"), { className: "empty", textContent: words.unpriced }));
    return;
  }
  const view = document.getElementById("sum-of-tablet").content.cloneNode(true);
  const [lines, sums] = rows(found, words);
  const [goods, taxes] = view.querySelectorAll("tbody");
  if (lines.length) goods.replaceChildren(...lines);
  taxes.replaceChildren(...sums);
  const [label, paid] = view.querySelector(".pay").children;
  label.textContent = payable < 0 ? words.back : words.pay;
  paid.textContent = money(Math.abs(payable));
  view.querySelector("input").value = payable;
  sum.replaceChildren(view);
}

// What it comes to, at once. Where there is a network the server's answer takes its place a moment later.
export function showTotal(form) {
  const { rates, words } = known(form);
  draw(form, quote(rates, orderOf(form)), words);
}

function dueOn(day, terms) {
  return terms === null ? null : new Date(Date.parse(day) + terms * DAY).toISOString().slice(0, 10);
}

// What a provisional slip says: the fields of `Sold` in hsh/documents/content.py. Null when the page had shown
// another total than the tablet's own: then the server's figures were newer than this page's.
export function sold(form) {
  const { rates, slip } = known(form);
  const order = orderOf(form);
  const found = quote(rates, order);
  if (!found || String(found.totals.payable) !== form.elements.claimed?.value) return null;
  const { terms_days: terms, buyer_reference: usual, ...parties } = slip;
  const { gross, deposits, payable } = found.totals;
  const onAccount = order.method === "on_account";
  return {
    ...parties, ...found,
    kind: gross + deposits < 0 ? "credit_note" : "invoice",
    issued_on: order.on, issued_at: `${singapore()}+08:00`, supply_on: order.on,
    due_on: onAccount ? dueOn(order.on, terms) : null,
    buyer_reference: form.elements.purchase_order.value.trim() || usual,
    payment: { method: order.method, paid: onAccount ? 0 : payable },
  };
}
