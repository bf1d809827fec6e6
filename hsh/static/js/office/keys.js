// The office's keyboard: / goes to the jump box, ? shows this, g and a letter go to a place.
// On a low screen the navigation is turned to where one is.

const WAIT = 1500;
let waiting = 0;

const isTyping = (target) => target.closest?.("input, select, textarea, [contenteditable]");

function place(letter) {
  return document.querySelector(`.shell a[data-go="${CSS.escape(letter)}"]`);
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const isSecond = event.timeStamp - waiting < WAIT && waiting > 0;
  waiting = 0;
  if (isSecond && place(event.key)) {
    event.preventDefault();
    place(event.key).click();
  } else if (event.key === "g") {
    waiting = event.timeStamp;
  } else if (event.key === "/") {
    event.preventDefault();
    document.getElementById("jump-box")?.focus();
  } else if (event.key === "?") {
    event.preventDefault();
    document.getElementById("keys")?.showModal();
  }
}

document.addEventListener("keydown", onKey);
document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-keys]")) document.getElementById("keys")?.showModal();
});

function turnToHere() {
  const nav = document.querySelector(".shell nav");
  const here = nav?.querySelector("[aria-current]");
  if (here) nav.scrollTop = here.offsetTop - nav.offsetTop - nav.clientHeight / 2;
}

document.addEventListener("htmx:after:swap", turnToHere);
turnToHere();
