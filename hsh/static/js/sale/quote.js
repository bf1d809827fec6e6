// What a visit comes to, by the rates that its page brought along: cent for cent what hsh/core/pricing.py,
// hsh/core/meters.py and hsh/services/sales/pricing.py say (tests/totals.json). The server's total decides.
//
// Money is whole cents; rates, readings and counts are whole ten-thousandths.

const PLACES = 4;
const UNIT = 10_000n;
const MOST = 9_999;
const OUT_OF_SCOPE = "OS";

class Unpriced extends Error {}

// "12.5" is 125000n; null is no number.
export function exact(text) {
  const found = /^(-?)(\d{1,9})(?:\.(\d{1,4}))?$/.exec((text ?? "").replaceAll(",", "").trim());
  if (!found) return null;
  const [, sign, whole, part = ""] = found;
  const value = BigInt(whole + part.padEnd(PLACES, "0"));
  return sign ? -value : value;
}

// The one spelling of a decimal, as plain_decimal in hsh/core/canonical.py.
export function plain(value) {
  const digits = String(value < 0n ? -value : value).padStart(PLACES + 1, "0");
  const part = digits.slice(-PLACES).replace(/0+$/, "");
  return `${value < 0n ? "-" : ""}${digits.slice(0, -PLACES)}${part && `.${part}`}`;
}

// To the nearest; what lies half way goes away from zero, or among rates to the even neighbour.
function divided(top, bottom, even = false) {
  const size = top < 0n ? -top : top;
  const twice = (size % bottom) * 2n;
  let whole = size / bottom;
  if (twice > bottom || (twice === bottom && (!even || whole % 2n))) whole += 1n;
  return top < 0n ? -whole : whole;
}

function needed(value) {
  if (value === null || value === undefined) throw new Unpriced();
  return value;
}

const rate = (text) => needed(exact(text));

// What a reading bills, in ten-thousandths; null when the server would refuse it.
export function usage(meter, { kind, ...read }) {
  const [last, estimated] = [rate(meter.last), rate(meter.estimated)];
  const [current, final, first] = [exact(read.current), exact(read.final), exact(read.first)];
  const wrap = 10n ** BigInt(meter.digits) * UNIT;
  const step = 10n ** BigInt(PLACES - meter.decimals);
  const fits = (value) => value !== null && value >= 0n && value < wrap && value % step === 0n;
  if (!fits(current)) return null;
  if (kind === "normal") return current < last ? null : current - last - estimated;
  if (kind === "rollover") return current < last ? wrap - last + current - estimated : null;
  if (kind === "estimated") return current < last + estimated ? null : current - last - estimated;
  if (!fits(final) || !fits(first) || final < last || current < first) return null;
  return final - last + current - first - estimated;
}

function line(kind, { code, name }, unit, quantity, price, [tax_code, tax_rate], meter = null) {
  const amount = Number(divided(quantity * price, 1_000_000n));
  return { kind, name, code, quantity: plain(quantity), unit, unit_price: plain(price), amount, tax_code, tax_rate, meter };
}

function readingLine(rates, on, { meter: ref, ...read }) {
  const { unit, ...meter } = needed(rates.meters[ref]);
  const isChange = read.kind === "change";
  const text = (value, holds = true) => (holds ? plain(rate(value)) : null);
  const billed = needed(usage(meter, read));
  return line("usage", { code: meter.serial, name: meter.serial }, unit, billed, rate(rates.usage), ["SR", rates.taxes.SR], {
    serial: meter.serial, kind: read.kind, previous: meter.last, current: text(read.current), final: text(read.final, isChange),
    first: text(read.first, isChange), previous_on: meter.last_on, current_on: on, already_billed: meter.estimated,
  });
}

// A price with GST put in or taken out.
function onBasis({ inclusive }, paid) {
  const [price, factor] = [rate(paid.price), UNIT + rate(paid.tax_rate)];
  if (paid.inclusive === inclusive) return price;
  return inclusive ? divided(price * factor, UNIT, true) : divided(price * UNIT, factor, true);
}

// A cylinder that came back is credited at what the site last paid, else at today's rate.
function credit(rates, kind, item, count, share) {
  const paid = item.paid ?? { price: item.price, inclusive: rates.inclusive, tax_code: item.tax_code, tax_rate: rates.taxes[item.tax_code] };
  const price = divided(onBasis(rates, paid) * share, UNIT, true);
  return line(kind, item, "cyl", -count, price, [paid.tax_code, paid.tax_rate]);
}

