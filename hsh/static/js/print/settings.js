// What this tablet remembers of each printer: how much it takes at once, how long it rests, which was last.

const KEY = "hsh.printers";
export const SENDS = { least: 20, most: 512, usual: 180 }; // bytes at once; Bluetooth takes no more than 512
export const RESTS = { least: 0, most: 500, usual: 0, unanswered: 20 }; // ms between two writes

let unsaved = {}; // where storage is forbidden the page remembers for itself

function read() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? unsaved;
  } catch {
    return unsaved;
  }
}

function write(all) {
  unsaved = all;
  try {
    localStorage.setItem(KEY, JSON.stringify(all));
  } catch {
    // full or forbidden: remembered until the page goes
  }
}

function within(value, { least, most, usual }) {
  const number = Number.parseInt(value, 10);
  return Number.isNaN(number) ? usual : Math.min(most, Math.max(least, number));
}

// `answers`: whether the printer confirms each write; one that does not needs a rest to keep up.
export function settingsOf(id, answers = true) {
  const { chunk, pace } = read().devices?.[id] ?? {};
  const usual = answers ? RESTS.usual : RESTS.unanswered;
  return { chunk: within(chunk, SENDS), pace: within(pace, { ...RESTS, usual }) };
}

export function keepSettings(id, { chunk, pace }) {
  const all = read();
  const kept = { chunk: within(chunk, SENDS), pace: within(pace, RESTS) };
  write({ ...all, devices: { ...all.devices, [id]: kept } });
}

export const lastPrinter = () => read().last;

export function keepPrinter(id) {
  write({ ...read(), last: id });
}
