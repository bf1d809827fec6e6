// One visit: usage and total are shown as they are typed, the last order can be filled in, and Enter does not sell.
// The server's answer comes a moment later and decides; without a network the tablet's own total stays.

import { plain, quote, usage } from "../sale/quote.js";
import { known, money, readingOf, showTotal, sold, written } from "../sale/sum.js";

const visit = () => document.getElementById("visit");

function showUsage(meter, { rates }) {
  const live = meter.querySelector(".live");
  const read = readingOf(meter);
  const billed = usage(rates.meters[read.meter], read);
  if (billed === null) {
    live.querySelector(".used")?.remove();
    return;
  }
  const alone = quote(rates, { readings: [read], counts: {} });
  const fresh = Object.assign(document.createElement("span"), { className: "used" });
  const cents = alone && Object.assign(document.createElement("span"), { className: "money", textContent: money(alone.lines[0].amount) });
  fresh.append(`${written(plain(billed))} m\u00b3`, ...(cents ? [" \u00b7 ", cents] : []));
  live.replaceChildren(fresh);
}

// The server does not answer: the total is this tablet's own.
function showAlone() {
  const note = visit()?.querySelector("[data-alone]");
  if (note) note.hidden = false;
}

// What was marked as wrong is being put right.
function unmark(input) {
  const field = input.closest(".wrong");
  field?.classList.remove("wrong");
  field?.querySelector(".problem")?.remove();
  input.removeAttribute("aria-invalid");
}

function fill(counts) {
  for (const [name, count] of Object.entries(counts)) {
    const input = visit()?.elements.namedItem(name);
    if (!input) continue;
    input.value = count;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

document.addEventListener("input", (event) => {
  if (!visit()?.contains(event.target)) return;
  unmark(event.target);
  const meter = event.target.closest("[data-meter]");
  if (meter) showUsage(meter, known(visit()));
  showTotal(visit());
});

document.addEventListener("htmx:error", (event) => {
  if (event.detail.ctx?.target?.closest("#totals")) showAlone();
});
if (document.documentElement.dataset.kept) showAlone();

// What the queue keeps beside a sale, to print a slip of it (offline/queue.js).
self.hsh.slipOf = (form) => (form.dataset.sale ? sold(form) : null);

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-fill]");
  if (!link || !visit()) return;
  event.preventDefault();
  fill(JSON.parse(link.dataset.fill));
});

// The keyboard's "next" goes on to the next box; only the button sells.
document.addEventListener("keydown", (event) => {
  const input = event.target;
  if (event.key !== "Enter" || !visit()?.contains(input) || !input.matches("input")) return;
  event.preventDefault();
  const inputs = [...visit().querySelectorAll("input:not([type=hidden])")].filter((one) => one.offsetParent);
  (inputs[inputs.indexOf(input) + 1] ?? visit().querySelector(".primary")).focus();
});
