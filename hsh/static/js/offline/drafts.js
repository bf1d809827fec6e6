// Half-filled forms survive a reload, the back button, a call and a flat battery: what was typed is
// kept for this person and page, with the submission's UUID, until it is sent.

const PREFIX = "hsh.draft.";
const LASTS = 20 * 3_600_000;
const PAUSE = 200;

const user = document.querySelector('meta[name="hsh-user"]')?.content;
const keyOf = (form) => `${PREFIX}${user}.${new URL(form.getAttribute("hx-post") ?? form.action, location).pathname}`;
const formsHere = () => [...document.querySelectorAll("form[data-queue]")].filter((form) => form.querySelector("input:not([type=hidden])"));
const typed = (form) => [...form.elements].filter((box) => box.name && box.matches("input:not([type=hidden]), select, textarea"));

function save(form) {
  const values = typed(form).filter((box) => box.type !== "radio" || box.checked).map((box) => [box.name, box.type === "checkbox" ? box.checked : box.value]);
  write(keyOf(form), { at: Date.now(), uuid: form.elements.client_temp_id.value, values: Object.fromEntries(values), replaces: form.elements.replaces?.value });
}

function write(key, draft) {
  try {
    localStorage.setItem(key, JSON.stringify(draft));
  } catch {
    // Full or forbidden: the form itself still stands.
  }
}

function read(key) {
  try {
    const draft = JSON.parse(localStorage.getItem(key));
    return draft && Date.now() - draft.at < LASTS ? draft : null;
  } catch {
    return null;
  }
}

function drop(form) {
  clearTimeout(pauses.get(form));
  pauses.delete(form);
  localStorage.removeItem(keyOf(form));
}

function put(box, value) {
  if (box.type === "checkbox") box.checked = value;
  else if (box.type === "radio") box.checked = box.value === value;
  else if (!(box instanceof HTMLSelectElement) || [...box.options].some((option) => option.value === value)) box.value = value;
}

// What was typed may outlive its submission: memory of this kind is written late, and a tablet that
// died has it again. Sent under the same UUID, the next form would take the place of the first.
async function isTaken(uuid) {
  const items = await self.hsh.store.all().catch(() => []);
  return items.some((item) => item.client_temp_id === uuid && item.state !== "refused");
}

async function restore(form) {
  const draft = read(keyOf(form));
  if (!draft || form.querySelector(".alert.stop, .problem")) return;
  if (await isTaken(draft.uuid)) {
    drop(form);
    return;
  }
  for (const box of typed(form)) if (box.name in draft.values) put(box, draft.values[box.name]);
  form.elements.client_temp_id.value = draft.uuid;
  if (draft.replaces) name(form, "replaces", draft.replaces);
  for (const folded of form.querySelectorAll("details")) {
    if (typed(form).some((box) => folded.contains(box) && box.type === "number" && Number(box.value))) folded.open = true;
  }
  form.querySelector("input:not([type=hidden])").dispatchEvent(new Event("input", { bubbles: true }));
  tell(form);
}

function name(form, field, value) {
  const box = document.createElement("input");
  Object.assign(box, { type: "hidden", name: field, value });
  form.append(box);
}

function tell(form) {
  const notice = document.getElementById("draft-notice")?.content.cloneNode(true);
  if (!notice) return;
  notice.querySelector("button").addEventListener("click", () => {
    drop(form);
    location.reload();
  });
  form.prepend(notice);
}

const pauses = new Map();

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (!user || !form?.matches("form[data-queue]")) return;
  clearTimeout(pauses.get(form));
  pauses.set(form, setTimeout(() => save(form), PAUSE));
});

// A tablet that is put away may not come back to this page.
document.addEventListener("visibilitychange", () => {
  for (const [form, pause] of pauses) {
    clearTimeout(pause);
    if (document.visibilityState === "hidden" && form.isConnected) save(form);
  }
  pauses.clear();
});

self.hsh.drafts = { drop, write, keyFor: (owner, path) => `${PREFIX}${owner}.${path}` };
const restoreAll = () => user && formsHere().forEach(restore);
restoreAll();
// Pages change inside one shell: each new one may have a form that was half filled.
document.addEventListener("htmx:after:swap", (event) => {
  if (event.detail.ctx?.target?.tagName === "BODY") restoreAll();
});
