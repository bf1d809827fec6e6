// The printer's page: how much this printer is sent at once, and how long it rests between.

import { keepSettings, settingsOf } from "./settings.js";

const find = () => document.querySelector("form[data-printer-settings]");

export function drawSettings(printer) {
  const form = find();
  if (!form) return;
  form.hidden = !printer;
  if (!printer || form.contains(document.activeElement)) return;
  const { chunk, pace } = settingsOf(printer.id, printer.answers);
  form.elements.chunk.value = chunk;
  form.elements.pace.value = pace;
  form.dataset.printer = printer.id;
}

document.addEventListener("change", (event) => {
  const form = find();
  if (!form?.contains(event.target) || !form.dataset.printer) return;
  keepSettings(form.dataset.printer, { chunk: form.elements.chunk.value, pace: form.elements.pace.value });
});
