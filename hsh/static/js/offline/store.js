// What the tablet keeps until the server has it: the queue, in IndexedDB. Pages and the service
// worker load this same file. Nothing unsent is ever removed here but by the driver's own hand.
//
// An item: seq (the order of acts), client_temp_id, user, op, path, page, label, lines, fields,
// refs, truck, captured_at, state (waiting, refused, sent), attempts, said, result, replaces,
// claimed and slip (what a sale came to here, and what a slip of it says).

{
  const hsh = (self.hsh ??= {});
  const NAME = "hsh";
  const KEPT_SENT = 50;
  const channel = new BroadcastChannel(NAME);
  let opening;

  function open() {
    opening ??= new Promise((resolve, reject) => {
      const request = indexedDB.open(NAME, 1);
      request.onupgradeneeded = () => {
        const items = request.result.createObjectStore("items", { keyPath: "seq", autoIncrement: true });
        items.createIndex("client_temp_id", "client_temp_id", { unique: true });
        request.result.createObjectStore("facts");
      };
      request.onerror = () => reject(request.error);
      request.onsuccess = () => {
        request.result.onversionchange = () => request.result.close();
        resolve(request.result);
      };
    });
    opening.catch(() => (opening = undefined));
    return opening;
  }

  // A quota error arrives as the transaction's abort, after put returned: only complete counts.
  async function act(mode, name, work) {
    const db = await open();
    return new Promise((resolve, reject) => {
      const transaction = db.transaction(name, mode, { durability: "strict" });
      let result;
      transaction.oncomplete = () => resolve(result);
      transaction.onabort = () => reject(transaction.error ?? new Error("not stored"));
      work(transaction.objectStore(name), (value) => (result = value));
    });
  }

  const changed = () => channel.postMessage("changed");

  function once(items, uuid, then) {
    items.index("client_temp_id").get(uuid).onsuccess = (event) => then(event.target.result);
  }

  // Write a submission down; the same form sent again stands at its old place. With other words than
  // what waits, from a draft open in two tabs, it is another one: it gets ``newUuid``. What it ``needs``
  // is looked up among all items in the same transaction.
  async function add(item, { newUuid, needs } = {}) {
    const written = await act("readwrite", "items", (items, done) => {
      items.getAll().onsuccess = ({ target: { result: others } }) => {
        const known = others.find((other) => other.client_temp_id === item.client_temp_id);
        if (known?.state === "sent") return done(known);
        const record = { attempts: 0, ...item, refs: needs?.(item, others) ?? item.refs, state: "waiting", said: null };
        if (newUuid && known?.state === "waiting" && JSON.stringify(known.fields) !== JSON.stringify(item.fields)) record.client_temp_id = newUuid;
        else if (known) record.seq = known.seq;
        items.put(record).onsuccess = (event) => done({ ...record, seq: event.target.result });
      };
    });
    changed();
    return written;
  }

  // Many at once are one transaction: each is a wait for the tablet's memory.
  async function changeAll(changes) {
    await act("readwrite", "items", (items) => {
      for (const [uuid, facts] of changes) once(items, uuid, (known) => known && items.put({ ...known, ...facts }));
    });
    if (changes.some(([, facts]) => facts.state === "sent")) await removeAll(await settled());
    changed();
  }

  const change = (uuid, facts) => changeAll([[uuid, facts]]);

  async function all() {
    return act("readonly", "items", (items, done) => {
      items.getAll().onsuccess = (event) => done(event.target.result);
    });
  }

  // The server has it: what it is called there stays for a while, to be looked up.
  const arrived = (result) => ({ state: "sent", said: null, result, sent_at: Date.now(), fields: null, slip: null });

  // What needs to be kept no more: what another replaced, and the oldest of what was sent.
  async function settled() {
    const items = await all();
    const sent = items.filter((item) => item.state === "sent");
    const replaced = items.filter((item) => sent.some((other) => other.replaces === item.client_temp_id));
    return [...replaced, ...sent.slice(0, -KEPT_SENT)].map((item) => item.client_temp_id);
  }

  async function removeAll(uuids) {
    await act("readwrite", "items", (items) => {
      for (const uuid of uuids) once(items, uuid, (known) => known && items.delete(known.seq));
    });
  }

  async function remove(uuid) {
    await removeAll([uuid]);
    changed();
  }

  async function fact(name) {
    return act("readonly", "facts", (facts, done) => {
      facts.get(name).onsuccess = (event) => done(event.target.result);
    });
  }

  async function setFact(name, value) {
    await act("readwrite", "facts", (facts) => facts.put(value, name));
  }

  // A channel of its own, as a message does not come back to the channel that sent it.
  const watch = (listener) => (new BroadcastChannel(NAME).onmessage = listener);

  hsh.store = { add, change, changeAll, all, arrived, remove, fact, setFact, watch };
}
