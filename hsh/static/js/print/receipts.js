// The bytes of a receipt, as the server made them for this very print.

const INITIALISE = [0x1b, 0x40];

export async function fetchBytes(address) {
  const answer = await fetch(address, { headers: { Accept: "application/octet-stream" }, cache: "no-store" });
  // A page to log in, or a hotel's page, is no receipt.
  if (!answer.ok || answer.redirected || answer.headers.get("X-HSH") !== "1") {
    throw new Error(`the server answered ${answer.status}`);
  }
  const bytes = new Uint8Array(await answer.arrayBuffer());
  if (INITIALISE.some((byte, at) => bytes[at] !== byte)) throw new Error("the answer is no receipt");
  return bytes;
}

export function ofLink(link) {
  const { print: file, printLabel: label, printPage: page } = link.dataset;
  return { key: file, label, page, file, load: () => fetchBytes(file) };
}
