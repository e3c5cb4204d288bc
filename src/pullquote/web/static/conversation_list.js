// Runs once, in gr.HTML's js_on_load. The panel that lists the saved conversations.
const shared = (window.pullquote ??= {});
const panel = element.querySelector("#pq-conversations");
const part = (selector) => panel.querySelector(selector);
const search = part("input[type=search]");
const list = part(".pq-library-list");
const file = part("input[type=file]");
const items = new WeakMap(); // by item of the list: its conversation
const FORMAT = "pullquote conversations";
const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric" });

const counted = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
const megabytes = (characters) => `${(characters / 2 ** 20).toFixed(1)} MB`;
const folded = (words) => words.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
const question = (turn) => (typeof turn?.question === "string" ? turn.question : "");
const titleOf = ({ title, turns }) => title || question(turns[0]).slice(0, 200) || "Untitled";

// A reply's answers: all of those that belong together, or else the best one.
function answersOf(reply) {
  if (!Array.isArray(reply?.answers) || reply.outcome === "nothing" || reply.abstained) return [];
  const isWhole = ["list", "comparison", "keywords"].includes(reply.kind);
  return isWhole ? reply.answers : reply.answers.slice(0, 1);
}

// The words of a turn that a search finds: its question, answers and note.
function wordsOfTurn(turn) {
  const words = [question(turn), turn?.note];
  for (const answer of answersOf(turn?.reply)) {
    words.push(answer?.text, answer?.citations?.[0]?.sentence);
  }
  return folded(words.filter((text) => typeof text === "string").join("\n"));
}

// The same of a conversation, with its title.
const searched = new WeakMap();
function wordsOf(conversation) {
  if (!searched.has(conversation)) {
    const words = [folded(String(conversation.title ?? "")), ...conversation.turns.map(wordsOfTurn)];
    searched.set(conversation, words.join("\n"));
  }
  return searched.get(conversation);
}

const wantedWords = () => folded(search.value).split(/\s+/).filter(Boolean);

// The key of the last turn that has all words of the search; undefined if nothing is searched for.
function soughtTurn({ turns }) {
  const wanted = wantedWords();
  const has = (turn) => wanted.every((word) => wordsOfTurn(turn).includes(word));
  return wanted.length === 0 ? undefined : turns.findLast(has)?.asked;
}

function makeItem(entry) {
  const item = part("template").content.firstElementChild.cloneNode(true);
  const { conversation, id, time } = entry;
  const title = titleOf(conversation);
  const inItem = (selector) => item.querySelector(selector);
  items.set(item, entry);
  inItem(".pq-library-title").textContent = title;
  const facts = [time > 0 ? DAY.format(time) : "undated", counted(conversation.turns.length, "question")];
  if (id === shared.store.shown) {
    facts.push("open");
    inItem(".pq-library-open").setAttribute("aria-current", "true");
  }
  inItem(".pq-library-facts").textContent = facts.join(" · ");
  inItem("[data-item=rename]").setAttribute("aria-label", `Rename ${title}`);
  inItem("[data-item=delete]").setAttribute("aria-label", `Delete ${title}`);
  inItem("form input").value = title;
  return item;
}

// Shows the conversations that have all words of the search; returns how many there are.
function listConversations() {
  if (!panel.matches(":popover-open") || list.querySelector("form:not([hidden])") !== null) return 0;
  const focused = items.get(document.activeElement?.closest(".pq-library-item"))?.id;
  const role = document.activeElement?.className;
  const entries = shared.store.entries();
  const wanted = wantedWords();
  const found = entries.filter(({ conversation }) => {
    const words = wordsOf(conversation);
    return wanted.every((word) => words.includes(word));
  });
  list.replaceChildren(...found.map(makeItem));
  if (focused !== undefined) {
    itemOf(focused)?.querySelector(role === "pq-library-open" ? "button" : "[data-item]")?.focus();
  }
  list.hidden = found.length === 0;
  const none = part(".pq-library-none");
  none.hidden = found.length > 0;
  none.textContent = entries.length === 0 ? "Nothing saved yet. Ask a question." : "No conversation has all these words.";
  showSize();
  return found.length;
}
shared.listConversations = listConversations;

