// The pending page: what this tablet has not sent yet, what the server refused, what arrived lately.
// It works without a network and fills itself from the tablet's own store.

const { addressOf, age, drafts, flush, newUuid, send, shortCode, store } = self.hsh;
const list = document.getElementById("pending-list");
const row = document.getElementById("pending-item").content;
const { dataset: words } = document.getElementById("pending");

let owner;

async function mine() {
  owner = await store.fact("user");
  return (await store.all()).filter((item) => item.user === owner);
}

function tone({ state, blocked }) {
  if (state === "sent") return ["ok", words.sent];
  if (state === "refused") return ["stop", words.refused];
  return ["wait", blocked ? words.blocked : words.waiting];
}

const opName = (op) => words[op.replace(/[._](\w)/g, (_, letter) => letter.toUpperCase())] ?? op;

function draw(item, items) {
  const view = row.cloneNode(true);
  const at = (name) => view.querySelector(`[data-at="${name}"]`);
  const [kind, says] = tone(item);
  const when = new Date(item.captured_at);
  view.querySelector("li").id = item.client_temp_id;
  at("act").textContent = opName(item.op);
  at("label").textContent = item.label;
  at("code").textContent = shortCode(item.client_temp_id);
  at("state").className = `badge ${kind}`;
  at("state").textContent = says;
  at("time").textContent = `${when.toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short", timeZone: self.hsh.SINGAPORE })} · ${age(when)}`;
  at("tries").textContent = item.attempts ? self.hsh.fill(words.tries, { n: item.attempts }) : "";
  at("said").textContent = item.signed_out && !item.said ? words.signedOut : (item.said ?? "");
  at("differs").textContent = differs(item);
  at("lines").replaceChildren(...item.lines.map((line) => Object.assign(document.createElement("li"), { textContent: line })));
  const address = item.state === "sent" && addressOf(item);
  if (address) Object.assign(at("found"), { href: address, textContent: item.result.number ?? words.look, hidden: false });
  offer(view, item, items);
  return view;
}

const dollars = (cents) => new Intl.NumberFormat("en-SG", { style: "currency", currency: "SGD" }).format(cents / 100);

// What the books came to is not what the customer was told.
function differs({ claimed, result }) {
  const payable = result?.payable ?? null;
  if (claimed === null || payable === null || claimed === undefined || claimed === payable) return "";
  return self.hsh.fill(words.differs, { claimed: dollars(claimed), payable: dollars(payable) });
}

function offer(view, item, items) {
  const followed = items.some((other) => other.path?.includes(item.client_temp_id));
  for (const button of view.querySelectorAll("button")) {
    button.dataset.of = item.client_temp_id;
    const states = button.dataset.when.split(" ");
    const ops = button.dataset.ops?.split(" ");
    const over = item.closed && button.dataset.do !== "wipe";
    const slipless = "slip" in button.dataset && !item.slip;
    button.hidden = over || slipless || !states.includes(item.state) || (ops && !ops.includes(item.op)) || (button.dataset.act && followed);
  }
}

async function show() {
  const items = await mine();
  const order = { refused: 0, waiting: 1, sent: 2 };
  items.sort((one, other) => order[one.state] - order[other.state] || (one.state === "sent" ? other.seq - one.seq : one.seq - other.seq));
  list.replaceChildren(...items.map((item) => draw(item, items)));
  document.getElementById("pending-none").hidden = items.length > 0;
  const others = (await store.all()).filter((item) => item.user !== owner && item.state !== "sent").length;
  const strangers = document.getElementById("pending-others");
  strangers.hidden = !others;
  strangers.textContent = self.hsh.fill(words.others, { n: others });
  await showStorage();
}

async function showStorage() {
  document.getElementById("device").textContent = shortCode((await store.fact("device")) ?? "");
  const persisted = await navigator.storage?.persisted?.();
  document.getElementById("storage").textContent = persisted ? words.persisted : words.notPersisted;
  document.getElementById("persist").hidden = Boolean(persisted) || !navigator.storage?.persist;
}

const find = async (uuid) => (await mine()).find((item) => item.client_temp_id === uuid);

// Open the form again with what was typed, as a new submission that replaces the refused one.
async function fix(item) {
  drafts.write(drafts.keyFor(item.user, item.path), { at: Date.now(), uuid: newUuid(), values: item.fields, replaces: item.client_temp_id });
  location.assign(item.page);
}

// As it is: a refusal does not use its UUID up.
async function again(item) {
  await store.change(item.client_temp_id, { state: "waiting", said: null, note: undefined });
  flush();
}

// What waited for it waits no more: the server will say whether it can be done without.
async function wipe({ client_temp_id: gone, label }) {
  if (!confirm(`${words.sure} ${label} ${shortCode(gone)}`)) return;
  for (const { client_temp_id, refs } of await mine()) {
    if (refs.includes(gone)) await store.change(client_temp_id, { refs: refs.filter((uuid) => uuid !== gone) });
  }
  await store.remove(gone);
}

// The supervisor gets the form as it is, with a word about it.
async function report(item) {
  const note = prompt(words.note);
  if (note === null) return;
  await store.change(item.client_temp_id, { state: "waiting", note: note || words.reported });
  flush();
}

async function exportAll() {
  const items = (await mine()).filter((item) => item.state !== "sent").map(send.wire);
  const text = JSON.stringify({ device_id: await store.fact("device"), items }, null, 1);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = `hsh-${new Date().toISOString().slice(0, 10)}.json`;
  link.click();
  URL.revokeObjectURL(link.href);
}

const DEEDS = { fix, again, wipe, report };

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-do]");
  if (!button) return;
  const item = await find(button.dataset.of);
  if (item) await DEEDS[button.dataset.do](item);
});
document.getElementById("send-now").addEventListener("click", flush);
document.getElementById("export").addEventListener("click", exportAll);
document.getElementById("persist").addEventListener("click", () => navigator.storage.persist().then(showStorage));
document.addEventListener("hsh:changed", show);
show();