// Given back at what was paid for them, never more than there are.
function refund(rates, fee, count) {
  const held = BigInt(fee.held) * UNIT;
  if (count > held) throw new Unpriced();
  const price = (BigInt(fee.amount) * 100n) / BigInt(fee.held || 1);
  return line("deposit_refund", fee, "cyl", -count, price, [fee.tax_code, rates.taxes[fee.tax_code]]);
}

const byCode = (one, other) => (one.code < other.code ? -1 : 1);

function* linesOf(rates, { on, readings, counts }) {
  const counted = (kind, { code }) => {
    const count = counts[`${kind}-${code}`] ?? 0;
    if (!(count >= 0 && count <= MOST)) throw new Unpriced();
    return BigInt(count) * UNIT;
  };
  const priced = (kind, thing, unit, count) => line(kind, thing, unit, count, rate(thing.price), [thing.tax_code, rates.taxes[thing.tax_code]]);
  const sorted = (things, wanted) => things.filter(({ kind }) => kind === wanted).sort(byCode);
  for (const read of readings) yield readingLine(rates, on, read);
  for (const item of rates.items.filter(({ kind }) => kind === "cylinder")) {
    const [delivered, full, part, collected] = ["delivery", "return_full", "return_part", "collection"].map((kind) => counted(kind, item));
    if (delivered) yield priced("delivery", item, "cyl", delivered);
    if (full) yield credit(rates, "return_full", item, full, UNIT);
    if (part) yield credit(rates, "return_part", item, part, rate(item.part_credit));
    if (collected) yield line("collection", item, "cyl", collected, 0n, [OUT_OF_SCOPE, "0"]);
  }
  for (const [kind, things, unit] of [
    ["accessory", sorted(rates.items, "accessory"), "pc"],
    ["service", sorted(rates.fees, "fee"), "job"],
    ["deposit", sorted(rates.fees, "deposit"), "cyl"],
  ]) {
    for (const thing of things) {
      const count = counted(kind, thing);
      if (count) yield priced(kind, thing, unit, count);
    }
  }
  for (const fee of sorted(rates.fees, "deposit")) {
    const count = counted("deposit_refund", fee);
    if (count) yield refund(rates, fee, count);
  }
}

function taxOf({ inclusive }, { code, rate: share, amount }) {
  const tax = Number(divided(BigInt(amount) * share, inclusive ? UNIT + share : UNIT));
  return { code, rate: plain(share), net: inclusive ? amount - tax : amount, tax };
}

// GST once for each category and rate, then cash rounding to five cents.
function total(lines, rates, cash) {
  const categories = new Map();
  let [net, deposits] = [0, 0];
  for (const { kind, tax_code: code, tax_rate, amount } of lines) {
    if (kind.startsWith("deposit")) deposits += amount;
    else if (!rates.registered || code === OUT_OF_SCOPE) net += amount;
    else {
      const share = rate(tax_rate);
      const key = code + String(share).padStart(8, "0");
      categories.set(key, { code, rate: share, amount: amount + (categories.get(key)?.amount ?? 0) });
    }
  }
  const taxes = [...categories].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, sum]) => taxOf(rates, sum));
  net += taxes.reduce((sum, one) => sum + one.net, 0);
  const tax = taxes.reduce((sum, one) => sum + one.tax, 0);
  const exactly = net + tax + deposits;
  const size = Math.abs(exactly);
  const nearest = Math.floor((size + 2) / 5) * 5 - size;
  const rounding = cash ? nearest * (exactly < 0 ? -1 : 1) || 0 : 0;
  return { taxes, totals: { net, tax, gross: net + tax, deposits, rounding, payable: exactly + rounding } };
}

// `rates`: hsh/blueprints/sales/tablet.py. `order`: { on, method, readings: [{ meter, kind, current, final, first }],
// counts: { "delivery-C127": 2 } }. Null when the server would refuse it as it stands.
export function quote(rates, order) {
  try {
    const lines = [...linesOf(rates, order)];
    const sums = total(lines, rates, rates.rounds_cash && order.method === "cash");
    return { lines: lines.map(({ tax_rate, ...said }) => said), ...sums };
  } catch (error) {
    if (error instanceof Unpriced) return null;
    throw error;
  }
}
