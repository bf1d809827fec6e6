// The printer of this page: chosen once, remembered while the page lives, opened again after a drop.

import * as bluetooth from "./bluetooth.js";
import * as serial from "./serial.js";
import { keepPrinter, lastPrinter } from "./settings.js";
import { rest } from "./time.js";

const TRIES = 3;
const BETWEEN_TRIES_MS = 1000;

export const changes = new EventTarget();
let printer = null;
let state = "none"; // none, known, connecting, ready, lost

export const current = () => printer;
export const stateNow = () => state;

function become(next) {
  state = next;
  changes.dispatchEvent(new Event("change"));
}

function take(chosen) {
  if (printer && printer.id !== chosen.id && printer.isOpen) printer.close();
  printer = chosen;
  printer.addEventListener("drop", () => {
    if (printer === chosen) become("lost");
  });
  become("known");
}

// A tap must have called this: the browser asks which printer. `way`: bluetooth, any or serial.
export async function choose(way) {
  take(await (way === "serial" ? serial.choose() : bluetooth.choose({ any: way === "any" })));
  keepPrinter(printer.id);
}

// The printer of before a reload, where the browser still allows it.
export async function recall() {
  const last = lastPrinter();
  if (!last || printer) return;
  const found = (await serial.remembered(last)) ?? (await bluetooth.remembered(last));
  if (found && !printer) take(found);
}

export async function open() {
  if (printer.isOpen) return printer;
  become("connecting");
  for (let left = TRIES; ; ) {
    try {
      await printer.open();
      become("ready");
      return printer;
    } catch (error) {
      left -= 1;
      if (!left) {
        become("lost");
        throw error;
      }
      await rest(BETWEEN_TRIES_MS);
    }
  }
}
