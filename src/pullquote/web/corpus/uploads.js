// Adds files that are chosen, dropped or pasted, and pages by their web addresses. Starts the indexing,
// and shows what each became.
const upload = document.querySelector("#pq-upload");
const link = document.querySelector("#pq-link");
const uploaded = document.querySelector("#pq-uploaded");
const waiting = []; // lines of files and links that are still to be sent
let stored = []; // lines of what is stored, and of which the index has nothing yet
let sending = false;
let indexing = false;
let settled = null; // a promise of the state of the last rebuild, once its outcomes are shown

// The server's status and answer. An answer that is not JSON is a message.
function answerOf(status, text) {
  try {
    return { ...JSON.parse(text), status };
  } catch {
    return { detail: text, status };
  }
}

const LOST = { status: 0, detail: "The connection was lost." };

// Sends one file and reports its progress; resolves to the server's status and answer.
function send(file, { replace, progress }) {
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    const query = new URLSearchParams({ name: file.name });
    if (replace) query.set("replace", "1");
    request.open("POST", `corpus/upload?${query}`);
    request.upload.onprogress = (event) => progress(event.loaded / Math.max(1, event.total));
    request.onload = () => done(answerOf(request.status, request.responseText));
    request.onerror = () => done(LOST);
    request.send(file);
  });
}

// Asks the server to fetch the page of a link; resolves to its status and answer.
async function sendLink(one) {
  tell(one, "fetching the page", { progress: null });
  try {
    const address = `corpus/link${one.replace ? "?replace=1" : ""}`;
    const response = await fetch(address, { method: "POST", body: one.file.name });
    return answerOf(response.status, await response.text());
  } catch {
    return LOST;
  }
}

// The line of a file, or of a link, whose name is its address: the name, a message, and a progress bar while something goes on.
function lineOf(file) {
  const [line, paragraph, name, message] = ["li", "p", "bdi", "span"].map((tag) => document.createElement(tag));
  name.textContent = file.name;
  paragraph.className = "pq-outcome";
  paragraph.append(name, ": ", message);
  line.append(paragraph);
  uploaded.append(line);
  return { line, file, message, replace: false, isLink: false };
}

function tell(one, words, { progress, refused = false } = {}) {
  one.message.textContent = words;
  one.line.classList.toggle("pq-refused", refused);
  let bar = one.line.querySelector("progress");
  if (progress === undefined) bar?.remove();
  else {
    if (bar === null) {
      bar = document.createElement("progress");
      bar.setAttribute("aria-label", one.file.name);
      one.line.append(bar);
    }
    if (progress === null) bar.removeAttribute("value");
    else bar.value = progress;
  }
}

function offer(one, words, label, replace) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = words;
  button.setAttribute("aria-label", `${label} ${one.file.name}`);
  button.addEventListener("click", () => {
    button.remove();
    one.replace = replace;
    queue([one]);
    one.line.setAttribute("tabindex", "-1");
    one.line.focus();
  });
  one.line.append(button);
}

async function sendFile(one) {
  const most = Number(upload.dataset.most);
  if (one.file.size > most) {
    return { status: 413, detail: `The file is larger than ${upload.dataset.limit}, the limit for uploads. Split it into smaller files.` };
  }
  const progress = (share) => tell(one, `sending, ${Math.round(100 * share)}%`, { progress: share });
  progress(0);
  return send(one.file, { replace: one.replace, progress });
}

async function sendOne(one) {
  const result = await (one.isLink ? sendLink(one) : sendFile(one));
  if (result.status === 200 || result.status === 201) {
    Object.assign(one, { id: result.file, isKnown: result.status === 200 });
    tell(one, one.isKnown ? "already there." : "stored. You can search it after the next update of the index.");
    stored.push(one);
    return;
  }
  tell(one, result.detail ?? "", { refused: true });
  say(`${one.file.name}: ${one.message.textContent}`);
  if (result.status === 409 && !one.replace) offer(one, "Replace it", "Replace", true);
  else if ([0, 408, 424, 503, 507].includes(result.status)) offer(one, "Try again", "Try again:", one.replace);
}

