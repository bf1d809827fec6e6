// Printing is loaded when it is asked for; the page of the printer asks by being there.

let printing;
const load = () => (printing ??= import("./printing.js"));

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-print]");
  const slip = event.target.closest("button[data-slip]");
  if (!link && !slip) return;
  event.preventDefault();
  const { printLink, printSlipOf } = await load();
  if (link) printLink(link);
  else printSlipOf(slip.dataset.of);
});

const always = () => document.querySelector("#printing[data-always]") && load();
document.addEventListener("htmx:after:swap", always);
always();
