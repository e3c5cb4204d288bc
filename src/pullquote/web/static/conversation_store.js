// Runs before conversation.js in the same function. Stores all conversations in the browser, each under
// a key of its own. The one under "pullquote" was opened last; it is the only one that version 0.1 knew.
const store = ((window.pullquote ??= {}).store = makeStore());

function makeStore() {
  const LAST = "pullquote";
  const OTHERS = "pullquote-conversation-";
  const TAB = "pullquote-shown"; // in sessionStorage: the id of the conversation in this tab
  const LIMIT = 5_000_000; // characters; browsers store about 5 million for a site
  const inMemory = new Map(); // what the browser does not store
  const parsed = new Map(); // by key: the text and what it means

  const read = (key) => inMemory.get(key) ?? stored(() => localStorage.getItem(key)) ?? "";
  const newId = () => Array.from(crypto.getRandomValues(new Uint32Array(3)), (n) => n.toString(36)).join("");
  const isOurs = (key) => key === LAST || key.startsWith(OTHERS);

  // The result of a call to the browser's storage; undefined if the browser allows none.
  function stored(call) {
    try {
      return call();
    } catch {
      return undefined;
    }
  }

  // Writes a text. If the storage is full, the oldest conversations make room, but never the one under
  // the key or the one in this tab. conversation_list.js says which were dropped, and that a text which
  // still does not fit is not saved.
  function write(key, text) {
    const dropped = [];
    for (let fault = faultOfWriting(key, text); fault !== ""; fault = faultOfWriting(key, text)) {
      const oldest = fault === "QuotaExceededError" ? oldestBeside(key) : undefined;
      if (oldest === undefined) {
        const wasUnsaved = inMemory.has(key);
        erase(key); // no conversation is better than an outdated one
        inMemory.set(key, text);
        if (fault === "QuotaExceededError" && !wasUnsaved) window.pullquote.showUnsaved?.(entry(key));
        break;
      }
      dropped.push(oldest);
      erase(oldest.key);
    }
    if (dropped.length > 0) window.pullquote.showDropped?.(dropped);
  }

  // Writes a text; returns the name of the error, "" if there was none.
  function faultOfWriting(key, text) {
    try {
      localStorage.setItem(key, text);
      inMemory.delete(key);
      return "";
    } catch (error) {
      return error?.name ?? "Error";
    }
  }

  function erase(key) {
    inMemory.delete(key);
    stored(() => localStorage.removeItem(key));
  }

  const oldestBeside = (key) =>
    entries()
      .filter((entry) => ![key, LAST].includes(entry.key) && entry.id !== shown)
      .at(-1);

  function keys() {
    const found = stored(() => Object.keys(localStorage)) ?? [];
    return [...new Set([...found, ...inMemory.keys()])].filter(isOurs);
  }

  // The conversation under a key; undefined if there is none that can be parsed.
  function entry(key) {
    const text = read(key);
    if (parsed.get(key)?.text !== text) parsed.set(key, { text, entry: parse(key, text) });
    return parsed.get(key).entry;
  }

  function parse(key, text) {
    try {
      const conversation = JSON.parse(text);
      if (!Array.isArray(conversation.turns)) return undefined;
      const id = key === LAST ? conversation.id : key.slice(OTHERS.length);
      const asked = String(conversation.turns.at(-1)?.asked ?? "");
      return { key, text, conversation, id, time: Date.parse(asked) || 0 };
    } catch {
      return undefined;
    }
  }

  // All conversations with questions, the newest first; copies of one, by their titles.
  function entries() {
    const found = keys().map(entry).filter((one) => one?.conversation.turns.length > 0);
    const title = (one) => String(one.conversation.title ?? "");
    return found.sort((one, other) => other.time - one.time || title(one).localeCompare(title(other)));
  }

  const find = (id) => entries().find((one) => one.id === id);

  // Moves the conversation that was opened last to the others.
  function putAside() {
    const last = entry(LAST);
    erase(LAST);
    if (last?.conversation.turns.length > 0) write(OTHERS + last.id, last.text);
  }

  let shown; // the id of the conversation in this tab; undefined if what is stored cannot be parsed
  let seen = ""; // its text when this tab last read or wrote it
  function show(id) {
    shown = id;
    stored(() => sessionStorage.setItem(TAB, id));
    seen = text();
  }

  const text = () => (shown === undefined ? read(LAST) : (find(shown)?.text ?? ""));

  function begin() {
    const last = entry(LAST);
    if (last !== undefined && typeof last.id !== "string") {
      write(LAST, JSON.stringify({ ...last.conversation, id: newId() })); // of version 0.1
    }
    const before = stored(() => sessionStorage.getItem(TAB)) ?? undefined;
    const id = find(before)?.id ?? entry(LAST)?.id;
    if (id !== undefined) show(id);
    else if (read(LAST) === "") show(newId());
  }
  begin();

  return {
    LIMIT,
    text,
    entries,
    get shown() {
      return shown;
    },
    // Saves the conversation in this tab.
    save(conversation) {
      if (shown === undefined) show(newId());
      const key = find(shown)?.key ?? LAST;
      if (key === LAST && entry(LAST)?.id !== shown) putAside();
      write(key, JSON.stringify({ ...conversation, id: shown }));
      show(shown);
    },
    forget() {
      erase(find(shown)?.key ?? LAST);
      show(newId());
    },
    startNew() {
      putAside();
      show(newId());
    },
    open(id) {
      const { key, text: opened } = find(id);
      if (key !== LAST) {
        erase(key);
        show(id); // so that it is not dropped to make room
        putAside();
        write(LAST, opened);
      }
      show(id);
    },
    remove(id) {
      erase(find(id).key);
    },
    // Adds a conversation to the others; false if the browser does not store it.
    add: (conversation) =>
      faultOfWriting(OTHERS + conversation.id, JSON.stringify(conversation)) === "",
    rename(id, title) {
      const { key, conversation } = find(id);
      write(key, JSON.stringify({ ...conversation, title }));
      seen = text();
    },
    // Changes fields of a turn in this tab; false if it is no longer there.
    changeTurn(key, fields) {
      const found = find(shown);
      if (!found?.conversation.turns.some((turn) => turn.asked === key)) return false;
      const change = (turn) => (turn.asked === key ? { ...turn, ...fields } : turn);
      const turns = found.conversation.turns.map(change);
      write(found.key, JSON.stringify({ ...found.conversation, turns }));
      seen = text();
      return true;
    },
    newId,
    used: () => keys().reduce((sum, key) => sum + key.length + read(key).length, 0),
    // Whether another tab has changed the conversation in this tab since the last call.
    hasChanged() {
      const before = seen;
      seen = text();
      return seen !== before;
    },
    isOurs,
  };
}
