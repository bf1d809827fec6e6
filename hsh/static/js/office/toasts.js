// What was just done stands above the page until it is dismissed or something else is done.

const place = () => document.getElementById("toasts");

// A screen reader speaks of what comes into a live region, not of what came with it.
function speak() {
  const said = place()?.firstElementChild;
  if (!said) return;
  said.remove();
  requestAnimationFrame(() => {
    place().replaceChildren(said);
    said.scrollIntoView({ block: "nearest" });
  });
}

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-dismiss]")) return;
  place().replaceChildren();
  document.getElementById("main").focus({ preventScroll: true });
});

document.addEventListener("htmx:after:swap", (event) => {
  if (event.detail.ctx.target === document.body || event.detail.ctx.isSubmit) speak();
});
speak();
