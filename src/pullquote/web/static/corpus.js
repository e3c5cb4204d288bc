// Updates the Corpus page without reloading it. Without this script everything works except uploads.
const status = document.querySelector("#pq-status");
const panel = document.querySelector("#pq-rebuild");
const upload = document.querySelector("#pq-upload");
const EVERY = 500; // milliseconds

function say(words) {
  if (words !== "" && status.textContent !== words) status.textContent = words;
}

const parsed = (html) => new DOMParser().parseFromString(html, "text/html");

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
      if (response.ok) runs = showPanel(await response.text());
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

// Uploads one file and reports its progress; resolves to the server's status and message.
function send(file, { replace, progress }) {
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    const query = new URLSearchParams({ name: file.name });
    if (replace) query.set("replace", "1");
    request.open("POST", `corpus/upload?${query}`);
    request.upload.onprogress = (event) => progress(event.loaded / Math.max(1, event.total));
    request.onload = () => {
      let answer = {};
      try {
        answer = JSON.parse(request.responseText);
      } catch {
        answer = { detail: request.responseText };
      }
      done({ status: request.status, detail: answer.detail ?? "" });
    };
    request.onerror = () => done({ status: 0, detail: "The connection was lost." });
    request.send(file);
  });
}

async function add(file, line, replace) {
  const named = document.createElement("bdi");
  named.textContent = file.name;
  const message = document.createElement("span");
  line.replaceChildren(named, ": ", message);
  const most = Number(upload.dataset.most);
  let result;
  if (file.size > most) {
    result = { status: 413, detail: `The file is larger than ${most.toLocaleString("en")} bytes.` };
  } else {
    const progress = (share) => (message.textContent = `${Math.round(100 * share)} %`);
    result = await send(file, { replace, progress });
  }
  message.textContent = result.status === 201 ? "added." : result.detail;
  line.classList.toggle("pq-refused", result.status !== 201);
  say(`${file.name}: ${message.textContent}`);
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
