// Sends a draft without leaving the Check page, takes a file that is dropped on the page, and shows that
// the check goes on. Without this script, the form does the same with a load of the page.
const status = document.querySelector("#pq-status");
const parsed = (html) => new DOMParser().parseFromString(html, "text/html");
let sending = null; // the request that is under way

const formOf = () => document.querySelector("#pq-draft");
const fileOf = (form) => form.querySelector("input[type=file]");

function say(words) {
  status.textContent = words;
}

// The message above the form, which gets the focus.
function complain(words) {
  const place = document.createElement("div");
  const message = document.createElement("p");
  place.className = "pq-told";
  place.tabIndex = -1;
  message.className = "pq-warning";
  message.textContent = words;
  place.append(message);
  document.querySelector(".pq-told")?.remove();
  formOf().before(place);
  place.focus();
}

// A line with a bar while a draft is sent and checked, and a button that gives up.
function progressLine(form) {
  const [line, bar, words, button] = ["p", "progress", "span", "button"].map((tag) => document.createElement(tag));
  line.className = "pq-under-way";
  bar.setAttribute("aria-label", "Check of the draft");
  button.type = "button";
  button.textContent = "Cancel";
  button.addEventListener("click", () => sending?.abort());
  line.append(bar, words, button);
  form.querySelector(".pq-under-way")?.remove();
  form.querySelector(".pq-sending").after(line);
  return {
    tell(text, share) {
      words.textContent = text;
      if (share === undefined) bar.removeAttribute("value");
      else bar.value = share;
    },
    end() {
      line.remove();
    },
  };
}

// The page that the server answered with, in place of this one. A draft that was refused keeps its file.
function show(html, files, isDone) {
  const next = parsed(html).querySelector("#pq-check");
  if (next === null) return false;
  document.querySelector("#pq-check").replaceWith(next);
  if (!isDone && files.length > 0 && formOf() !== null) fileOf(formOf()).files = files;
  if (isDone) sendAgain(files);
  const first = document.querySelector("#pq-counts") ?? document.querySelector(".pq-told");
  first?.focus();
  first?.scrollIntoView({ block: "start" });
  if (isDone) say(first?.textContent ?? "");
  return true;
}

// The report of a Word file is a copy of it, so the file is sent again with the form of the report.
function sendAgain(files) {
  const own = document.querySelector(".pq-own-file");
  if (own === null || files.length === 0) return;
  own.querySelector("input").files = files;
  own.hidden = true;
}

function messageOf(request) {
  try {
    return JSON.parse(request.responseText).detail;
  } catch {
    return request.responseText || "The server did not answer. Try again.";
  }
}

function send(form) {
  const data = new FormData(form);
  const { files } = fileOf(form);
  if (files.length > 0) data.delete("text");
  const line = progressLine(form);
  const button = form.querySelector("button.pq-main");
  button.setAttribute("aria-disabled", "true");
  const request = new XMLHttpRequest();
  sending = request;
  const end = (words) => {
    sending = null;
    line.end();
    button.removeAttribute("aria-disabled");
    if (words !== undefined) complain(words);
  };
  request.open("POST", form.action);
  request.upload.onprogress = (event) => line.tell("Sending the draft…", event.loaded / Math.max(1, event.total));
  request.upload.onload = () => line.tell("Checking the quotations…");
  request.onload = () => {
    end();
    if (!show(request.responseText, files, request.status === 200)) complain(messageOf(request));
  };
  request.onerror = () => end("The connection was lost. Check the draft again.");
  request.onabort = () => {
    end();
    button.focus();
    say("The check was cancelled.");
  };
  line.tell("Sending the draft…");
  say("Checking the draft…");
  request.send(data);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches(".pq-downloads")) {
    const own = form.querySelector(".pq-own-file input");
    if (own !== null) own.disabled = event.submitter?.value !== "docx"; // only this report has it
  }
  if (form.id !== "pq-draft") return;
  event.preventDefault();
  if (sending !== null) return;
  const [file] = fileOf(form).files;
  if (file !== undefined && file.size > Number(form.dataset.most)) complain(form.dataset.tooLarge);
  else send(form);
});

// Files that are dropped anywhere on the page
const hasFiles = (transfer) => transfer?.types.includes("Files");
const mark = (over) => formOf()?.classList.toggle("pq-over", over);

document.addEventListener("dragover", (event) => {
  if (!hasFiles(event.dataTransfer) || formOf() === null) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = "copy";
  mark(true);
});
document.addEventListener("dragleave", (event) => event.relatedTarget === null && mark(false));
document.addEventListener("drop", (event) => {
  if (!hasFiles(event.dataTransfer) || formOf() === null) return;
  event.preventDefault();
  mark(false);
  if (sending !== null) return;
  if (event.dataTransfer.files.length !== 1) {
    complain("Drop one file at a time.");
    return;
  }
  fileOf(formOf()).files = event.dataTransfer.files;
  formOf().requestSubmit();
});
