// Places quotations in texts by the published rules of the Hypothesis client: every place with at most half of
// the letters wrong is scored by its words, the words around it and its distance, and the best is taken.
// Each line of the input is {text, quote, start, before, after}; each line of the output is [start, end] or null.
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";

const search = createRequire(join(process.argv[2], "x.js"))("approx-string-match").default;
const WEIGHTS = { quote: 50, before: 20, after: 20, position: 2 };
const MOST_ERRORS = 256;
const WIDTH = 32;

function places(text, quote) {
  const exact = [];
  for (let at = text.indexOf(quote); at >= 0; at = text.indexOf(quote, at + 1))
    exact.push({ start: at, end: at + quote.length, errors: 0 });
  return exact.length > 0 ? exact : search(text, quote, Math.min(MOST_ERRORS, quote.length / 2));
}

function likeness(text, words) {
  if (words.length === 0 || text.length === 0) return 0;
  const found = search(text, words, words.length);
  return found.length === 0 ? 0 : 1 - Math.min(...found.map((one) => one.errors)) / words.length;
}

function best({ text, quote, start, before, after }) {
  if (quote.length === 0) return null;
  const left = before.slice(-WIDTH);
  const right = after.slice(0, WIDTH);
  const total = WEIGHTS.quote + WEIGHTS.before + WEIGHTS.after + WEIGHTS.position;
  const scored = places(text, quote).map((one) => {
    const around = [
      left ? likeness(text.slice(Math.max(0, one.start - left.length), one.start), left) : 1,
      right ? likeness(text.slice(one.end, one.end + right.length), right) : 1,
    ];
    const near = 1 - Math.abs(one.start - start) / text.length;
    const score =
      WEIGHTS.quote * (1 - one.errors / quote.length) +
      WEIGHTS.before * around[0] + WEIGHTS.after * around[1] + WEIGHTS.position * near;
    return { place: [one.start, one.end], score: score / total };
  });
  return scored.sort((one, other) => other.score - one.score)[0]?.place ?? null;
}

for await (const line of createInterface({ input: process.stdin }))
  if (line !== "") console.log(JSON.stringify(best(JSON.parse(line))));
