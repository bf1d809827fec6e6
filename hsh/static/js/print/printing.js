// Printing from any page: links with data-print, the panel's buttons, and what the printer does meanwhile.

import * as desk from "./desk.js";
import * as jobs from "./jobs.js";
import * as printer from "./printer.js";
import { ofLink } from "./receipts.js";
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
  const link = event.target.closest("a[data-print]");
  if (link) {
    event.preventDefault();
    desk.print(ofLink(link));
  }
  const button = event.target.closest("#printing [data-do]");
  if (button) DOES[button.dataset.do](jobOf(button));
});

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
