// Where a page brings what it wants printed: finds the printer, asks for one by the tap, queues the job.

import { can as canBluetooth } from "./bluetooth.js";
import * as jobs from "./jobs.js";
import * as panel from "./panel.js";
import * as printer from "./printer.js";
import { handOver } from "./rawbt.js";
import { look } from "./ways.js";

let wanted = null;
let notice = "";

export const draw = () => panel.draw({ wanted, notice });

function say(word) {
  notice = word;
  draw();
}

// Must be called by a tap: the browser shows its list of printers. Tells whether one was taken.
export async function choose(way) {
  const taken = await printer.choose(way).then(() => true, (error) => {
    console.warn("no printer was chosen:", error);
    return false;
  });
  await look(); // the browser's list lets a driver switch Bluetooth on
  say(taken ? "" : "none-chosen");
  return taken;
}

const hasPrinter = async () => Boolean(printer.current()) || (canBluetooth() && choose("bluetooth"));

// `thing`: { key, label, load } and, where the server has them, { page, file } for the other ways.
// Returns the job's last state, or "none" where there is no printer to send it to.
export async function print(thing) {
  wanted = thing;
  const state = (await hasPrinter()) ? jobs.add({ ...thing, connect: printer.open }) : "none";
  say(notice);
  panel.bringIntoView();
  return state;
}

export function printWanted() {
  return wanted ? print(wanted) : Promise.resolve("none");
}

// On new paper, so it is fetched again and says COPY.
export const printAgain = ({ key, label, load, page, file }) => print({ key, label, load, page, file });

export async function viaRawBt() {
  try {
    handOver(await wanted.load());
    say("handed-over");
  } catch (error) {
    console.warn("receipt:", error);
    say("not-fetched");
  }
}

export function leave() {
  wanted = null;
  notice = "";
  jobs.tidy();
  draw();
}
