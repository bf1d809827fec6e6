// A form marked data-queue="op" is written down on this tablet before it is sent, and kept when the
// network, or whoever answers in the server's place, does not take it.

const { answers, send, store } = self.hsh;
const PATIENCE = 12_000;
const TURN = 6_000;
const NOT_FIELDS = new Set(["csrf_token", "client_temp_id", "captured_at", "device_id", "op", "replaces"]);

const words = (id) => document.getElementById(id)?.content;
const user = () => document.querySelector('meta[name="hsh-user"]')?.content;

// What stands in the form, as a person reads it: "4 × CYL 12.7 kg, Delivered".
function linesOf(form) {
  const set = [...form.querySelectorAll('input[type="number"]')].filter((box) => Number(box.value) > 0 && box.closest("[data-stepper]")?.offsetParent);
  return set.map((box) => {
    const group = box.closest("fieldset, .size")?.querySelector("legend, h3");
    const size = group?.firstChild.textContent.trim();
    return `${box.value} × ${[size, box.labels[0]?.textContent.trim()].filter(Boolean).join(", ")}`;
  });
}

// Every unsent record that this one needs (design part 6): the draft that it is about and what was
// done to it; for a sale what was confirmed onto its truck, and the reading that its own follows.
function needs({ client_temp_id, replaces, op, path, fields, truck }, items) {
  const meters = (found) => Object.keys(found ?? {}).filter((name) => name.endsWith("-current") && found[name]);
  const needed = (item) =>
    path.includes(item.client_temp_id) ||
    (op !== "sale.confirm" && item.op !== "distribution.plan" && aboutSame(item.path, path)) ||
    (op === "sale.confirm" && item.op === "distribution.confirm" && item.truck === truck) ||
    (op === "sale.confirm" && item.path === path && meters(item.fields).some((name) => meters(fields).includes(name)));
  const unsent = items.filter((item) => item.state !== "sent" && item.user === user() && needed(item));
  return unsent.map((item) => item.client_temp_id).filter((uuid) => uuid !== client_temp_id && uuid !== replaces);
}

const aboutSame = (one, other) => one.split("/").slice(0, 3).join("/") === other.split("/").slice(0, 3).join("/");

// The form as the record that is kept.
function record(form, body) {
  const sent = Object.fromEntries(body);
  const fields = Object.fromEntries(Object.entries(sent).filter(([name]) => !NOT_FIELDS.has(name)));
  const path = new URL(form.getAttribute("hx-post") ?? form.action, location).pathname;
  return {
    client_temp_id: sent.client_temp_id, user: user(), op: form.dataset.queue, path, fields,
    page: location.pathname + location.search, label: form.dataset.label ?? document.querySelector("h1")?.textContent ?? "",
    lines: linesOf(form), truck: form.dataset.truck ?? fields.truck ?? fields.source, device_id: sent.device_id,
    captured_at: new Date().toISOString(), claimed: sent.claimed ? Number(sent.claimed) : null,
    slip: self.hsh.slipOf?.(form) ?? null, ...(sent.replaces ? { replaces: sent.replaces } : {}),
  };
}

// Send it by the form's own road; a form token that is out of date is replaced once.
async function post(url, request) {
  const once = () => fetch(url, { ...request, signal: AbortSignal.timeout(PATIENCE) });
  const answer = await once();
  const token = answer.status === 419 && answers.isOurs(answer) && answer.headers.get("X-CSRF-Token");
  if (!token) return answer;
  request.headers["X-CSRFToken"] = token;
  request.body?.set?.("csrf_token", token);
  return once();
}

// Nothing overtakes: what waits goes first, and what needs an unsent record waits with it.
async function sendInTurn(item, url, request) {
  return send.inTurn(async () => {
    const first = await send.pass(item.seq);
    const unsent = (await store.all()).filter((other) => other.state !== "sent").map((other) => other.client_temp_id);
    if (!first || item.refs.some((uuid) => unsent.includes(uuid))) return null;
    const answer = await post(url, request);
    await settle(item, answer);
    return answers.verdict(answer, item.client_temp_id) === "again" ? null : answer;
  }, TURN);
}

