// A slip's lines as ESC/POS bytes, as hsh/documents/printer.py makes them.

import { raster } from "./picture.js";

const INITIALISE = [0x1b, 0x40];
const ALIGN = { left: [0x1b, 0x61, 0], center: [0x1b, 0x61, 1] };
const SIZE = { normal: [0x1d, 0x21, 0x00], tall: [0x1d, 0x21, 0x01], large: [0x1d, 0x21, 0x11] };
const FEED_AND_CUT = [0x1d, 0x56, 0x42, 0x00];
const LINE_FEED = 0x0a;

const bold = (on) => [0x1b, 0x45, on ? 1 : 0];
const letters = (text) => Array.from(text, (char) => char.charCodeAt(0));

function bytesOf(line) {
  if (line.kind === "cut") return FEED_AND_CUT;
  if (line.kind === "picture") return raster(line);
  return [...ALIGN[line.align], ...bold(line.bold), ...SIZE[line.size], ...letters(line.text), LINE_FEED];
}

export function encode(lines) {
  return Uint8Array.from([...INITIALISE, ...lines.flatMap(bytesOf)]);
}
