// The offline page lists what is kept of the day, so that a driver gets to a site without a search.

const { fact } = self.hsh.store;

async function show() {
  const day = await fact("day");
  const box = document.getElementById("kept-pages");
  const pages = (day?.pages ?? []).filter((page) => page.kind !== "site");
  box.hidden = !pages.length;
  box.querySelector("ul").replaceChildren(...pages.map(entry));
}

function entry({ address, label }) {
  const line = document.createElement("li");
  line.append(Object.assign(document.createElement("a"), { href: address, textContent: label }));
  return line;
}

show();
