// A receipt as a page: the browser's own print window.

const row = document.querySelector("[data-print-page]");
row.hidden = false;
row.querySelector("button").addEventListener("click", () => window.print());
