// Prints the provisional slip of a sale that waits on this tablet. Works without any network.

import { print } from "./desk.js";
import { provisional, shortCode } from "./slip/provisional.js";

const KEY = "hsh.slips";
const KEPT = 500; // slips whose prints are remembered: more than any tablet ever has waiting

function counts() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? [];
  } catch {
    return [];
  }
}

// How often this sale's slip was printed before this time.
function count(ref) {
  const known = counts();
  const before = known.find(([one]) => one === ref)?.[1] ?? 0;
  const rest = known.filter(([one]) => one !== ref).slice(1 - KEPT);
  try {
    localStorage.setItem(KEY, JSON.stringify([...rest, [ref, before + 1]]));
  } catch {
    // full or forbidden: the slip is worth more than the count
  }
  return before;
}

// `record`: the fields of `Sold` in hsh/documents/content.py, and `ref`, the submission's UUID. Called by a tap.
// Returns the job's last state: printed, failed, unknown, or none where there is no printer.
export function printSlip(record) {
  const code = shortCode(record.ref);
  const load = async () => provisional({ ...record, short_code: code }, count(record.ref));
  return print({ key: `slip ${record.ref}`, label: code, load });
}