const itemOf = (id) => [...list.children].find((item) => items.get(item).id === id);

function showSize() {
  const used = shared.store.used();
  const nearly = used > 0.8 * shared.store.LIMIT;
  const size = part(".pq-library-size");
  const advice = nearly ? " Space is running out: export your conversations, then delete old ones." : "";
  size.textContent = `Saved only in this browser: ${megabytes(used)} of about ${megabytes(shared.store.LIMIT)} used.${advice}`;
  size.classList.toggle("pq-library-full", nearly);
}

// Shows a message in the panel and reads it out; it may have a button.
let press;
function tell(text, label, action) {
  const message = part(".pq-library-message");
  const button = message.querySelector("button");
  message.hidden = text === "";
  message.querySelector("span").textContent = text;
  button.hidden = label === undefined;
  button.textContent = label ?? "";
  press = action;
  shared.say?.(text);
}
part(".pq-library-message button").addEventListener("click", () => press?.());

panel.addEventListener("toggle", ({ newState }) => {
  if (newState === "closed") return;
  listConversations();
  if (!panel.contains(document.activeElement)) panel.focus();
});
panel.addEventListener("beforetoggle", ({ newState }) => {
  if (newState === "closed") tell("");
});
// The panel covers the page, so it closes when the focus leaves it.
panel.addEventListener("focusout", ({ relatedTarget: to }) => {
  if (to !== null && !panel.contains(to)) panel.hidePopover();
});

let pause;
search.addEventListener("input", () => {
  const found = listConversations();
  clearTimeout(pause);
  pause = setTimeout(() => shared.say?.(`${counted(found, "conversation")} found.`), 500);
});

panel.addEventListener("click", ({ target }) => {
  const button = target.closest("button");
  const item = button?.closest(".pq-library-item");
  const entry = items.get(item);
  if (button?.matches(".pq-library-open")) openConversation(entry);
  if (button?.dataset.item === "rename") showRenaming(item, true);
  if (button?.dataset.item === "cancel") showRenaming(item, false);
  if (button?.dataset.item === "delete") deleteConversation(entry);
  if (button?.dataset.library === "export") exportAll();
  if (button?.dataset.library === "import") file.click();
  if (button?.dataset.library === "questions") exportQuestions();
});

// Sends a conversation to the server; returns its answer, or throws an error with its message.
async function send(path, text) {
  let response;
  try {
    const headers = { "Content-Type": "application/json" };
    response = await fetch(`conversations/${path}`, { method: "POST", headers, body: text });
  } catch {
    throw new Error("the server is not responding.");
  }
  const answer = await response.json().catch(() => ({}));
  if (response.ok && answer.fault === undefined) return answer;
  throw new Error(answer.fault ?? answer.detail ?? `the server refused it (${response.status}).`);
}

async function openConversation({ id, text, conversation }) {
  try {
    await send("check", text);
  } catch (error) {
    tell(`This conversation cannot be opened: ${error.message}`);
    return;
  }
  const key = soughtTurn(conversation);
  shared.store.open(id);
  shared.showOpened(key);
  panel.hidePopover();
  document.querySelector("#pq-conversation [role=region]")?.focus({ preventScroll: true });
  shared.say?.(`Opened: ${titleOf(conversation)}`);
}

function showRenaming(item, on) {
  const form = item.querySelector("form");
  const field = form.querySelector("input");
  form.hidden = !on;
  item.querySelector(".pq-library-actions").hidden = on;
  if (on) field.select();
  else field.value = titleOf(items.get(item).conversation);
  (on ? field : item.querySelector("[data-item=rename]")).focus();
}
panel.addEventListener("submit", (event) => {
  event.preventDefault();
  const item = event.target.closest(".pq-library-item");
  const title = item.querySelector("form input").value.trim().replace(/\p{Cs}/gu, "\ufffd");
  showRenaming(item, false);
  const { id } = items.get(item);
  shared.store.rename(id, title === "" ? null : title);
  listConversations();
  tell(title === "" ? "Name removed; the first question is shown instead." : `Renamed to ${title}.`);
});
panel.addEventListener("keydown", (event) => {
  const form = event.target.closest("form");
  if (event.key !== "Escape" || form === null) return;
  event.preventDefault(); // Escape would close the panel
  showRenaming(form.closest(".pq-library-item"), false);
});

