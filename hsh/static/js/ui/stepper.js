// The − and + beside a number. The number box works without them.

function set(input, value) {
  const least = Number(input.min || 0);
  const most = Number(input.max || 9999);
  input.value = Math.min(most, Math.max(least, value));
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

function mark(stepper) {
  stepper.classList.toggle("set", Number(stepper.querySelector("input").value) > 0);
}

function markAll() {
  for (const stepper of document.querySelectorAll("[data-stepper]")) mark(stepper);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-step]");
  const input = button?.closest("[data-stepper]")?.querySelector("input");
  if (input) set(input, Number(input.value || 0) + Number(button.dataset.step));
});

// Typing begins with an empty box instead of behind a zero.
document.addEventListener("focusin", (event) => {
  if (event.target.closest?.("[data-stepper]") && event.target.matches("input")) event.target.select();
});

document.addEventListener("input", (event) => {
  const stepper = event.target.closest?.("[data-stepper]");
  if (stepper) mark(stepper);
});

document.addEventListener("htmx:after:swap", markAll);
markAll();
