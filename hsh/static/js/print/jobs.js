// What is to be printed, one after the other, one write at a time. A job ends in one of three states:
//   printed  every byte was handed over
//   failed   not one byte left the tablet: the same paper may be printed later
//   unknown  some left it: only the driver sees what is on the paper, so nothing is sent again by itself

import { settingsOf } from "./settings.js";
import { rest } from "./time.js";

const SHOWN = 5;

export const changes = new EventTarget();
export let jobs = [];
let last = Promise.resolve();
let count = 0;

const told = (job, news) => {
  Object.assign(job, news);
  changes.dispatchEvent(new CustomEvent("change", { detail: job }));
};

export const isUnderWay = (job) => job.state === "waiting" || job.state === "sending";

// `load` brings the bytes, once; `connect` the open printer. A second tap on the same is the same job.
export function add(thing) {
  const same = jobs.find((job) => job.key === thing.key && isUnderWay(job));
  if (same) return same.done;
  count += 1;
  const job = { ...thing, id: String(count), sent: 0, total: 0 };
  jobs = [...jobs.filter(isUnderWay), ...jobs.filter((one) => !isUnderWay(one)).slice(1 - SHOWN), job];
  return begin(job);
}

function begin(job) {
  job.done = last = last.then(() => run(job));
  told(job, { state: "waiting", reason: "", sent: 0, stopped: false });
  return job.done;
}

// Only a failed job: its bytes are still here, and none of them was printed.
export function retry(job) {
  return job.state === "failed" ? begin(job) : job.done;
}

export function cancel(job) {
  job.stopped = true;
}

export function forget(job) {
  jobs = jobs.filter((one) => one !== job);
  told(job, {});
}

// What was printed needs nobody any more; what was not stays in sight.
export function tidy() {
  jobs = jobs.filter((job) => job.state !== "printed");
}

const end = (job, state, reason) => {
  told(job, { state, reason });
  return state;
};

async function run(job) {
  let printer;
  try {
    if (job.stopped) return end(job, "failed", "cancelled");
    printer = await job.connect();
  } catch (error) {
    console.warn("printer:", error);
    return end(job, "failed", "unreachable");
  }
  try {
    job.bytes ??= await job.load(); // not before there is a printer: the server counts each copy
  } catch (error) {
    console.warn("receipt:", error);
    return end(job, "failed", "not-fetched");
  }
  return send(job, printer);
}

async function send(job, printer) {
  const { chunk, pace } = settingsOf(printer.id, printer.answers);
  const most = Math.min(chunk, printer.most);
  told(job, { state: "sending", total: job.bytes.length });
  try {
    while (job.sent < job.bytes.length) {
      if (job.stopped) return end(job, job.sent ? "unknown" : "failed", "cancelled");
      const part = job.bytes.slice(job.sent, job.sent + most);
      await printer.write(part);
      told(job, { sent: job.sent + part.length });
      if (pace) await rest(pace);
    }
  } catch (error) {
    console.warn("printer:", error);
    await Promise.resolve(printer.close()).catch(() => {}); // whatever hangs in it must not reach the next paper
    return end(job, "unknown", "dropped"); // the write under way may have arrived
  }
  return end(job, "printed", "");
}