function deleteConversation({ id, text, conversation }) {
  const { store } = shared;
  const wasShown = id === store.shown;
  store.remove(id);
  if (wasShown) showStored(() => store.startNew());
  listConversations();
  tell(`Deleted: ${titleOf(conversation)}`, "Undo", () => {
    if (!store.add({ ...JSON.parse(text), id })) {
      tell("There is no room to restore it. Delete another conversation first.", "Undo", press);
      return;
    }
    if (wasShown && store.text() === "") showStored(() => store.open(id));
    listConversations();
    tell(`Restored: ${titleOf(conversation)}`);
    itemOf(id)?.querySelector("button").focus();
  });
  part(".pq-library-message button").focus();
}

function showStored(change) {
  change();
  shared.showOpened();
}

function saveFile(name, type, text) {
  const address = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  Object.assign(document.createElement("a"), { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

const today = () => new Date().toLocaleDateString("sv"); // YYYY-MM-DD

// Saves conversations as a file, without words from articles that have been withheld since.
async function exportEntries(entries) {
  const conversations = [];
  const faults = [];
  let withheld = 0;
  let cut = 0;
  for (const { id, text, conversation } of entries) {
    try {
      const sent = await send("export", text);
      conversations.push({ ...sent.conversation, id });
      withheld += sent.withheld;
      cut += sent.conversation.turns.length < conversation.turns.length ? 1 : 0;
    } catch (error) {
      faults.push(`“${titleOf(conversation)}” could not be saved: ${error.message}`);
    }
  }
  if (conversations.length === 0) {
    tell(`Nothing was saved. ${faults[0]}`);
    return;
  }
  const name = `pullquote-conversations-${today()}.json`;
  saveFile(name, "application/json", JSON.stringify({ format: FORMAT, version: 1, conversations }));
  const notes = [
    `Saved ${counted(conversations.length, "conversation")} as ${name}.`,
    withheld > 0 && `${counted(withheld, "quotation")} left out, because the articles have since been withheld.`,
    cut > 0 && `${counted(cut, "conversation")} with only the latest questions, as they were too long.`,
    ...faults,
  ];
  tell(notes.filter(Boolean).join(" "));
}

async function exportAll() {
  const entries = shared.store.entries();
  if (entries.length === 0) tell("There is nothing to export yet.");
  else await exportEntries(entries);
}

// Opens the panel with a warning about conversations, which can be saved as a file.
function warn(text, entries) {
  panel.showPopover();
  listConversations();
  setTimeout(() => {
    const answer = document.querySelector("#pq-status")?.textContent ?? "";
    tell(text, "Save as a file", () => exportEntries(entries));
    shared.say?.(`${answer} ${text}`); // the answer has just been read out, and must not be cut off
  });
}

// The storage was full, so these conversations were dropped to save the one in this tab.
shared.showDropped = (entries) => {
  const titles = entries.map(({ conversation }) => titleOf(conversation)).join(", ");
  const text =
    entries.length === 1
      ? `The browser's storage was full, so the oldest conversation was deleted: ${titles}`
      : `The browser's storage was full, so the oldest conversations were deleted: ${titles}`;
  warn(text, entries);
};

// The storage is full, and nothing older can make room.
shared.showUnsaved = (entry) => {
  warn("The browser's storage is full, so this conversation will be lost when you close the page.", [entry]);
};

async function exportQuestions() {
  const questions = new Map();
  let isRated = false;
  let leftOut = 0;
  for (const { text, conversation } of shared.store.entries()) {
    if (!conversation.turns.some((turn) => turn?.rating)) continue;
    isRated = true;
    try {
      const sent = await send("questions", text);
      for (const one of sent.questions) questions.set(one.id, one);
      leftOut += sent.left_out;
    } catch (error) {
      tell(`The rated answers in “${titleOf(conversation)}” cannot be exported: ${error.message}`);
      return;
    }
  }
  const without = leftOut > 0 ? ` ${counted(leftOut, "rated answer")} left out: asked with filters, withheld, or a “no answer” rated wrong.` : "";
  if (questions.size === 0) {
    tell(isRated ? `Nothing to export.${without}` : "No rated answers yet. Rate an answer right or wrong, then export.");
    return;
  }
  const name = `pullquote-questions-${today()}.jsonl`;
  const lines = [...questions.values()].map((one) => `${JSON.stringify(one)}\n`);
  saveFile(name, "application/x-ndjson", lines.join(""));
  tell(`Saved ${counted(questions.size, "rated answer")} as ${name}.${without}`);
}

file.addEventListener("change", async () => {
  const [chosen] = file.files;
  if (chosen === undefined) return;
  try {
    tell(await importFrom(chosen));
  } catch (error) {
    tell(`Nothing was imported: ${error.message}`);
  }
  file.value = "";
  listConversations();
});

// Adds the conversations of a file, all or none. None is overwritten: the same conversation is skipped,
// and another one with the same id becomes a copy.
async function importFrom(chosen) {
  const { store } = shared;
  if (chosen.size > 4 * store.LIMIT) throw new Error("the file is larger than the browser can store.");
  const given = conversationsIn(await chosen.text());
  const checked = [];
  for (const [at, one] of given.entries()) {
    try {
      checked.push((await send("check", JSON.stringify(one))).conversation);
    } catch (error) {
      throw new Error(`conversation ${at + 1} of ${given.length} cannot be read: ${error.message}`);
    }
  }
  const ids = new Map(store.entries().map((entry) => [entry.id, turnsOf(entry.conversation)]));
  const added = [];
  let same = 0;
  let copies = 0;
  const cut = checked.filter((one, at) => one.turns.length < given[at].turns.length).length;
  for (const one of checked) {
    const turns = turnsOf(one);
    if (typeof one.id === "string" && ids.get(one.id) === turns) {
      same += 1;
      continue;
    }
    const isCopy = ids.has(one.id);
    const id = isCopy || !one.id ? store.newId() : one.id;
    const title = isCopy ? `${titleOf(one).slice(0, 190)} (copy)` : one.title;
    copies += isCopy ? 1 : 0;
    ids.set(id, turns);
    if (!store.add({ ...one, id, title })) {
      for (const { id: before } of added) store.remove(before);
      const size = megabytes(JSON.stringify(checked).length);
      throw new Error(`the browser has no room for them (${size}). Delete conversations first.`);
    }
    added.push({ id });
  }
  const notes = [
    same > 0 && `${same} already here`,
    copies > 0 && `${copies} added as a copy`,
    cut > 0 && `${cut} with only the latest questions, as they were too long`,
  ];
  const more = notes.filter(Boolean).join(", ");
  return `Imported ${counted(added.length, "conversation")}${more === "" ? "" : ` (${more})`}.`;
}

// What makes two conversations the same: their questions, with what was added to them.
const turnsOf = ({ turns }) =>
  JSON.stringify(turns.map((turn) => [Date.parse(turn?.asked), question(turn), turn?.note || "", turn?.rating ?? null]));

// The conversations in the text of a file: a whole export, or one that was saved as JSON.
function conversationsIn(text) {
  let content;
  try {
    content = JSON.parse(text);
  } catch {
    throw new Error("the file is not JSON.");
  }
  const found = content?.format === FORMAT ? content.conversations : [content];
  const isOne = (one) => Array.isArray(one?.turns);
  if (!Array.isArray(found) || found.length === 0 || !found.every(isOne)) {
    throw new Error("the file has no conversations of pullquote.");
  }
  return found;
}
