// The printing panel: its words are the server's (templates/device/printing.html); this shows the ones that hold.
// An element with data-when="a b" is shown while a or b holds.

import { jobs } from "./jobs.js";
import { current, stateNow } from "./printer.js";
import { ways } from "./ways.js";

const find = () => document.getElementById("printing");

function showFor(root, holding) {
  for (const part of root.querySelectorAll("[data-when]")) {
    part.hidden = !part.dataset.when.split(" ").some((word) => holding.has(word));
  }
}

function fill(root, name, text) {
  for (const part of root.querySelectorAll(`[data-text="${name}"]`)) part.textContent = text;
}

function itemOf(panel, job) {
  const list = panel.querySelector("[data-jobs]");
  const known = list.querySelector(`[data-job="${job.id}"]`);
  if (known) return known;
  const item = panel.querySelector("template").content.firstElementChild.cloneNode(true);
  item.dataset.job = job.id;
  list.append(item);
  return item;
}

function drawJob(panel, job) {
  const item = itemOf(panel, job);
  fill(item, "label", job.label);
  showFor(item, new Set([job.state, `${job.state}-${job.reason}`]));
  const bar = item.querySelector("progress");
  bar.max = job.total || 1;
  bar.value = job.sent;
}

function drawJobs(panel) {
  const ids = new Set(jobs.map((job) => job.id));
  for (const item of panel.querySelectorAll("[data-job]")) if (!ids.has(item.dataset.job)) item.remove();
  for (const job of jobs) drawJob(panel, job);
}

// `wanted`: what the driver asked to print last: { page, file } are addresses, where there are any.
function drawOtherWays(panel, wanted, holding) {
  for (const [name, address] of [["page", wanted?.page], ["file", wanted?.file]]) {
    const link = panel.querySelector(`a[data-other="${name}"]`);
    link.hidden = !address;
    if (address) link.href = address;
  }
  panel.querySelector("details").open ||= Boolean(wanted) && holding.has("printer-none") && !holding.has("bluetooth");
}

export function draw({ wanted = null, notice = "" } = {}) {
  const panel = find();
  if (!panel) return;
  const holding = new Set([...ways(), `printer-${stateNow()}`, notice]);
  if (wanted) holding.add("wanted");
  if (current()) holding.add("chosen");
  panel.hidden = !(wanted || notice || jobs.length || panel.hasAttribute("data-always"));
  fill(panel, "printer", current()?.name ?? "");
  drawOtherWays(panel, wanted, holding);
  showFor(panel, holding);
  drawJobs(panel);
}

export function bringIntoView() {
  find()?.scrollIntoView({ block: "nearest" });
}
