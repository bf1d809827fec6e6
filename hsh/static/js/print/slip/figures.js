// Numbers and dates as hsh/documents/figures.py writes them. Cents are integers, decimals are strings.

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

const grouped = (digits) => digits.replace(/\B(?=(\d{3})+$)/g, ",");

export function amount(cents) {
  const digits = String(Math.abs(cents)).padStart(3, "0");
  return `${cents < 0 ? "-" : ""}${grouped(digits.slice(0, -2))}.${digits.slice(-2)}`;
}

export const money = (cents) => `${cents < 0 ? "-" : ""}S$ ${amount(Math.abs(cents))}`;

function written(value, places) {
  const [whole, fraction = ""] = value.replace("-", "").split(".");
  const part = fraction.replace(/0+$/, "").padEnd(places, "0");
  const isBelow = value.startsWith("-") && /[1-9]/.test(value);
  return `${isBelow ? "-" : ""}${grouped(whole.replace(/^0+(?=\d)/, ""))}${part && `.${part}`}`;
}

export const decimal = (value) => written(value, 0);
export const price = (value) => written(value, 2);

// "0.09" is "9%": the point moves two places.
export function percent(rate) {
  const [whole, fraction = ""] = rate.split(".");
  const digits = fraction.padEnd(2, "0");
  return `${written(`${whole}${digits.slice(0, 2)}.${digits.slice(2)}`, 0)}%`;
}

export function day(iso) {
  const [year, month, date] = iso.split("-").map(Number);
  return `${date} ${MONTHS[month - 1]} ${year}`;
}
