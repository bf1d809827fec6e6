// Sending what waits: in the order of the acts, a batch at a time, and never by two at once.

{
  const hsh = (self.hsh ??= {});
  const { store, answers } = hsh;
  const BATCH = 100;
  const STALLED = 20_000;
  const SCHEMA = 1;
  const REPORTED_EVERY = 600_000;

  // One sender among all tabs and the worker. Rejects with TimeoutError after `patience` ms.
  function inTurn(work, patience) {
    if (!navigator.locks) return work();
    return navigator.locks.request("hsh-send", { signal: AbortSignal.timeout(patience) }, work);
  }

  async function ask(path, options = {}) {
    const headers = { Accept: "application/json", ...options.headers };
    const answer = await fetch(path, { ...options, headers, cache: "no-store", signal: AbortSignal.timeout(STALLED) });
    if (!answers.isOurs(answer)) throw new Error("not our server");
    return answer;
  }

  // "Android SM-X210", where the browser tells.
  async function model() {
    const found = await navigator.userAgentData?.getHighEntropyValues(["model"]).catch(() => null);
    return [found?.platform, found?.model].filter(Boolean).join(" ");
  }

  // What the tablet says of itself: the office sees how much waits on it, and its clock's error.
  async function report(user) {
    const left = await waiting(user);
    const about = { device_now: new Date().toISOString(), waiting: left.length, oldest_at: left[0]?.captured_at ?? "" };
    return { device_id: await store.fact("device"), name: await model(), ...about };
  }

  // Who is signed in, a fresh form token, what was decided; null when nobody or nothing answers.
  async function greet(user) {
    try {
      const answer = await ask(`/sync/hello?${new URLSearchParams(await report(user))}`);
      return answer.ok ? await answer.json() : null;
    } catch {
      return null;
    }
  }

  async function waiting(user, before = Infinity) {
    return (await store.all()).filter((item) => item.state === "waiting" && item.user === user && item.seq < before);
  }

  function wire({ client_temp_id, user, op, path, seq, captured_at, fields, refs, replaces, note }) {
    return { client_temp_id, user, op, path, schema: SCHEMA, seq, captured_at, fields, refs, replaces, report: note };
  }

  async function post(items, token) {
    return ask("/sync", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token },
      body: JSON.stringify({ ...(await report(items[0].user)), items: items.map(wire) }),
    });
  }

  // What a supervisor decided about forms that were refused here.
  async function hear(settled) {
    const refused = (await store.all()).filter((item) => item.state === "refused" && !item.closed);
    for (const one of settled) {
      const item = refused.find((found) => found.client_temp_id === one.client_temp_id);
      if (!item) continue;
      if (one.state === "applied") await store.change(item.client_temp_id, store.arrived(one));
      else await store.change(item.client_temp_id, { said: one.message, closed: true });
    }
  }

  function tried(items) {
    const tried_at = Date.now();
    return store.changeAll(items.map((item) => [item.client_temp_id, { attempts: item.attempts + 1, tried_at }]));
  }

  // What an answer makes of an item.
  function outcome(item, result, found) {
    if (result.state === "applied") return store.arrived(found ?? {});
    const state = result.state === "rejected" ? "refused" : "waiting";
    const facts = { attempts: item.attempts + 1, tried_at: Date.now(), said: result.message || null };
    return { ...facts, state, blocked: result.state === "blocked" };
  }

  // True when the server spoke about every item. A batch that it will not read at all is halved, so
  // that the one which is at fault is found and the others go.
  async function sendBatch(items, token) {
    const answer = await post(items, token);
    const again = answers.verdict(answer, null) === "again" && !answer.ok;
    if (again) return tried(items).then(() => false);
    if (answer.ok) {
      const { results, map } = await answer.json();
      const said = new Map(results.map((result) => [result.client_temp_id, result]));
      const answered = items.filter((item) => said.has(item.client_temp_id));
      const outcomes = answered.map((item) => [item.client_temp_id, outcome(item, said.get(item.client_temp_id), map[item.client_temp_id])]);
      await store.changeAll(outcomes);
      return answered.length === items.length;
    }
    if (items.length === 1) {
      const { message } = await answer.json().catch(() => ({}));
      await store.change(items[0].client_temp_id, outcome(items[0], { state: "rejected", message }));
      return true;
    }
    const half = Math.ceil(items.length / 2);
    return (await sendBatch(items.slice(0, half), token)) && sendBatch(items.slice(half), token);
  }

  // With nothing to send a tablet still reports now and then, and asks what was decided.
  async function isQuiet(user) {
    const undecided = (await store.all()).some((item) => item.user === user && item.state === "refused" && !item.closed);
    return !undecided && Date.now() - ((await store.fact("greeted")) ?? 0) < REPORTED_EVERY;
  }

  // Send what waits before `seq`; true when the server has spoken about all of it.
  async function pass(before) {
    const user = await store.fact("user");
    let items = user ? await waiting(user, before) : [];
    if (!user || (!items.length && (before || (await isQuiet(user))))) return true;
    const hello = await greet(user);
    if (hello?.user.ref !== user) return false;
    await store.setFact("greeted", Date.now());
    await hear(hello.settled);
    try {
      while (items.length) {
        if (!(await sendBatch(items.slice(0, BATCH), hello.csrf_token))) return false;
        items = items.slice(BATCH);
      }
      return true;
    } catch {
      await tried(items);
      return false;
    }
  }

  async function flush() {
    try {
      return await inTurn(() => pass(), STALLED);
    } catch {
      return false; // someone else is sending
    }
  }

  hsh.send = { flush, pass, inTurn, wire };
}
