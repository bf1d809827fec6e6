// The form's tokens. A request by htmx carries the CSRF token in a header, and an answer may bring a
// fresh one. A submission's UUID is born here, in the page (design part 6); the server's own is for
// use without JavaScript. The device has a name of its own from its first visit on.

const DEVICE = "hsh.device";

function device() {
  try {
    const known = localStorage.getItem(DEVICE) ?? newUuid();
    localStorage.setItem(DEVICE, known);
    return known;
  } catch {
    return ""; // storage is forbidden: the device stays nameless
  }
}

// crypto.randomUUID is missing where a page came over plain http.
function newUuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function nameDevice() {
  for (const input of document.querySelectorAll('input[name="device_id"]')) input.value = device();
}

// A form that came just now becomes a submission of its own. Shown again with what was wrong, it is
// still the one that was sent.
function nameSubmissions() {
  for (const input of document.querySelectorAll('input[name="client_temp_id"]:not([data-born])')) {
    if (!input.form?.querySelector(".problem, .alert.stop")) input.value = newUuid();
    input.dataset.born = "";
  }
}

function nameAll() {
  nameDevice();
  nameSubmissions();
}

function freshToken(token) {
  const meta = document.querySelector('meta[name="csrf-token"]');
  if (meta) meta.content = token;
  for (const input of document.querySelectorAll('input[name="csrf_token"]')) input.value = token;
}

document.addEventListener("htmx:config:request", (event) => {
  const { request } = event.detail.ctx;
  const token = document.querySelector('meta[name="csrf-token"]')?.content;
  if (token && request.method !== "GET") request.headers["X-CSRFToken"] = token;
});

document.addEventListener("htmx:after:request", (event) => {
  const token = event.detail.ctx.response?.headers.get("X-CSRF-Token");
  if (token) freshToken(token);
});

document.addEventListener("htmx:after:swap", nameAll);
nameAll();
Object.assign((self.hsh ??= {}), { newUuid, device });
