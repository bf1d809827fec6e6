// The pages that the worker keeps for when there is no network: those of the person's day, for that
// person alone. Log-out and another person drop them.

{
  const hsh = (self.hsh ??= {});
  const { store, answers } = hsh;
  const KEPT = [/^\/$/, /^\/distributions(\/|$)/, /^\/sites(\/|$)/, /^\/transactions\/[0-9a-f-]{36}$/];
  const HOUR = 3_600_000;
  const OLDEST = 36 * HOUR;
  const FRESH = 15 * 60_000;
  const STALL = 4_000;
  const PREFIX = "hsh-pages-";
  const nameOf = (user) => `${PREFIX}${self.SHELL.version}-${user}`;

  // A filtered list is nobody's day; ?way= and ?source= are pages of their own.
  function isKept(url) {
    const asked = [...url.searchParams.keys()].every((name) => name === "way" || name === "source");
    return asked && KEPT.some((pattern) => pattern.test(url.pathname));
  }

  async function dropOthers(user) {
    for (const name of await caches.keys()) {
      if (name.startsWith(PREFIX) && !(user && name.endsWith(`-${user}`))) await caches.delete(name);
    }
  }

  // Every answer of ours says who is signed in: "-" is nobody.
  async function notice(answer) {
    const named = answer.headers.get("X-HSH-User");
    if (!named) return null;
    const user = named === "-" ? null : named;
    if (user !== (await store.fact("user"))) {
      await dropOthers(user);
      await store.setFact("user", user);
      await store.setFact("day", null);
    }
    return user;
  }

  async function keep(url, answer) {
    const user = await notice(answer);
    const isKeepable = answer.status === 200 && !answer.redirected && !answer.headers.has("X-HSH-Once");
    if (!user || !isKeepable || !isKept(new URL(url))) return;
    const headers = new Headers(answer.headers);
    headers.set("X-HSH-Kept", String(Date.now()));
    headers.delete("Content-Encoding");
    headers.delete("Vary");
    const cache = await caches.open(nameOf(user));
    await cache.put(url, new Response(await answer.blob(), { headers }));
  }

  // The newest version's copy first. A sale's page serves whatever truck the address names.
  async function find(url) {
    const user = await store.fact("user");
    const names = (await caches.keys()).filter((name) => user && name.startsWith(PREFIX) && name.endsWith(`-${user}`));
    names.sort((one, other) => (other === nameOf(user)) - (one === nameOf(user)));
    for (const name of names) {
      const cache = await caches.open(name);
      const found = (await cache.match(url)) ?? (await cache.match(url, { ignoreSearch: url.endsWith("/sale") || url.includes("/sale?") }));
      if (found && Date.now() - Number(found.headers.get("X-HSH-Kept")) < OLDEST) return found;
    }
    return null;
  }

  // The page with a mark on its <html> that says since when it is kept, or why it is shown.
  async function marked(answer, mark) {
    const text = await answer.text();
    return new Response(text.replace("<html ", `<html ${mark} `), { headers: answer.headers });
  }

  async function offline(why) {
    const page = await caches.match("/offline");
    return page ? marked(page, `data-why="${why}"`) : Response.error();
  }

  async function kept(url) {
    const found = await find(url);
    return found && marked(found, `data-kept="${found.headers.get("X-HSH-Kept")}"`);
  }

  // The network first; what is kept when it fails, stalls, or someone else answers in our name.
  async function open(event) {
    const { url } = event.request;
    const coming = fetch(event.request).then((answer) => {
      if (answer.type === "opaqueredirect") return answer;
      if (!answers.isOurs(answer)) throw new Error("portal");
      event.waitUntil(keep(url, answer.clone()).catch(() => {}));
      return answer;
    });
    const patience = new Promise((resolve) => setTimeout(resolve, STALL));
    try {
      return (await Promise.race([coming, patience])) ?? (await kept(url)) ?? (await coming);
    } catch (error) {
      return (await kept(url)) ?? offline(error.message === "portal" ? "portal" : "page");
    }
  }

  async function fetchDay() {
    const answer = await fetch("/day.json", { headers: { Accept: "application/json" } });
    const user = answers.isOurs(answer) ? await notice(answer) : null;
    if (!user || !answer.ok) return;
    const { pages } = await answer.json();
    for (const { address } of pages) {
      const page = await fetch(address);
      if (!answers.isOurs(page)) return;
      await keep(new URL(address, self.location).href, page);
    }
    await store.setFact("day", { at: Date.now(), version: self.SHELL.version, pages });
    await tidy(user);
  }

  const isNewest = () =>
    self.serviceWorker.state !== "redundant" && !self.registration.installing && !self.registration.waiting;

  // Everything is kept in this version now: the older pages, and what they needed, can go. What is not
  // current is older only while no newer worker has begun to keep its own.
  async function tidy(user) {
    const names = await caches.keys();
    if (!isNewest()) return;
    for (const name of names) {
      const current = name === nameOf(user) || name === `hsh-shell-${self.SHELL.version}`;
      if (name.startsWith("hsh-") && !current) await caches.delete(name);
    }
    const cache = await caches.open(nameOf(user));
    for (const request of await cache.keys()) {
      const page = await cache.match(request);
      if (Date.now() - Number(page.headers.get("X-HSH-Kept")) > OLDEST) await cache.delete(request);
    }
  }

  async function isFresh() {
    const day = await store.fact("day");
    return day?.version === self.SHELL.version && Date.now() - day.at < FRESH;
  }

  // One at a time: who had to wait, an older version's worker perhaps, finds it fresh or fetches its own.
  async function refreshDay() {
    await self.navigator.locks?.request("hsh-day", async () => (await isFresh()) || fetchDay());
  }

  async function forget() {
    await dropOthers(null);
    await store.setFact("user", null);
    await store.setFact("day", null);
  }

  hsh.pages = { open, offline, refreshDay, forget };
}
