// The Corpus page without this works too, but for uploads: it spares reloading.
const status = document.querySelector("#pq-status");
const panel = document.querySelector("#pq-rebuild");
const upload = document.querySelector("#pq-upload");
const EVERY = 500; // milliseconds

function say(words) {
  if (words !== "" && status.textContent !== words) status.textContent = words;
}

const parsed = (html) => new DOMParser().parseFromString(html, "text/html");

// Only what changes is changed, so that the focus stays on the button and is not read again.
function show(html) {
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
  return next.dataset.state === "running";
}

async function refresh() {
  const response = await fetch(location.href);
  if (!response.ok) return;
  const page = parsed(await response.text());
  for (const id of ["pq-overview", "articles"]) {
    const [now, next] = [document, page].map((one) => one.getElementById(id));
    if (now !== null && next !== null) now.replaceWith(next);
    else if (next !== null) document.querySelector("main").append(next);
    else now?.remove();
  }
}

let watching = false;

async function watchRebuild() {
  if (watching) return;
  watching = true;
  for (let runs = true; runs; ) {
    try {
      const response = await fetch("corpus/rebuild");
      if (response.ok) runs = show(await response.text());
    } catch {
      say("The server does not answer.");
    }
    if (runs) await new Promise((later) => setTimeout(later, EVERY));
  }
  watching = false;
  await refresh();
}

panel?.setAttribute("tabindex", "-1");
panel?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = event.target.querySelector("button");
  if (button.getAttribute("aria-disabled") === "true") return;
  button.setAttribute("aria-disabled", "true");
  try {
    await fetch(event.target.action, { method: "POST", redirect: "manual" });
  } catch {
    say("The server does not answer.");
  }
  button.removeAttribute("aria-disabled");
  watchRebuild();
});
if (panel?.firstElementChild.dataset.state === "running") watchRebuild();

// Sends one file, saying how much of it is there; what the server says of it at the end.
function send(file, { replace, progress }) {
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    const query = new URLSearchParams({ name: file.name });
    if (replace) query.set("replace", "1");
    request.open("POST", `corpus/upload?${query}`);
    request.upload.onprogress = (event) => progress(event.loaded / Math.max(1, event.total));
    request.onload = () => {
      let told = {};
      try {
        told = JSON.parse(request.responseText);
      } catch {
        told = { detail: request.responseText };
      }
      done({ status: request.status, detail: told.detail ?? "" });
    };
    request.onerror = () => done({ status: 0, detail: "The connection broke off." });
    request.send(file);
  });
}

async function add(file, line, replace) {
  const named = document.createElement("bdi");
  named.textContent = file.name;
  const told = document.createElement("span");
  line.replaceChildren(named, ": ", told);
  const most = Number(upload.dataset.most);
  let result;
  if (file.size > most) {
    result = { status: 413, detail: `It is larger than ${most.toLocaleString("en")} bytes.` };
  } else {
    const progress = (share) => (told.textContent = `${Math.round(100 * share)} %`);
    result = await send(file, { replace, progress });
  }
  told.textContent = result.status === 201 ? "added." : result.detail;
  line.classList.toggle("pq-refused", result.status !== 201);
  say(`${file.name}: ${told.textContent}`);
  if (result.status === 409 && !replace) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Replace it";
    button.setAttribute("aria-label", `Replace ${file.name}`);
    button.addEventListener("click", () => add(file, line, true));
    line.append(" ", button);
  }
}

upload?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const input = upload.querySelector("input[type=file]");
  const list = document.querySelector("#pq-uploaded");
  if (input.files.length === 0) {
    say("Choose files first.");
    input.focus();
    return;
  }
  list.replaceChildren();
  for (const file of [...input.files]) {
    const line = document.createElement("li");
    list.append(line);
    await add(file, line, false);
  }
  input.value = "";
});
