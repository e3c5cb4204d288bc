// Asks the cells of a grid one by one and fills the table. Everything is saved in this tab, so that a reload
// continues; the server keeps nothing.
const form = document.querySelector("#pq-grid-form");
const status = document.querySelector("#pq-status");
const fault = document.querySelector("#pq-fault");
const result = document.querySelector("#pq-result");
const table = document.querySelector("#pq-table");
const bar = document.querySelector("#pq-bar");
const done = document.querySelector("#pq-done");
const stop = document.querySelector("#pq-stop");

const GRID = "pullquote-grid";
const CELL = "pullquote-cell-";
const WAIT = 3000; // milliseconds until a cell is asked again when the server is busy
const TRIES = 20; // how often a cell is asked while the server is busy or cannot be reached

let grid = null; // what the server said about the grid, with the fields of the form
let cells = new Map(); // the cells that are done, by "question-column"
let running = null; // the controller of the requests, while cells are asked
let isSaved = true;

const later = (milliseconds) => new Promise((then) => setTimeout(then, milliseconds));
const total = () => grid.questions.length * grid.columns.length;

function say(words) {
  status.textContent = words;
}

function showFault(words) {
  fault.textContent = words;
  fault.hidden = words === "";
}

// Saving: a cell has a key of its own, so that each is written once.
function save(key, value) {
  try {
    sessionStorage.setItem(key, JSON.stringify(value));
  } catch {
    isSaved = false;
    showFault("This browser has no room to save the table. Do not reload the page before you have saved a file.");
  }
}

function forget() {
  for (const key of Object.keys(sessionStorage)) if (key === GRID || key.startsWith(CELL)) sessionStorage.removeItem(key);
  cells = new Map();
  isSaved = true;
}

function restore() {
  try {
    const saved = JSON.parse(sessionStorage.getItem(GRID));
    if (saved === null) return;
    for (const key of Object.keys(sessionStorage)) {
      if (key.startsWith(CELL)) cells.set(key.slice(CELL.length), JSON.parse(sessionStorage.getItem(key)));
    }
    grid = saved;
  } catch {
    forget();
    return;
  }
  for (const [name, value] of Object.entries(grid.fields)) if (form?.elements[name]) form.elements[name].value = value;
  if (grid.fields.articles) form?.querySelector("details").setAttribute("open", "");
  showTable();
  if (grid.isRunning) run();
}

// Requests
async function post(address, values, signal) {
  const response = await fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ ...values, address: new URL("./", location.href).href }),
    signal,
  });
  const text = await response.text();
  try {
    return { ...JSON.parse(text), status: response.status };
  } catch {
    return { detail: text.trim(), status: response.status };
  }
}

// The server's answer; while it is busy or cannot be reached, it is asked again.
async function ask(address, values, signal) {
  let answer = null;
  for (let tries = 0; tries < TRIES; tries += 1) {
    try {
      answer = await post(address, values, signal);
      if (![204, 502, 503, 504].includes(answer.status)) return answer;
    } catch (error) {
      if (signal.aborted) throw error;
      answer = { status: 0, detail: "The connection was lost." };
    }
    say(answer.status === 0 ? "The connection was lost. Trying again." : "The server is busy. Waiting.");
    await later(WAIT);
    if (signal.aborted) throw new DOMException("stopped", "AbortError");
  }
  return answer;
}

async function begin(event) {
  event.preventDefault();
  running?.abort();
  const controller = new AbortController();
  running = controller;
  showFault("");
  say("Listing the columns.");
  const fields = Object.fromEntries(new FormData(form));
  let answer;
  try {
    answer = await ask("grid/start", fields, controller.signal);
  } catch {
    return;
  }
  if (running !== controller) return;
  running = null;
  if (answer.status !== 200 || answer.fault) {
    say("");
    showFault(answer.fault ?? answer.detail);
    return;
  }
  forget();
  grid = { ...answer, fields, isRunning: true };
  save(GRID, grid);
  showTable();
  document.querySelector("#pq-result-name").focus();
  run();
}

