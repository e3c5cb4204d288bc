// Runs before article.js in the same function. Finds words in the open article, ignoring case,
// accents and the kind of quotation marks. It colours them with the CSS Custom Highlight API, which
// leaves the server's HTML unchanged. All offsets here count UTF-16 units.

const ALIKE = new Map([["‘", "'"], ["’", "'"], ["“", '"'], ["”", '"']]);

function folded(character) {
  if (/\s/.test(character)) return " ";
  const bare = character.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return ALIKE.get(bare) ?? bare;
}

// The folded text below a node; for each of its units, the text node and offset that it comes from.
function unitsOf(root) {
  const units = { text: "", places: [] };
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  let block = null;
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const now = node.parentElement.closest("p, h2, blockquote, aside, div");
    if (block !== null && now !== block) {
      units.text += "\n"; // no match crosses a paragraph boundary
      units.places.push(null);
    }
    block = now;
    let offset = 0;
    for (const character of node.data) {
      const bare = folded(character);
      units.text += bare;
      const place = { node, offset, length: character.length };
      for (let unit = 0; unit < bare.length; unit += 1) units.places.push(place);
      if (bare === "" && units.places.length > 0) {
        const before = units.places.at(-1); // a combining mark belongs to its letter
        if (before?.node === node) before.length = offset + character.length - before.offset;
      }
      offset += character.length;
    }
  }
  return units;
}

function rangesOf(words, { text, places }) {
  const wanted = [...words.trim()].map(folded).join("");
  const found = [];
  if (wanted === "") return found;
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
    const first = places[at];
    const last = places[at + wanted.length - 1];
    const range = document.createRange();
    range.setStart(first.node, first.offset);
    range.setEnd(last.node, last.offset + last.length);
    found.push(range);
  }
  return found;
}

function colour(name, ranges) {
  if (CSS.highlights === undefined) return;
  if (ranges.length === 0) CSS.highlights.delete(name);
  else CSS.highlights.set(name, new Highlight(...ranges));
}

const finder = { units: undefined, found: [], at: 0 };

// Resets the search for an article that has just been opened.
function clearFound() {
  finder.units = undefined;
  const search = element.querySelector("input[type=search]");
  if (search !== null) search.value = "";
  find("");
}

function find(words) {
  const article = element.querySelector(".pq-article");
  finder.found = [];
  if (article !== null && words.trim() !== "") {
    finder.units ??= unitsOf(article); // once for an article, not for each key press
    finder.found = rangesOf(words, finder.units);
  }
  finder.at = 0;
  showFound(words.trim() !== "");
}

function findNext(step) {
  const count = finder.found.length;
  if (count === 0) return;
  finder.at = (finder.at + step + count) % count;
  showFound(true);
}

function showFound(sought) {
  const { found, at } = finder;
  const none = sought ? "none" : "";
  const count = element.querySelector(".pq-count");
  if (count !== null) count.textContent = found.length > 0 ? `${at + 1} of ${found.length}` : none;
  for (const button of element.querySelectorAll("[data-find]")) button.disabled = found.length < 2;
  colour("pq-found", found);
  colour("pq-found-now", found.slice(at, at + 1));
  if (found.length > 0) reveal(found[at].getBoundingClientRect());
}
