// A line that no code page has, drawn with the tablet's own fonts: the same lines of the same size in the same
// places as hsh/documents/picture.py draws, with other dots in them.

const DOTS = 576; // across the paper: 48 columns of 12
const COLUMN = 12;
const HEIGHT = 32;
const LETTERS = 24;
const INK = 128;

export function raster({ text, bold, align, size }) {
  const scale = size === "normal" ? 1 : 2;
  const [width, height] = [DOTS, HEIGHT * scale];
  const paper = Object.assign(document.createElement("canvas"), { width, height }).getContext("2d");
  const words = text.trimStart();
  const indent = (text.length - words.length) * COLUMN;
  paper.font = `${bold ? 600 : 400} ${LETTERS * scale}px sans-serif`;
  const room = DOTS - indent;
  const free = room - Math.min(room, paper.measureText(words).width);
  paper.fillText(words, indent + { left: 0, center: free / 2, right: free }[align], LETTERS * scale, room);
  const { data } = paper.getImageData(0, 0, width, height);
  const bytes = new Uint8Array((width / 8) * height);
  for (let dot = 0; dot < width * height; dot += 1) {
    if (data[dot * 4 + 3] >= INK) bytes[dot >> 3] |= 0x80 >> (dot & 7);
  }
  return [0x1d, 0x76, 0x30, 0, width / 8, 0, height, 0, ...bytes];
}
