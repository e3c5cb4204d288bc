// Runs after conversation.js in the same function. Saves evidence packs, and shows what was searched if
// nothing was found.

// The saved conversation with only the turn around an element, or with all turns outside of any turn.
function turnsAround(inside) {
  const key = inside.closest(".pq-turn")?.dataset.key;
  if (key === undefined) return store.text();
  const conversation = JSON.parse(store.text());
  return JSON.stringify({ ...conversation, turns: conversation.turns.filter((turn) => turn.asked === key) });
}

// Sends turns to the server; returns its response, or throws an error with its message.
async function sendEvidence(path, turns) {
  let response;
  try {
    const headers = { "Content-Type": "application/json" };
    response = await fetch(`conversations/${path}`, { method: "POST", headers, body: turns });
  } catch {
    throw new Error("The server is not responding. Please try again.");
  }
  const isFault = response.headers.get("Content-Type")?.startsWith("application/json");
  if (response.ok && !isFault) return response;
  const answer = await response.json().catch(() => ({}));
  throw new Error(answer.fault ?? answer.detail ?? `The server refused it (${response.status}).`);
}

function saveBlob(name, blob) {
  const address = URL.createObjectURL(blob);
  Object.assign(document.createElement("a"), { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

async function savePack(button) {
  const around = button.closest(".pq-packing");
  if (around.ariaBusy === "true") return;
  const tell = (words, failed = false) => {
    const message = around.querySelector(".pq-packed");
    message.hidden = false;
    message.textContent = words;
    message.classList.toggle("pq-failed", failed);
    message.scrollIntoView({ block: "nearest" });
    shared.say(words);
  };
  around.ariaBusy = "true";
  tell("Making the evidence pack…");
  try {
    const texts = button.dataset.pack === "texts" ? "yes" : "no";
    const response = await sendEvidence(`pack?texts=${texts}`, turnsAround(button));
    const [, name] = response.headers.get("Content-Disposition").match(/"(.*)"/);
    saveBlob(name, await response.blob());
    tell(`Saved as ${name}: ${response.headers.get("Pullquote-Message")}`);
  } catch (error) {
    tell(`No evidence pack was saved. ${error.message}`, true);
  }
  around.ariaBusy = "false";
}

async function showStatement(details) {
  const place = details.querySelector(":scope > div");
  try {
    const response = await sendEvidence("absence", turnsAround(details));
    place.innerHTML = await response.text();
    shared.say("The statement of what was searched is shown.");
  } catch (error) {
    const message = Object.assign(document.createElement("p"), { className: "pq-packed pq-failed" });
    message.textContent = `What was searched cannot be shown. ${error.message}`;
    place.replaceChildren(message);
    shared.say(message.textContent);
    delete details.dataset.asked; // opening it again tries again
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-pack], .pq-statement-files button");
  if (button === null) return;
  const { pack, name, type, text } = button.dataset;
  if (pack !== undefined) {
    savePack(button);
  } else {
    saveBlob(name, new Blob([text], { type: `${type};charset=utf-8` }));
    shared.say(`Saved as ${name}.`);
  }
});

// The event does not bubble, so it is caught on its way down.
element.addEventListener(
  "toggle",
  ({ target }) => {
    if (!target.matches(".pq-absence") || !target.open || target.dataset.asked !== undefined) return;
    target.dataset.asked = "";
    showStatement(target);
  },
  true,
);

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.(".pq-packing[open]");
  if (event.key !== "Escape" || menu == null) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
