// Registers the service worker, tells it when to send and what to keep, and shows on every page how
// the queue stands. Without a worker (a first load, plain http) the page sends by itself.

const { send, store } = self.hsh;
const OFTEN = 30_000;
const MINUTE = 60_000;
const SINGAPORE = "Asia/Singapore";
const user = document.querySelector('meta[name="hsh-user"]')?.content;

const worker = () => navigator.serviceWorker?.controller;

function flush() {
  if (worker()) worker().postMessage("flush");
  else send.flush();
}

// "12 min", "3 hr", "2 days", in the page's language.
function age(since) {
  const minutes = Math.max(0, Math.floor((Date.now() - since) / MINUTE));
  const [count, unit] = minutes < 60 ? [minutes, "minute"] : minutes < 2880 ? [Math.floor(minutes / 60), "hour"] : [Math.floor(minutes / 1440), "day"];
  return new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit, unitDisplay: "short" }).format(count);
}

function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

async function show() {
  const owner = user ?? (await store.fact("user"));
  const items = (await store.all()).filter((item) => item.user === owner);
  const waiting = items.filter((item) => item.state === "waiting");
  const refused = items.filter((item) => item.state === "refused");
  tellSaved(items);
  document.dispatchEvent(new Event("hsh:changed"));
  const chip = document.getElementById("queue-chip"); // a new one with each page of the shell
  if (!chip) return;
  const { sent, waits, needs } = chip.dataset;
  const oldest = waiting.length && fill(waits, { n: waiting.length, age: age(Date.parse(waiting[0].captured_at)) });
  const said = [refused.length && fill(needs, { n: refused.length }), oldest].filter(Boolean);
  chip.textContent = said.join(" · ") || sent;
  chip.className = `badge ${refused.length ? "stop" : waiting.length ? "wait" : "ok"}`;
  chip.hidden = !items.length;
}

// The page that said "Saved on this tablet" says so when the server has it.
function tellSaved(items) {
  const section = document.querySelector("[data-saved]");
  const item = section && items.find((one) => one.client_temp_id === section.dataset.saved);
  if (!item || item.state === "waiting") return;
  const link = section.querySelector("[data-arrived]");
  link.hidden = item.state !== "sent";
  section.querySelector("[data-refused]").hidden = item.state !== "refused";
  section.querySelector("[data-kept-here]").hidden = true;
  if (item.state !== "sent") return;
  const address = addressOf(item);
  link.querySelector("a").textContent = item.result?.number ?? link.querySelector("a").textContent;
  if (address) link.querySelector("a").href = address;
}

// Where the record of a sent item is looked at.
function addressOf({ result }) {
  const roots = { distribution: "/distributions/", transaction: "/transactions/" };
  return result?.path ?? (roots[result?.type] && result.ref ? roots[result.type] + result.ref : null);
}

function showKept() {
  const since = Number(document.documentElement.dataset.kept);
  const notice = document.getElementById("kept-notice")?.content.cloneNode(true);
  if (!since || !notice) return;
  const time = new Date(since).toLocaleTimeString(document.documentElement.lang, { hour: "numeric", minute: "2-digit", timeZone: SINGAPORE });
  const line = notice.querySelector("[data-says]");
  line.textContent = fill(line.textContent, { time, age: age(since) });
  document.getElementById("main").prepend(notice);
}

async function start() {
  showKept();
  store.watch(show);
  if (!(await store.fact("device"))) await store.setFact("device", self.hsh.device());
  if (user && !document.documentElement.dataset.kept && (await store.fact("user")) !== user && !worker()) await store.setFact("user", user);
  await show();
  // A newer worker that takes over has kept nothing yet.
  navigator.serviceWorker?.addEventListener("controllerchange", askForDay);
  await navigator.serviceWorker?.register("/sw.js", { scope: "/" }).catch((reason) => console.warn("no service worker:", reason));
  flush();
  askForDay();
}

async function askForDay() {
  const registration = user && (await navigator.serviceWorker?.ready);
  registration?.active.postMessage("day");
}

Object.assign(self.hsh, { flush, age, addressOf, fill, SINGAPORE });
addEventListener("online", flush);
for (const name of ["htmx:after:request", "htmx:after:swap"]) document.addEventListener(name, () => setTimeout(show));
setInterval(async () => {
  if ((await store.all()).some((item) => item.state === "waiting")) flush();
  show();
}, OFTEN);
start();
