// The slip of a sale that is still on the tablet. Its bytes are those of hsh/documents/provisional.py for the
// same record, whose fields are those of `Sold` in hsh/documents/content.py.

import { encode } from "./escpos.js";
import { amount, day, decimal, money, percent, price } from "./figures.js";
import { BLANK, CUT, RULE, pair, says } from "./paper.js";
import { description, method, readings, unit } from "./wording.js";

const TITLE = "PROVISIONAL - NOT A TAX INVOICE";
const CENTER = { align: "center" };
const BIG = { bold: true, align: "center", size: "large" };
const DEPOSITS = new Set(["deposit", "deposit_refund"]);

const isDeposit = ({ kind }) => DEPOSITS.has(kind);
const copies = (copy) => (copy ? says(`COPY ${copy}`, BIG) : []);

// What a record without a number is called: the first eight digits of its ref.
export function shortCode(ref) {
  const digits = ref.replaceAll("-", "").slice(0, 8).toUpperCase();
  return `${digits.slice(0, 4)}-${digits.slice(4)}`;
}

function letterhead({ company }) {
  return [
    ...says(company.name, { bold: true, ...CENTER }),
    ...company.address.flatMap((part) => says(part, CENTER)),
    ...(company.phone ? says(`Tel ${company.phone}`, CENTER) : []),
    ...says(`UEN ${company.uen}`, CENTER),
    ...(company.gst_number ? says(`GST Reg. No. ${company.gst_number}`, CENTER) : []),
    RULE,
  ];
}

function identity(record, copy) {
  return [
    ...says(TITLE, { bold: true, align: "center", size: "tall" }),
    ...says(record.short_code, BIG),
    ...says("The numbered receipt follows, and decides", CENTER),
    ...copies(copy),
    BLANK,
    ...pair("Date", `${day(record.issued_on)} ${record.issued_at.slice(11, 16)}`),
    ...(record.buyer_reference ? pair("Your reference", record.buyer_reference) : []),
    RULE,
  ];
}

function parties({ customer, site }) {
  return [
    ...says(customer.name, { bold: true }),
    ...(customer.uen ? says(`UEN ${customer.uen}`) : []),
    ...says(`Supplied at ${site.name}`),
    ...site.address.flatMap((part) => says(part, { indent: 2 })),
    RULE,
  ];
}

function item(line) {
  const counted = `${decimal(line.quantity)} ${unit(line.unit)} x ${price(line.unit_price)}`;
  return [
    ...says(description(line)),
    ...(line.meter ? readings(line.meter).flatMap((said) => says(said, { indent: 2 })) : []),
    ...pair(counted, amount(line.amount), { indent: 2 }),
  ];
}

function sold(charges, lines) {
  return [
    ...(lines.length ? [] : says("Nothing was charged at this visit")),
    ...charges.flatMap(item),
    ...(charges.length ? [RULE] : []),
  ];
}

function taxes(record) {
  return record.taxes.flatMap(({ rate, net, tax }) => {
    const of = record.taxes.length === 1 ? "" : ` on ${money(net)}`;
    return pair(`GST ${percent(rate)}${of}`, amount(tax));
  });
}

function sums(record, charges) {
  const { net, gross } = record.totals;
  if (!charges.length) return [];
  if (record.company.gst_number === null) return pair("Total", amount(gross), { bold: true });
  return [
    ...pair("Total excluding GST", amount(net)),
    ...taxes(record),
    ...pair("Total including GST", amount(gross), { bold: true }),
  ];
}

function totals(record, charges, deposits) {
  const { deposits: held, rounding, payable } = record.totals;
  const label = payable < 0 ? "Amount credited to you" : "Amount payable";
  return [
    ...sums(record, charges),
    ...deposits.flatMap(item),
    ...(deposits.length ? pair("Refundable deposits, no GST", amount(held)) : []),
    ...(rounding ? pair("Cash rounding", amount(rounding)) : []),
    RULE,
    ...pair(label, money(Math.abs(payable)), { bold: true, size: "tall" }),
  ];
}

function settled({ payment, totals: { payable }, due_on: due }) {
  const lines = pair("Payment", method(payment.method));
  if (payment.paid < 0) lines.push(...pair("Paid back", money(-payment.paid)));
  else if (payment.method !== "on_account") lines.push(...pair("Paid", money(payment.paid)));
  if (payable > payment.paid) {
    lines.push(...pair("Balance due", money(payable - payment.paid)));
    if (due) lines.push(...pair("Due date", day(due)));
  }
  return lines;
}

function foot({ seller, short_code: code }, copy) {
  return [
    RULE,
    ...pair(seller.person, seller.source),
    BLANK,
    ...says(`Short code ${code}`, CENTER),
    ...says(TITLE, { bold: true, ...CENTER }),
    ...copies(copy),
    CUT,
  ];
}

export function provisional(record, copy = 0) {
  const charges = record.lines.filter((line) => !isDeposit(line));
  const deposits = record.lines.filter(isDeposit);
  return encode([
    ...letterhead(record),
    ...identity(record, copy),
    ...parties(record),
    ...sold(charges, record.lines),
    ...totals(record, charges, deposits),
    ...settled(record),
    ...foot(record, copy),
  ]);
}