async function settle(item, answer) {
  const uuid = item.client_temp_id;
  const found = answers.verdict(answer, uuid);
  const tried = { attempts: item.attempts + 1, tried_at: Date.now() };
  if (found === "done") return store.change(uuid, store.arrived({ path: answer.headers.get("HX-Redirect") ?? item.page }));
  if (found === "refused") return store.change(uuid, { ...tried, state: "refused", said: await says(answer) });
  return store.change(uuid, { ...tried, signed_out: answers.isOurs(answer) && answer.status === 401 });
}

async function says(answer) {
  const page = new DOMParser().parseFromString(await answer.clone().text(), "text/html");
  const problems = [...page.querySelectorAll(".alert.stop p, .problem")].map((one) => one.textContent.trim());
  return [...new Set(problems)].join("\n");
}

async function take(form, url, request) {
  let item;
  try {
    item = await store.add(record(form, request.body), { newUuid: self.hsh.newUuid(), needs });
    request.body.set("client_temp_id", item.client_temp_id);
  } catch (error) {
    console.warn("not stored:", error);
    return unstored(url, request);
  }
  self.hsh.drafts?.drop(form);
  if (!navigator.onLine) return saved(item); // when it says so there is none; otherwise only trying tells
  try {
    return (await sendInTurn(item, url, request)) ?? saved(item);
  } catch {
    return saved(item);
  }
}

// The tablet is full: it may still reach the server, and if not, the form says so and stays.
async function unstored(url, request) {
  try {
    const answer = await post(url, request);
    if (answers.verdict(answer, request.body.get("client_temp_id")) !== "again") return answer;
  } catch {
    // No network either.
  }
  return fragment(words("not-saved").cloneNode(true), { "HX-Retarget": "#notices", "HX-Reswap": "innerHTML" });
}

function fragment(content, headers = {}) {
  const box = document.createElement("div");
  box.append(content);
  return new Response(box.innerHTML, { headers: { "Content-Type": "text/html", ...headers } });
}

function saved(item) {
  navigator.storage?.persist?.();
  navigator.serviceWorker?.ready.then((worker) => worker.sync?.register("hsh")).catch(() => {});
  const content = words("saved").cloneNode(true);
  const section = content.querySelector("section");
  section.dataset.saved = item.client_temp_id;
  content.querySelector("[data-code]").textContent = shortCode(item.client_temp_id);
  content.querySelector("[data-label]").textContent = item.label;
  content.querySelector("[data-lines]").replaceChildren(...item.lines.map(entry));
  for (const step of content.querySelectorAll("[data-after]")) {
    if (!step.dataset.after.split(" ").includes(item.op) || ("slip" in step.dataset && !item.slip)) step.remove();
    else step.dataset.of = item.client_temp_id;
  }
  return fragment(content);
}

function entry(text) {
  const line = document.createElement("li");
  line.textContent = text;
  return line;
}

const shortCode = (uuid) => `${uuid.slice(0, 4)}-${uuid.slice(4, 8)}`.toUpperCase();

document.addEventListener("htmx:before:request", (event) => {
  const { ctx } = event.detail;
  const form = ctx.sourceElement;
  if (!form.matches("form[data-queue]") || ctx.request.action !== form.getAttribute("hx-post") || !user()) return;
  ctx.fetch = (url, request) => take(form, url, request);
});

// What was planned offline can be confirmed or dropped offline too: its ref is its submission's UUID.
async function actOn(plan, act) {
  const path = `/distributions/${plan.client_temp_id}/${act}`;
  const item = {
    client_temp_id: self.hsh.newUuid(), user: plan.user, op: `distribution.${act}`, path, page: plan.page, label: plan.label,
    lines: plan.lines, fields: {}, refs: [plan.client_temp_id], truck: plan.truck, device_id: plan.device_id,
    captured_at: new Date().toISOString(),
  };
  await store.add(item);
  self.hsh.flush();
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-act]");
  if (!button) return;
  button.disabled = true;
  const items = await store.all();
  const plan = items.find((item) => item.client_temp_id === button.dataset.of);
  const done = items.some((item) => item.refs.includes(plan?.client_temp_id) && item.path.endsWith(`/${button.dataset.act}`));
  if (plan && !done) await actOn(plan, button.dataset.act);
  location.assign("/pending");
});

Object.assign(self.hsh, { shortCode });