async function queue(lines) {
  for (const one of lines) tell(one, "waiting", { progress: null });
  waiting.push(...lines);
  if (sending) return;
  sending = true;
  while (waiting.length > 0) await sendOne(waiting.shift());
  sending = false;
  await index();
}

// Rebuilds the index until it has something from every stored file. Another person's rebuild that is
// followed here may have begun before a file was stored, so there can be several.
async function index() {
  if (panel === null || indexing) return;
  indexing = true;
  if (following !== null) await following;
  let state = "updated";
  for (let attempt = 0; attempt < 3 && state === "updated" && stored.length > 0; attempt += 1) {
    for (const one of stored) tell(one, "stored, being indexed", { progress: null });
    await startRebuild("corpus/rebuild");
    state = await settled;
  }
  indexing = false;
}

async function settle(state) {
  const lines = stored;
  stored = [];
  for (const one of lines) {
    if (state !== "updated") {
      tell(one, "stored, but the index was not updated. The reason is below “Update the index”.", { refused: true });
      stored.push(one);
    } else if (!(await showOutcome(one))) stored.push(one);
  }
  return state;
}

document.addEventListener("pq-rebuilt", (event) => (settled = settle(event.detail)));

// Shows what a file became. Returns false if the index has nothing from it yet.
async function showOutcome(one) {
  for (let attempt = 0; attempt < 60; attempt += 1) {
    const response = await fetch(`corpus/outcome?${new URLSearchParams({ file: one.id })}`).catch(() => null);
    if (response?.ok) {
      const outcome = parsed(await response.text()).body.firstElementChild;
      one.line.replaceChildren(outcome);
      one.message = outcome.querySelector(".pq-outcome span");
      one.line.classList.toggle("pq-refused", outcome.dataset.state === "failed");
      if (one.isKnown) one.message.textContent = `already there: ${one.message.textContent}`;
      if (one.isLink) outcome.querySelector(".pq-outcome bdi").textContent = one.file.name;
      say(outcome.querySelector(".pq-outcome").textContent);
      return outcome.dataset.state !== "pending";
    }
    await later(2 * EVERY);
  }
  tell(one, "stored, but the server has not reported the result. Reload the page to see it.");
  return true;
}

function addFiles(transfer) {
  const folders = [...(transfer.items ?? [])]
    .map((item) => item.webkitGetAsEntry?.())
    .filter((entry) => entry?.isDirectory)
    .map((entry) => entry.name);
  const lines = [...transfer.files].map(lineOf);
  const isFolder = (one) => folders.includes(one.file.name);
  for (const one of lines.filter(isFolder)) {
    tell(one, "This is a folder. Add its files, or put them into a ZIP file and add that.", { refused: true });
  }
  queue(lines.filter((one) => !isFolder(one)));
}

if (upload !== null) {
  const input = upload.querySelector("input[type=file]");
  const hasFiles = (transfer) => transfer?.types.includes("Files");
  const mark = (over) => upload.classList.toggle("pq-over", over);
  upload.addEventListener("submit", (event) => event.preventDefault());
  input.addEventListener("change", () => {
    addFiles(input);
    input.value = "";
  });
  document.addEventListener("dragover", (event) => {
    if (!hasFiles(event.dataTransfer)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    mark(true);
  });
  document.addEventListener("dragleave", (event) => event.relatedTarget === null && mark(false));
  document.addEventListener("drop", (event) => {
    if (!hasFiles(event.dataTransfer)) return;
    event.preventDefault();
    mark(false);
    addFiles(event.dataTransfer);
  });
  document.addEventListener("paste", (event) => {
    if (!event.clipboardData?.files.length) return;
    event.preventDefault();
    addFiles(event.clipboardData);
  });
  window.addEventListener("beforeunload", (event) => sending && event.preventDefault());
}

link?.addEventListener("submit", (event) => {
  event.preventDefault();
  const input = link.querySelector("input");
  const address = input.value.trim();
  if (address === "") return input.focus();
  queue([Object.assign(lineOf({ name: address }), { isLink: true })]);
  input.value = "";
});
