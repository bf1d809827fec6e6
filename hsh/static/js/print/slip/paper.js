// The lines of an 80 mm slip, as hsh/documents/slip.py makes them.

import { isBeyondAscii, toAscii, toLine } from "./ascii.js";

const WIDTH = 48; // columns of an 80 mm roll in font A
const STYLE = { kind: "text", bold: false, align: "left", size: "normal" };

export const RULE = { ...STYLE, text: "-".repeat(WIDTH) };
export const BLANK = { ...STYLE, text: "" };
export const CUT = { ...STYLE, kind: "cut" };

// As Python's textwrap: a word longer than the room begins where the line has got to.
function wrapped(text, room) {
  const lines = [];
  let line = "";
  for (let word of text.split(" ").filter(Boolean)) {
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

// Characters as wide as two columns; SECOND stands for the second one while a line is broken.
const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/gu;
const SECOND = "\0";

// How it is printed, as text or as pictures, and the parts that fit the room.
function broken(value, room) {
  if (!isBeyondAscii(value)) return ["text", wrapped(toAscii(value), room)];
  const parts = wrapped(toLine(value).replace(WIDE, `$&${SECOND}`), room);
  return ["picture", parts.map((part) => part.replaceAll(SECOND, ""))];
}

export function says(value, { indent = 0, ...style } = {}) {
  const room = (style.size === "large" ? WIDTH / 2 : WIDTH) - indent;
  const [kind, parts] = broken(value, room);
  return parts.map((part) => ({ ...STYLE, ...style, kind, text: " ".repeat(indent) + part }));
}

// When one of them has to be drawn, each has lines of its own.
function apart(left, right, { indent, ...style }) {
  const [kind, ends] = broken(right, WIDTH);
  const end = (text) => (kind === "picture" ? { kind, text, align: "right" } : { text: text.padStart(WIDTH) });
  return [...says(left, { indent, ...style }), ...ends.map((part) => ({ ...STYLE, ...style, ...end(part) }))];
}

export function pair(left, right, { indent = 0, ...style } = {}) {
  if (isBeyondAscii(left) || isBeyondAscii(right)) return apart(left, right, { indent, ...style });
  const value = toAscii(right);
  const parts = wrapped(toAscii(left), WIDTH - indent).map((part) => " ".repeat(indent) + part);
  if (!parts.length) parts.push("");
  if (parts.at(-1).length + 1 + value.length > WIDTH) parts.push("");
  const last = parts.pop();
  const ends = wrapped(value, WIDTH);
  const end = ends.pop() ?? "";
  const lines = [...parts, ...ends.map((part) => part.padStart(WIDTH)), last + end.padStart(WIDTH - last.length)];
  return lines.map((text) => ({ ...STYLE, ...style, text }));
}
