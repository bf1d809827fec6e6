// A form is sent once: its button rests while it is under way. What went wrong gets the focus.

const RESTING = "aria-busy";

function rest(form, busy) {
  for (const button of form.querySelectorAll("button:not([type=button])")) {
    button.disabled = busy;
    button.toggleAttribute(RESTING, busy);
    if (busy) button.setAttribute(RESTING, "true");
  }
}

// Not what is looked up while someone types.
const isSent = (ctx) => ctx.sourceElement.matches("form[hx-post], form[hx-get]") && ctx.sourceEvent?.type !== "input";

function showProblem(root) {
  const problem = root.querySelector("[data-focus]") ?? root.querySelector("[aria-invalid=true]");
  problem?.focus({ preventScroll: true });
  problem?.scrollIntoView({ block: "nearest" });
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  // What htmx sends is below; a form with a target is answered with a file, and its page stays.
  if (form.matches("[hx-post], [hx-get], [target]")) return;
  // After the browser has taken the button's own value along.
  setTimeout(() => rest(form, true));
});

document.addEventListener("htmx:before:request", (event) => {
  const { ctx } = event.detail;
  ctx.isSubmit = ctx.sourceElement.matches("form[hx-post]"); // after the swap its source may be gone
  if (isSent(ctx)) rest(ctx.sourceElement, true);
  document.getElementById("notices")?.replaceChildren();
  if (ctx.isSubmit) document.getElementById("toasts")?.replaceChildren();
});

document.addEventListener("htmx:finally:request", (event) => {
  const { ctx } = event.detail;
  if (isSent(ctx)) rest(ctx.sourceElement, false);
});

// Only the answer to a form: what is fetched while someone types must not take the focus away.
// Where nothing went wrong and the pressed button is gone, one goes on from the top of the answer.
document.addEventListener("htmx:after:swap", (event) => {
  if (!event.detail.ctx.isSubmit) return;
  showProblem(document);
  if (document.activeElement !== document.body) return;
  document.getElementById("main")?.focus({ preventScroll: true });
  scrollTo(0, 0);
});

// The network failed: the form stays as it is, to be sent again. A sale's total is the tablet's own then.
document.addEventListener("htmx:error", (event) => {
  if (event.detail.ctx?.target?.closest("#totals")) return;
  const template = document.getElementById("offline-notice");
  const notices = document.getElementById("notices");
  if (template && notices) {
    notices.replaceChildren(template.content.cloneNode(true));
    showProblem(notices);
  }
});

// A page that the back button brings back must not have its buttons at rest.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form")) rest(form, false);
});

showProblem(document);
