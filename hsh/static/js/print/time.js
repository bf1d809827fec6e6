// Waiting, with an end to it: a printer that went out of reach may never answer.

export const rest = (ms) => new Promise((done) => setTimeout(done, ms));

export function within(ms, promise) {
  let timer;
  const late = new Promise((_, fail) => {
    timer = setTimeout(() => fail(new Error("no answer in time")), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
