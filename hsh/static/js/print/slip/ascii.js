// What people typed, as printable ASCII: the same as hsh/documents/text.py, character by character.

const INVISIBLE = /[\u034f\u115f\u1160\u17b4\u17b5\u3164\ufe00-\ufe0f\uffa0\u{e0100}-\u{e01ef}]/gu;
const TOWERS = /([\u0300-\u036f\u20d0-\u20ff]{2})[\u0300-\u036f\u20d0-\u20ff]+/gu;
const UNPRINTABLE = "\u25a1";
const LOOKALIKES = new Map([
  ["\u2212", "-"], ["\u2010", "-"], ["\u2011", "-"], ["\u2012", "-"], ["\u2013", "-"], ["\u2014", "-"],
  ["\u2018", "'"], ["\u2019", "'"], ["\u201c", '"'], ["\u201d", '"'],
  ["\u00d7", "x"], ["\u00b7", "-"], ["\u2022", "-"], ["\u2192", ">"],
]);

function visible(char) {
  if (/\p{Cc}/u.test(char)) return /[\t-\r\x1c-\x1f\x85]/.test(char) ? " " : "";
  if (/[\p{Zl}\p{Zp}]/u.test(char)) return " ";
  if (/\p{Cf}/u.test(char)) return "";
  return /[\p{Cs}\p{Co}\p{Cn}]/u.test(char) ? UNPRINTABLE : char;
}

function clean(text) {
  const seen = Array.from(text.normalize("NFC"), visible).join("");
  return seen.replace(INVISIBLE, "").replace(TOWERS, "$1");
}

// An accent moves before or behind another one in the normal form; a letter stays where it is.
function isAccent(char) {
  const [before, after] = [`${char}\u0334`, `\u0301${char}`];
  return before.normalize("NFD") !== before || after.normalize("NFD") !== after;
}

function folded(char) {
  if (char <= "~" && char >= " ") return char;
  const bare = Array.from(char.normalize("NFKD")).filter((part) => !isAccent(part));
  return bare.map((part) => (part >= " " && part <= "~" ? part : "?")).join("");
}

const oneLine = (text) => text.split(" ").filter(Boolean).join(" ");

export const toAscii = (text) => oneLine(Array.from(clean(text), (char) => folded(LOOKALIKES.get(char) ?? char)).join(""));
export const toLine = (text) => oneLine(clean(text));

// Letters, in Chinese, Tamil or their like, that ASCII cannot say.
export const isBeyondAscii = (text) => Array.from(clean(text)).some((char) => /[^\0-\x7f]/.test(char) && /[\p{L}\p{M}\p{N}]/u.test(char) && folded(char).includes("?"));
