// Hands bytes over to RawBT, an app on Android that prints what it is given.

function base64(bytes) {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

export function handOver(bytes) {
  const link = document.createElement("a");
  link.href = `intent:base64,${base64(bytes)}#Intent;scheme=rawbt;package=ru.a402d.rawbtprinter;end;`;
  link.hidden = true;
  document.body.append(link);
  link.click();
  link.remove();
}
