// Asks a turn again without a source, or with the days that are chosen on its timeline. Joined to
// conversation.js.
const DAY = 86_400_000;
shared.askAgain = askAgain;

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  const turn = button?.closest(".pq-turn[data-key]") ?? null;
  if (turn === null) return;
  const source = button.dataset.leaveOut;
  if (source !== undefined) addFilters(turn, { not_source: source });
  if (button.matches(".pq-ask-days")) askDays(button.closest(".pq-timeline"));
});

function addFilters(turn, filters) {
  askAgain(turn, { added: String(new URLSearchParams(filters)) });
}

// The days of a timeline are numbered from its first. Each handle is a slider; the first has the first
// chosen day.
const handlesOf = (line) => [...line.querySelectorAll("[role=slider]")];
const lengthOf = (line) => Number(handlesOf(line)[1].ariaValueMax);
const daysOf = (line) => handlesOf(line).map((handle) => Number(handle.ariaValueNow));
const dateOf = (line, day) => new Date(Date.parse(line.dataset.first) + day * DAY);

function showDays(line, [first, last]) {
  const length = lengthOf(line);
  const format = { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };
  const texts = [first, last].map((day) => dateOf(line, day).toLocaleDateString("en-GB", format));
  for (const [at, handle] of handlesOf(line).entries()) {
    const day = [first, last][at];
    handle.ariaValueNow = String(day);
    handle.ariaValueText = texts[at];
    handle.style.setProperty("--pq-left", String((100 * day) / length));
  }
  handlesOf(line)[0].ariaValueMax = String(last);
  handlesOf(line)[1].ariaValueMin = String(first);
  const band = line.querySelector(".pq-band");
  band.style.setProperty("--pq-left", String((100 * first) / length));
  band.style.setProperty("--pq-right", String((100 * last) / length));
  const ends = line.querySelectorAll(".pq-ends span");
  for (const [at, end] of [...ends].entries()) end.textContent = texts[at];
  const all = first === 0 && last === length;
  line.querySelector(".pq-ask-days").hidden = all;
  line.toggleAttribute("data-chosen", !all);
}

// An end of the timeline that was not moved stays open.
function askDays(line) {
  const [first, last] = daysOf(line);
  const iso = (day) => dateOf(line, day).toISOString().slice(0, 10);
  const days = { ...(first > 0 && { since: iso(first) }), ...(last < lengthOf(line) && { until: iso(last) }) };
  if (Object.keys(days).length > 0) addFilters(line.closest(".pq-turn"), days);
}

element.addEventListener("keydown", (event) => {
  if (!event.target.matches(".pq-timeline [role=slider]")) return;
  const line = event.target.closest(".pq-timeline");
  const length = lengthOf(line);
  const step = Math.max(1, Math.round(length / 100));
  const by = {
    ArrowLeft: -step, ArrowDown: -step, ArrowRight: step, ArrowUp: step,
    PageDown: -10 * step, PageUp: 10 * step, Home: -length, End: length,
  }[event.key];
  const days = daysOf(line);
  if (by !== undefined) {
    const at = handlesOf(line).indexOf(event.target);
    const [least, most] = at === 0 ? [0, days[1]] : [days[0], length];
    days[at] = Math.min(most, Math.max(least, days[at] + by));
    showDays(line, days);
  } else if (event.key === "Enter") askDays(line);
  else if (event.key === "Escape") showDays(line, [0, length]);
  else return;
  event.preventDefault();
});

// Dragging a handle moves it; dragging anywhere else on the chart chooses the days in between. A shorter
// movement is a click.
const SHORTEST_DRAG = 6; // CSS pixels
element.addEventListener("pointerdown", (event) => {
  const line = event.target.closest(".pq-timeline");
  if (line === null || event.button !== 0 || event.target.closest("button, .pq-ends") !== null) return;
  const { left, width } = line.querySelector(".pq-range").getBoundingClientRect();
  const length = lengthOf(line);
  const dayAt = (x) => Math.round(length * Math.min(1, Math.max(0, (x - left) / width)));
  const handle = event.target.closest("[role=slider]");
  const before = daysOf(line);
  const from = handle === null ? dayAt(event.clientX) : before[1 - handlesOf(line).indexOf(handle)];
  const dragged = new AbortController();
  const { signal } = dragged;
  const far = (to) => Math.abs(to.clientX - event.clientX) >= SHORTEST_DRAG;
  line.setPointerCapture(event.pointerId);
  const move = (to) => {
    if (far(to)) showDays(line, [from, dayAt(to.clientX)].sort((one, other) => one - other));
  };
  line.addEventListener("pointermove", move, { signal });
  const end = (to) => {
    dragged.abort();
    if (to.type === "pointerup" && far(to)) askDays(line);
    else showDays(line, before);
  };
  line.addEventListener("pointerup", end, { signal });
  line.addEventListener("pointercancel", end, { signal });
});
