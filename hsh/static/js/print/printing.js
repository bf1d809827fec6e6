// Printing from any page: what print/start.js was asked for, the panel's buttons, and what the printer does meanwhile.

import * as desk from "./desk.js";
import * as jobs from "./jobs.js";
import * as printer from "./printer.js";
import { ofLink } from "./receipts.js";
import { printSlip } from "./slips.js";
import { drawSettings } from "./tuning.js";
import { look, whenSwitched } from "./ways.js";

const DOES = {
  choose: () => desk.choose("bluetooth").then((taken) => taken && desk.printWanted()),
  any: () => desk.choose("any").then((taken) => taken && desk.printWanted()),
  serial: () => desk.choose("serial").then((taken) => taken && desk.printWanted()),
  rawbt: desk.viaRawBt,
  hide: desk.leave,
  cancel: jobs.cancel,
  retry: jobs.retry,
  again: desk.printAgain,
  forget: jobs.forget,
};

function jobOf(button) {
  const id = button.closest("[data-job]")?.dataset.job;
  return jobs.jobs.find((job) => job.id === id);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("#printing [data-do]");
  if (button) DOES[button.dataset.do](jobOf(button));
});

export const printLink = (link) => desk.print(ofLink(link));

// The slip of a sale that waits on this tablet.
export async function printSlipOf(uuid) {
  const item = (await self.hsh.store.all()).find((one) => one.client_temp_id === uuid);
  if (item?.slip) await printSlip({ ...item.slip, ref: uuid });
}

function drawAll() {
  desk.draw();
  drawSettings(printer.current());
}

jobs.changes.addEventListener("change", drawAll);
printer.changes.addEventListener("change", drawAll);
// Another page came: what was wanted was wanted on the one before; what is under way goes on.
document.addEventListener("htmx:after:swap", (event) => {
  if (event.detail.ctx.target?.tagName === "BODY") desk.leave();
  drawAll();
});
// Going away now would leave a receipt half printed.
window.addEventListener("beforeunload", (event) => {
  if (jobs.jobs.some((job) => job.state === "sending")) event.preventDefault();
});

whenSwitched(drawAll);
await Promise.allSettled([look(), printer.recall()]);
drawAll();
