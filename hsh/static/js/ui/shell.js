// Pages change inside one shell, so that what a page holds lives on: the connection to the printer.
// Links and searches are fetched by htmx; whatever is not a plain page of ours is loaded as ever.

const isPageChange = (ctx) => ctx?.target?.tagName === "BODY";

function go(address) {
  return htmx.ajax("GET", address, { target: document.body, push: "true" });
}

function isOurs(link) {
  const plain = !link.target && !link.hasAttribute("download") && !link.hasAttribute("data-load");
  const [path] = link.href.split("#");
  return plain && link.origin === location.origin && path !== location.href.split("#")[0];
}

// On the window, so that every other script has had the event first.
window.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  const isBent = event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
  if (event.defaultPrevented || isBent || !link || !isOurs(link)) return;
  event.preventDefault();
  go(link.href);
});

window.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "get" || form.target) return;
  event.preventDefault();
  const address = new URL(form.getAttribute("action"), location); // form.action may be a field of that name
  address.search = new URLSearchParams(new FormData(form, event.submitter));
  go(address.href);
});

document.addEventListener("htmx:before:response", (event) => {
  const { ctx } = event.detail;
  // A form's answer that leads to another page of ours leads there inside the shell.
  if (ctx.hx.redirect && !ctx.hx.redirect.startsWith("/login")) {
    ctx.hx.location = ctx.hx.redirect;
    delete ctx.hx.redirect;
  }
  const { raw } = ctx.response;
  const isPage = raw.ok && raw.headers.get("Content-Type")?.startsWith("text/html");
  if (isPageChange(ctx) && !(isPage && raw.headers.get("X-HSH"))) {
    event.preventDefault();
    location.assign(ctx.request.action);
  }
});

const named = (part) => new URL(part.src ?? part.href, location.href);
const PARTS = "link[rel=stylesheet], script[src]";

// What the new page's head has and this one lacks. None: it belongs to another shell, or another version.
function lacking(page) {
  const known = new Map([...document.head.querySelectorAll(PARTS)].map((part) => [named(part).pathname, named(part).search]));
  const wanted = [...page.head.querySelectorAll(PARTS)];
  const isSame = (part) => (known.get(named(part).pathname) ?? named(part).search) === named(part).search;
  const isShell = page.querySelector("header.shell") !== null;
  return isShell && wanted.every(isSame) ? wanted.filter((part) => !known.has(named(part).pathname)) : null;
}

function adopt(part) {
  const fresh = document.createElement(part.localName);
  for (const { name, value } of part.attributes) fresh.setAttribute(name, value);
  const loaded = new Promise((done) => {
    fresh.addEventListener("load", done);
    fresh.addEventListener("error", done);
  });
  document.head.append(fresh);
  return loaded;
}

// The new page's styles and scripts come first, else it would be seen without them.
document.addEventListener("htmx:before:swap", (event) => {
  const { ctx } = event.detail;
  if (!isPageChange(ctx) || ctx.isDressed) return;
  const page = new DOMParser().parseFromString(ctx.text, "text/html");
  const parts = lacking(page);
  if (parts?.length === 0) return;
  event.preventDefault();
  if (!parts) {
    location.assign(ctx.response.raw.url);
    return;
  }
  ctx.isDressed = true;
  Promise.all(parts.map(adopt)).then(() => htmx.swap(ctx));
});

// A new page begins at its top; the way back leads to where one was.
document.addEventListener("htmx:after:swap", (event) => {
  const { ctx } = event.detail;
  if (!isPageChange(ctx)) return;
  document.getElementById("main")?.focus({ preventScroll: true });
  if (!ctx.request.headers["HX-History-Restore-Request"]) scrollTo(0, 0);
});

// No answer: the browser itself tries, and the worker has the pages that it keeps.
document.addEventListener("htmx:error", (event) => {
  const { ctx } = event.detail;
  if (isPageChange(ctx)) location.assign(ctx.request.action);
});
