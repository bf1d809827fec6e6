// The service worker (docs/offline.md). The server puts self.SHELL before it: the version, every
// static file by its hashed address, the pages that know nobody, and the parts loaded here.

importScripts(...self.SHELL.parts);

const { answers, pages, send, store } = self.hsh;
const SHELL_CACHE = `hsh-shell-${self.SHELL.version}`;

// All of one version or nothing of it. What an older version kept goes once its pages are replaced.
async function install() {
  const cache = await caches.open(SHELL_CACHE);
  await Promise.all(
    [...self.SHELL.assets, ...self.SHELL.pages].map(async (address) => {
      const answer = await fetch(address, { cache: address.includes("?v=") ? "default" : "no-store" });
      if (!answer.ok || !answers.isOurs(answer)) throw new Error(`not to be kept: ${address}`);
      await cache.put(address, answer);
    }),
  );
  await self.skipWaiting();
}

// A hashed address never changes what it holds, so whichever version kept it will do. What a script imports
// has no hash in its address: it is this version's.
async function asset(request) {
  const isHashed = request.url.includes("?v=");
  const found = await caches.match(request, isHashed ? {} : { cacheName: SHELL_CACHE, ignoreSearch: true });
  if (found) return found;
  const answer = await fetch(request);
  if (answer.ok && answers.isOurs(answer) && isHashed) {
    await (await caches.open(SHELL_CACHE)).put(request, answer.clone());
  }
  return answer;
}

async function known(request) {
  return (await caches.match(new URL(request.url).pathname, { cacheName: SHELL_CACHE })) ?? fetch(request);
}

// Log-out drops the pages even where the server cannot be told; the queue stays.
async function leave(request) {
  await pages.forget();
  return fetch(request).catch(() => pages.offline("leave"));
}

// A form that was sent before the page's own script was there is kept first, then sent.
async function submit(request) {
  const form = await request.clone().formData().catch(() => null);
  const { op, client_temp_id, csrf_token, captured_at, device_id, ...fields } = Object.fromEntries(form ?? []);
  const user = await store.fact("user");
  if (!op || !client_temp_id || !user) return fetch(request).catch(() => pages.offline("form"));
  const path = new URL(request.url).pathname;
  await store.add({
    client_temp_id, user, op, path, page: request.referrer ? new URL(request.referrer).pathname : path, label: "", lines: [], fields, refs: [],
    captured_at: new Date().toISOString(), device_id,
  });
  await send.flush();
  return Response.redirect(`/pending#${client_temp_id}`, 303);
}

function answer(event) {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return null;
  if (request.method === "GET" && url.pathname.startsWith("/static/")) return asset(request);
  if (request.mode !== "navigate") return null;
  if (request.method === "POST") return url.pathname === "/logout" ? leave(request) : submit(request);
  return self.SHELL.pages.includes(url.pathname) ? known(request) : pages.open(event);
}

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const coming = answer(event);
  if (coming) event.respondWith(coming);
});
self.addEventListener("sync", (event) => {
  if (event.tag === "hsh") event.waitUntil(send.flush());
});
self.addEventListener("message", (event) => {
  if (event.data === "flush") event.waitUntil(send.flush());
  if (event.data === "day") event.waitUntil(pages.refreshDay().catch(() => {}));
});
