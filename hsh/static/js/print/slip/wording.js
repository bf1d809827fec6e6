// What the codes of a sale are called on a slip, as hsh/documents/wording.py calls them in English.

import { day, decimal } from "./figures.js";

const DONE = {
  usage: "Usage: ",
  delivery: "Delivered: ",
  collection: "Collected empty: ",
  return_full: "Returned full: ",
  return_part: "Returned part used: ",
  deposit_refund: "Refunded: ",
};
const UNITS = { m3: "m\u00b3", cyl: "cyl", pc: "pc", job: "job" };
const METHODS = {
  cash: "Cash", paynow: "PayNow", card: "Card", cheque: "Cheque", transfer: "Bank transfer", on_account: "On account",
};

export const description = ({ kind, name }) => (DONE[kind] ?? "") + name;
export const unit = (code) => UNITS[code];
export const method = (code) => METHODS[code];

function period({ serial, previous_on: since, current_on: until }) {
  return since ? `Meter ${serial}, ${day(since)} to ${day(until)}` : `Meter ${serial}, until ${day(until)}`;
}

function counts({ kind, previous, current, final, first }) {
  const [from, to] = [decimal(previous), decimal(current)];
  if (kind !== "change") return `Readings: previous ${from}, current ${to}`;
  return `Meter changed: old from ${from} to ${decimal(final ?? "0")}, new from ${decimal(first ?? "0")} to ${to}`;
}

export function readings(meter) {
  const said = [period(meter), counts(meter)];
  if (meter.kind === "estimated") said.push("Estimated reading: settled with the next actual one");
  if (meter.kind === "rollover") said.push("The meter passed its highest count and began again at zero");
  const billed = decimal(meter.already_billed);
  if (billed.startsWith("-")) said.push(`And ${billed.slice(1)} m\u00b3 of the meter before it`);
  else if (billed !== "0") said.push(`Less ${billed} m\u00b3 already billed by estimate`);
  return said;
}
