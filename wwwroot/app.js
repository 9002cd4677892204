// A few lines that need no circuit: ages that keep counting, the visitor's zone, copy, keys.
const bar = document.getElementById("components-reconnect-modal");
bar?.addEventListener("components-reconnect-state-changed", ({ detail }) => {
  if (detail.state === "rejected" || detail.state === "resume-failed") {
    location.reload();   // the server answers again but no longer knows this circuit; the URL holds all it needs
  }
});

// After a restart of the dashboard nobody tells a page whose circuit gave up; it asks.
setInterval(async () => {
  if (bar?.classList.contains("components-reconnect-failed")) {
    try { if ((await fetch("healthz", { cache: "no-store" })).ok) { location.reload(); } } catch { /* still away */ }
  }
}, 2000);

const words = seconds => seconds < 60 ? "under 1 min ago" : seconds < 3600 ? `${Math.floor(seconds / 60)} min ago`
  : seconds < 172800 ? `${Math.floor(seconds / 3600)} h ago` : `${Math.floor(seconds / 86400)} d ago`;
const local = new Intl.DateTimeFormat(undefined, { dateStyle: "short", timeStyle: "medium" });

function times() {
  for (const time of document.querySelectorAll("time[datetime]")) {
    const at = new Date(time.dateTime);
    const text = time.hasAttribute("data-age") ? words((Date.now() - at) / 1000) : local.format(at);
    time.title = at.toISOString();
    if (time.firstChild && time.firstChild.data !== text) { time.firstChild.data = text; }
  }
}
times();
setInterval(times, 1000);

document.addEventListener("click", async event => {
  const button = event.target.closest?.("[data-copy]");
  if (button) {
    await navigator.clipboard.writeText(document.querySelector(button.dataset.copy).innerText);
    button.lastChild.data = "Copied";
  }
});

const pages = { n: "", f: "findings", v: "vms", h: "hosts", c: "clusters", s: "switches", r: "rules" };
let afterG = false;
document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.altKey || event.metaKey || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || localStorage.getItem("keys") === "off") { return; }
  if (event.key === "/") { event.preventDefault(); document.getElementById("search")?.focus(); return; }
  if (afterG && event.key in pages) { location.href = new URL(pages[event.key], document.baseURI); }
  afterG = event.key === "g";
  if (event.key === "j" || event.key === "k") {
    const rows = [...document.querySelectorAll("[data-row], .fl li.fi")];
    const at = rows.findIndex(row => row.classList.contains("cursor"));
    const next = rows[Math.min(rows.length - 1, Math.max(0, at + (event.key === "j" ? 1 : -1)))];
    rows[at]?.classList.remove("cursor");
    next?.classList.add("cursor");
    next?.scrollIntoView({ block: "nearest" });
    next?.querySelector("a")?.focus();
  }
});