// Asks all cells that are not done, in the order of the questions.
async function run() {
  const controller = new AbortController();
  running = controller;
  setRunning(true);
  showFault("");
  say(`Asking ${total()} cells.`);
  try {
    for (const [row, question] of grid.questions.entries()) {
      for (const [at, column] of grid.columns.entries()) {
        if (!cells.has(`${row}-${at}`) && !(await askCell(`${row}-${at}`, question, column, controller.signal))) {
          setRunning(false);
          return;
        }
      }
    }
  } catch {
    return; // stopped
  }
  running = null;
  setRunning(false);
  say(`All ${total()} cells were asked. ${summary()}`);
}

// Whether a cell was asked.
async function askCell(key, question, column, signal) {
  const { by, source = "", since, until } = grid.fields;
  const cell = await ask("grid/cell", { by, source, since, until, question, column, generation: grid.generation }, signal);
  if (signal.aborted) throw new DOMException("stopped", "AbortError");
  if (cell.status !== 200 || cell.fault) {
    running = null;
    say("");
    showFault(cell.fault ?? cell.detail);
    return false;
  }
  cells.set(key, cell);
  if (isSaved) save(CELL + key, cell);
  fill(table, key, cell);
  showProgress();
  return true;
}

// The page
function fill(within, key, cell) {
  const place = within.querySelector(`[data-cell="${key}"]`);
  if (place === null) return;
  place.innerHTML = cell.html; // escaped by the server
  place.className = `pq-cell-${cell.outcome}`;
}

function showTable() {
  table.innerHTML = grid.table; // escaped by the server
  for (const [key, cell] of cells) fill(table, key, cell);
  result.hidden = false;
  setRunning(false, { keeps: true });
  showProgress();
}

function showProgress() {
  bar.max = total();
  bar.value = cells.size;
  done.textContent = `${cells.size} of ${total()} cells. ${summary()}`;
  stop.hidden = cells.size === total();
}

function summary() {
  const counts = new Map();
  for (const { label } of cells.values()) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts].map(([label, count]) => `${label}: ${count}`).join(" · ");
}

function setRunning(runs, { keeps = false } = {}) {
  stop.textContent = runs ? "Stop" : "Continue";
  if (keeps) return;
  grid.isRunning = runs;
  save(GRID, grid);
}

// Files
const quoted = (value) => (typeof value === "number" ? String(value) : `"${String(value).replaceAll('"', '""')}"`);
const csv = (rows) => `\ufeff${rows.map((row) => row.map(quoted).join(",")).join("\r\n")}\r\n`;

function inOrder(row) {
  return grid.columns.map((_, at) => cells.get(`${row}-${at}`));
}

const FILES = {
  csv: () => ["grid.csv", "text/csv", csv([grid.heads, ...grid.sides.map((side, row) => [side, ...inOrder(row).map((cell) => cell?.text ?? "not asked yet")])])],
  cells: () => ["grid-cells.csv", "text/csv", csv([grid.cell_heads, ...grid.questions.flatMap((_, row) => inOrder(row).flatMap((cell) => (cell ? [cell.row] : [])))])],
  html: () => {
    const page = new DOMParser().parseFromString(grid.page, "text/html");
    for (const [key, cell] of cells) fill(page, key, cell);
    page.querySelector("#pq-counts").textContent = summary();
    return ["grid.html", "text/html", `<!doctype html>\n${page.documentElement.outerHTML}`];
  },
};

function saveFile(event) {
  const [name, type, text] = FILES[event.currentTarget.dataset.save]();
  const address = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  Object.assign(document.createElement("a"), { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
  say(`Saved as ${name}.`);
}

stop.addEventListener("click", () => {
  if (running === null) {
    run();
    return;
  }
  running.abort();
  running = null;
  setRunning(false);
  say(`Stopped. ${cells.size} of ${total()} cells were asked.`);
});

document.querySelector("#pq-clear").addEventListener("click", () => {
  running?.abort();
  running = null;
  forget();
  grid = null;
  result.hidden = true;
  table.replaceChildren();
  showFault("");
  say("The table was removed.");
  form?.elements.questions.focus();
});

for (const button of document.querySelectorAll("[data-save]")) button.addEventListener("click", saveFile);
form?.addEventListener("submit", begin);
restore();
