// One visit: usage is shown as it is typed, the last order can be filled in, and Enter does not sell.
// What it comes to in dollars is the server's business; it answers a moment later.

const PLACES = 4;

const visit = () => document.getElementById("visit");

// Exact arithmetic in ten-thousandths, as the server's decimals.
function exact(text) {
  const found = /^(-?)(\d{1,9})(?:\.(\d{1,4}))?$/.exec(text.replaceAll(",", "").trim());
  if (!found) return null;
  const [, sign, whole, part = ""] = found;
  const value = BigInt(whole + part.padEnd(PLACES, "0"));
  return sign ? -value : value;
}

function written(value) {
  const digits = String(value < 0n ? -value : value).padStart(PLACES + 1, "0");
  const part = digits.slice(-PLACES).replace(/0+$/, "");
  return `${value < 0n ? "−" : ""}${BigInt(digits.slice(0, -PLACES)).toLocaleString("en")}${part && "."}${part}`;
}

function used(meter) {
  const read = (part) => exact(meter.querySelector(`[data-part="${part}"]`).value);
  const [current, last, estimated] = [read("current"), exact(meter.dataset.last), exact(meter.dataset.estimated)];
  const kind = meter.querySelector("[type=radio]:checked").value;
  if (current === null) return null;
  if (kind === "rollover") return 10n ** (BigInt(meter.dataset.digits) + BigInt(PLACES)) - last + current - estimated;
  if (kind !== "change") return current < last ? null : current - last - estimated;
  const [final, first] = [read("final"), read("first")];
  return final === null || first === null ? null : final - last + current - first - estimated;
}

function showUsage(meter) {
  const live = meter.querySelector(".live");
  const usage = used(meter);
  if (usage === null) {
    live.querySelector(".used")?.remove();
    return;
  }
  const says = live.querySelector("[data-used]");
  if (says) {
    if (says.textContent === `${written(usage)} m³`) return;
    says.textContent = `${written(usage)} m³`;
    live.querySelector(".money")?.replaceChildren("…"); // until the server has answered
    return;
  }
  const fresh = document.createElement("span");
  fresh.className = "used";
  fresh.dataset.used = "";
  fresh.textContent = `${written(usage)} m³`;
  live.replaceChildren(fresh);
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
  if (meter) showUsage(meter);
});

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
