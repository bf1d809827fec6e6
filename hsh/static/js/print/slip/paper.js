// The lines of an 80 mm slip, as hsh/documents/slip.py makes them.

import { toAscii } from "./ascii.js";

const WIDTH = 48; // columns of an 80 mm roll in font A
const STYLE = { kind: "text", bold: false, align: "left", size: "normal" };

export const RULE = { ...STYLE, text: "-".repeat(WIDTH) };
export const BLANK = { ...STYLE, text: "" };
export const CUT = { ...STYLE, kind: "cut" };

// As Python's textwrap: a word longer than the room begins where the line has got to.
function wrapped(value, room) {
  const lines = [];
  let line = "";
  for (let word of toAscii(value).split(" ").filter(Boolean)) {
    const begun = line && `${line} `;
    if (begun.length + word.length <= room) {
      line = begun + word;
      continue;
    }
    if (word.length <= room) {
      lines.push(line);
      line = word;
      continue;
    }
    line = begun;
    while (line.length + word.length > room) {
      const fits = room - line.length;
      lines.push((line + word.slice(0, fits)).trimEnd());
      word = word.slice(fits);
      line = "";
    }
    line = word;
  }
  return line ? [...lines, line] : lines;
}

export function says(value, { indent = 0, ...style } = {}) {
  const room = (style.size === "large" ? WIDTH / 2 : WIDTH) - indent;
  return wrapped(value, room).map((part) => ({ ...STYLE, ...style, text: " ".repeat(indent) + part }));
}

export function pair(left, right, { indent = 0, ...style } = {}) {
  const value = toAscii(right);
  const parts = wrapped(left, WIDTH - indent).map((part) => " ".repeat(indent) + part);
  if (!parts.length) parts.push("");
  if (parts.at(-1).length + 1 + value.length > WIDTH) parts.push("");
  const last = parts.pop();
  const ends = wrapped(value, WIDTH);
  const end = ends.pop() ?? "";
  const lines = [...parts, ...ends.map((part) => part.padStart(WIDTH)), last + end.padStart(WIDTH - last.length)];
  return lines.map((text) => ({ ...STYLE, ...style, text }));
}
