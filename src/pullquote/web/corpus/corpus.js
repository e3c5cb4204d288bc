// Updates the Corpus page without reloading it. Without this script, only adding files and links does not work.
const status = document.querySelector("#pq-status");
const panel = document.querySelector("#pq-rebuild");
const EVERY = 500; // milliseconds

function say(words) {
  if (words !== "" && status.textContent !== words) status.textContent = words;
}

const parsed = (html) => new DOMParser().parseFromString(html, "text/html");
const later = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

// Replaces parts of the page with those of another copy of it. The focus stays on the same control.
function swap(page, ids) {
  const key = document.activeElement?.dataset?.key;
  for (const id of ids) {
    const [now, next] = [document, page].map((one) => one.getElementById(id));
    if (now !== null && next !== null) {
      const open = [...now.querySelectorAll("details")].map((fold) => fold.open);
      const folds = next.querySelectorAll("details");
      if (folds.length === open.length) folds.forEach((fold, at) => (fold.open = open[at]));
      now.replaceWith(next);
    } else if (next !== null) document.querySelector("main").append(next);
    else now?.remove();
  }
  if (key === undefined || document.activeElement !== document.body) return;
  const controls = [...document.querySelectorAll("[data-key]")];
  const same = controls.find((one) => one.dataset.key === key);
  (same ?? document.querySelector("#pq-range"))?.focus({ preventScroll: same !== undefined });
}

async function refresh() {
  const response = await fetch(location.href);
  if (response.ok) swap(parsed(await response.text()), ["pq-overview", "pq-articles"]);
}

// The list: links and forms that sort, search, narrow and page.
let asked = 0;
let shown = location.search;

async function showList(href, { goesBack = false } = {}) {
  const number = ++asked;
  try {
    const response = await fetch(href);
    if (!response.ok) throw new Error(response.status);
    const page = parsed(await response.text());
    if (number !== asked) return;
    if (!goesBack) history.pushState(null, "", href);
    shown = location.search;
    swap(page, ["pq-articles"]);
    say(document.querySelector("#articles")?.dataset.summary ?? "");
  } catch {
    if (number === asked) location.assign(href);
  }
}

const inList = (event) => event.target instanceof Element && event.target.closest("#pq-articles");

document.addEventListener("click", (event) => {
  const href = inList(event) && event.target.closest("a[href]")?.getAttribute("href");
  const plain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  if (!href?.startsWith("corpus") || !plain) return;
  event.preventDefault();
  showList(href);
  if (href.includes("page=")) document.querySelector("#articles").scrollIntoView();
});

document.addEventListener("submit", (event) => {
  if (!inList(event)) return;
  event.preventDefault();
  const fields = [...new FormData(event.target, event.submitter)].filter(([, value]) => value !== "");
  showList(`corpus?${new URLSearchParams(fields)}#articles`);
});

// A change of the fragment alone, such as the link that skips to the list, shows the same list.
window.addEventListener("popstate", () => {
  if (location.search !== shown) showList(location.href, { goesBack: true });
});

// Replaces only what has changed, so the focus stays and screen readers do not repeat the panel.
function showPanel(html) {
  const now = panel.firstElementChild;
  const next = parsed(html).body.firstElementChild;
  say(next.dataset.said);
  const goesOn = next.dataset.state === "running" && now.dataset.state === "running";
  if (goesOn && now.children.length === next.children.length) {
    now.querySelector("p").textContent = next.querySelector("p").textContent;
    const [bar, then] = [now, next].map((one) => one.querySelector("progress"));
    for (const name of ["max", "value"]) {
      if (then.hasAttribute(name)) bar.setAttribute(name, then.getAttribute(name));
    }
  } else {
    const focused = panel.contains(document.activeElement);
    panel.replaceChildren(next);
    if (focused) (panel.querySelector("button") ?? panel).focus();
  }
  return next.dataset.state;
}

// Follows a rebuild until it ends, and then fires "pq-rebuilt" with the state that the panel shows.
async function followRebuild() {
  let state = "running";
  while (state === "running") {
    try {
      const response = await fetch("corpus/rebuild");
      if (response.ok) state = showPanel(await response.text());
    } catch {
      say("The server is not responding.");
    }
    if (state === "running") await later(EVERY);
  }
  following = null; // from here on, the next rebuild can be followed
  await refresh().catch(() => {});
  document.dispatchEvent(new CustomEvent("pq-rebuilt", { detail: state }));
}

let following = null;

function watchRebuild() {
  following ??= followRebuild();
  return following;
}

async function startRebuild(action) {
  try {
    await fetch(action, { method: "POST", redirect: "manual" });
  } catch {
    say("The server is not responding.");
  }
  await watchRebuild();
}

panel?.setAttribute("tabindex", "-1");
panel?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = event.target.querySelector("button");
  if (button.getAttribute("aria-disabled") === "true") return;
  button.setAttribute("aria-disabled", "true");
  await startRebuild(event.target.action);
  button.removeAttribute("aria-disabled");
});
if (panel?.firstElementChild.dataset.state === "running") watchRebuild();
