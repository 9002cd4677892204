// A few lines that need no circuit: ages that keep counting, the visitor's zone, copy, keys, and finding the way back.
const bar = document.getElementById("components-reconnect-modal");
const isLost = () => bar && /components-reconnect-(show|retrying|failed|rejected|resume-failed)/.test(bar.className);

// Blazor waits longer after each try. This asks every second whether the dashboard is back, so a page lives again soon after it is.
let answered = true;
async function comeBack() {
  if (isLost()) {
    try {
      answered = (await fetch("healthz", { cache: "no-store" })).ok;
      // False: the server answers but no longer knows this circuit. The URL holds all it needs.
      if (answered && !(await globalThis.Blazor.reconnect())) { location.reload(); }
    } catch { answered = false; }
  }
  setTimeout(comeBack, 1000);
}
comeBack();
bar?.addEventListener("components-reconnect-state-changed", ({ detail }) => {
  if (detail.state === "show") { bar.querySelector("[data-lost-at]").textContent = clock.format(new Date()); }
  if (detail.state === "rejected" || detail.state === "resume-failed") { location.reload(); }
});

const words = (seconds, ago) => (seconds < 60 ? (ago ? "under 1 min" : "< 1 min") : seconds < 3600 ? `${Math.floor(seconds / 60)} min`
  : seconds < 172800 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86400)} d`) + (ago ? " ago" : "");
const local = new Intl.DateTimeFormat(undefined, { dateStyle: "short", timeStyle: "medium" });
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });

function times() {
  for (const time of document.querySelectorAll("time[datetime]")) {
    const at = new Date(time.dateTime);
    const text = "age" in time.dataset ? words((Date.now() - at) / 1000, time.dataset.age === "ago") : local.format(at);
    if (time.title !== time.dateTime) { time.title = time.dateTime; }
    if (time.firstChild && time.firstChild.data !== text) { time.firstChild.data = text; }
  }
}
times();
setInterval(times, 1000);

async function copy(text, button) {
  await navigator.clipboard.writeText(text);
  const label = button?.querySelector("span");
  if (label) {
    const before = label.textContent;
    label.textContent = "Copied";
    setTimeout(() => { label.textContent = before; }, 2000);
  }
}

// The circuit puts elements of its own in place of the first ones, so none is kept.
const keys = () => document.getElementById("keys");
function open(dialog) {
  const on = dialog.querySelector("#keys-on");
  if (on) { on.checked = localStorage.getItem("keys") !== "off"; }
  dialog.showModal();
}
// So the list of scopes, opened before, would close under the visitor's hand.
const scopes = () => document.querySelector(".scope-menu");
const firstScopes = scopes();
const replacing = new MutationObserver(() => {
  const menu = scopes();
  if (!menu || menu === firstScopes) { return; }
  menu.open = firstScopes.open;
  replacing.disconnect();
});
if (firstScopes) { replacing.observe(document.body, { childList: true, subtree: true }); }

document.addEventListener("change", event => {
  if (event.target.id === "keys-on") { localStorage.setItem("keys", event.target.checked ? "on" : "off"); }
});

document.addEventListener("click", event => {
  const button = event.target.closest?.("[data-copy], [data-copy-text], [data-copy-link], [data-open]");
  if (!button) { return; }
  if (button.dataset.open) { open(document.querySelector(button.dataset.open)); }
  else if (button.dataset.copy) { copy(document.querySelector(button.dataset.copy).innerText, button); }
  else { copy(button.dataset.copyText ?? location.href, button); }
});

// ---- go to anything: the field is a form that works by itself; this only suggests while typing
const goTo = () => document.getElementById("goto");
const found = () => document.getElementById("found");
let asked = 0;

function close() { found()?.remove(); }

async function suggest(field) {
  const turn = ++asked;
  const text = field.value.trim();
  if (!text) { close(); return; }
  const answer = await fetch(`api/go?q=${encodeURIComponent(text)}`);
  if (turn !== asked || !answer.ok) { return; }
  const list = document.createElement("div");
  list.id = "found";
  list.className = "found";
  for (const item of await answer.json()) {
    const link = document.createElement("a");
    link.href = item.href;
    for (const part of [item.kind, item.text, item.detail]) {
      link.append(Object.assign(document.createElement("span"), { textContent: part, className: "ell" }));
    }
    list.append(link);
  }
  close();
  if (list.childElementCount > 0 && document.activeElement === field) { field.form.append(list); }
}

function choose(step) {
  const links = [...(found()?.children ?? [])];
  const at = links.findIndex(link => link.getAttribute("aria-selected") === "true");
  links[at]?.removeAttribute("aria-selected");
  links[Math.max(0, Math.min(links.length - 1, at + step))]?.setAttribute("aria-selected", "true");
}

document.addEventListener("input", event => { if (event.target.id === "goto") { suggest(event.target); } });
document.addEventListener("focusout", event => { if (event.target.id === "goto") { setTimeout(close, 200); } });

// ---- keys
const pages = { n: "", f: "findings", v: "vms", h: "hosts", c: "clusters", s: "switches", d: "disks", r: "rules" };
let afterG = false;

function row(step) {
  const rows = [...document.querySelectorAll("[data-row]")];
  const at = rows.findIndex(r => r.contains(document.activeElement));
  const next = rows[Math.max(0, Math.min(rows.length - 1, at + step))];
  (next?.matches("a") ? next : next?.querySelector("a"))?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", event => {
  const field = goTo();
  if (event.ctrlKey && (event.key === "k" || event.key === " ") && field) {
    event.preventDefault();
    (field.offsetParent ? field : document.querySelector("#filter"))?.focus();
    return;
  }
  if (event.target.id === "goto") {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); choose(event.key === "ArrowDown" ? 1 : -1); }
    const chosen = found()?.querySelector("[aria-selected=true]");
    if (event.key === "Enter" && chosen) { event.preventDefault(); chosen.click(); close(); }
  }
  if (event.key === "Escape" && /^INPUT$/.test(event.target.tagName)) { close(); event.target.blur(); return; }
  if (event.ctrlKey || event.altKey || event.metaKey || keys()?.open || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || localStorage.getItem("keys") === "off") { return; }

  const wasG = afterG;
  afterG = false;
  if (wasG && event.key in pages) { location.href = new URL(pages[event.key], document.baseURI); return; }
  switch (event.key) {
    case "g": afterG = true; return;
    case "/": event.preventDefault(); (document.getElementById("filter") ?? field)?.focus(); return;
    case "?": if (keys()) { open(keys()); } return;
    case "j": row(1); return;
    case "k": row(-1); return;
    case "y": copy(location.href, document.querySelector("[data-copy-link]")); return;
    case "v": case "[": case "]": document.querySelector(`[data-key="${event.key}"]`)?.click(); return;
  }
});
