// Runs once, in gr.HTML's js_on_load: `element` stays the same, and Gradio replaces its content.
const shared = (window.pullquote ??= {});
element.setAttribute("role", "region");
element.setAttribute("aria-label", "Article");
element.tabIndex = 0;

// Gradio's container hides overflow, which would keep elements inside from sticking to the window.
element.closest(".gradio-container").style.overflow = "clip";

function reveal(place) {
  const beside = element.scrollHeight > element.clientHeight;
  if (beside) {
    const above = place.top - element.getBoundingClientRect().top;
    element.scrollTop += above - element.clientHeight / 3;
  } else {
    window.scrollBy(0, place.top - window.innerHeight / 3);
  }
}

// The citations of the turn that the open article was chosen from, and the index of the open citation.
function citations() {
  const view = element.querySelector("[data-view]");
  const { article, start, end } = view?.dataset ?? {};
  const opens = (button) =>
    button.dataset.article === article &&
    button.dataset.start === start &&
    button.dataset.end === end;
  const all = [...document.querySelectorAll("#pq-conversation .pq-cite")];
  const chosen = all.includes(shared.chosen) && opens(shared.chosen) ? shared.chosen : undefined;
  const turn = (chosen ?? all.findLast(opens))?.closest(".pq-turn");
  const inTurn = turn === undefined ? [] : [...turn.querySelectorAll(".pq-cite")];
  const open = chosen ?? inTurn.find(opens);
  const buttons = places(inTurn, open);
  return { all, buttons, at: buttons.indexOf(open), turn };
}
// One button for each place that is cited: the open one, or else the first.
function places(buttons, open) {
  const found = new Map();
  for (const button of buttons) {
    const { article, start, end } = button.dataset;
    const place = JSON.stringify([article, start, end]);
    if (!found.has(place) || button === open) found.set(place, button);
  }
  return [...found.values()];
}
shared.turnOfArticle = () => citations().turn;

function showCitationSteps() {
  const { all, buttons, at } = citations();
  for (const button of all) button.removeAttribute("aria-current");
  buttons[at]?.setAttribute("aria-current", "true");
  const steps = element.querySelector(".pq-steps");
  if (steps === null) return;
  steps.hidden = at < 0;
  steps.querySelector(".pq-nth").textContent = `${at + 1} of ${buttons.length}`;
  for (const button of steps.querySelectorAll("[data-step]")) {
    const beyond = buttons[at + Number(button.dataset.step)] === undefined;
    button.setAttribute("aria-disabled", String(beyond)); // `disabled` would lose the focus
  }
}
shared.showCitationSteps = showCitationSteps;

function step(by) {
  const { buttons, at } = citations();
  const next = buttons[at + by];
  if (next === undefined) return;
  for (let fold = next.closest("details"); fold !== null; ) {
    fold.open = true;
    fold = fold.parentElement.closest("details");
  }
  shared.openCitation(next, by);
}

async function copyLink(button) {
  await shared.copy(location.origin + location.pathname + view().dataset.link);
  shared.sayCopied(button, "Link copied.");
}

const view = () => element.querySelector("[data-view]");

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button === null) return;
  const { step: by, find: on, copyLink: link } = button.dataset;
  if (by !== undefined) step(Number(by));
  if (on !== undefined) findNext(Number(on));
  if (link !== undefined) copyLink(button);
  if (button.matches(".pq-back")) {
    const { buttons, at } = citations();
    const came = buttons[at] ?? document.querySelector("#pq-question textarea");
    came.scrollIntoView({ block: "center" });
    came.focus({ preventScroll: true });
  }
});

element.addEventListener("input", (event) => {
  if (event.target.matches("input[type=search]")) find(event.target.value);
});

element.addEventListener("keydown", (event) => {
  if (!event.target.matches("input[type=search]")) return;
  if (event.key === "Enter") findNext(event.shiftKey ? -1 : 1);
  if (event.key === "Escape" && event.target.value !== "") {
    event.target.value = "";
    find("");
  }
  if (["Enter", "Escape"].includes(event.key)) event.preventDefault();
});

// Gradio (6.31) puts the words of the next article into the elements of this one, so that the text seems
// to jump, unless an element around them has another name than the one that the server sends.
function renameBlocks() {
  const sent = element.querySelector(".pq-blocks");
  if (sent === null) return;
  const renamed = Object.assign(document.createElement("section"), { className: sent.className });
  renamed.append(...sent.childNodes);
  sent.replaceWith(renamed);
}

// Shows the headline below the tools while it is scrolled out of view.
let headlines;
function watchHeadline() {
  headlines?.disconnect();
  const tools = element.querySelector(".pq-tools");
  const headline = element.querySelector(".pq-headline");
  if (tools === null || headline === null) return;
  // A headline below the window counts as visible, or a jump past it would go unnoticed.
  const rootMargin = `-${tools.offsetHeight}px 0px 1000000px 0px`;
  headlines = new IntersectionObserver(
    ([{ isIntersecting, boundingClientRect }]) => {
      const above = boundingClientRect.top < tools.getBoundingClientRect().bottom;
      tools.classList.toggle("pq-beyond", !isIntersecting && above);
    },
    { rootMargin },
  );
  headlines.observe(headline);
}

watch("value", () => {
  const follows = shared.follows;
  shared.follows = undefined;
  renameBlocks();
  clearFound();
  const link = view()?.dataset.link;
  const shown = link !== undefined && shared.showAddress(link, follows !== undefined);
  showCitationSteps();
  watchHeadline();
  showArchive();
  const mark = element.querySelector("#pq-cited");
  const beside = element.scrollHeight > element.clientHeight;
  element.scrollTop = 0;
  if (beside && mark !== null) reveal(mark.getBoundingClientRect());
  if (follows !== undefined) { // not opened by an answer, which leaves the focus alone
    const stepped = element.querySelector(`[data-step="${follows.step}"]`);
    (stepped ?? element).focus({ preventScroll: true });
  }
  if (shown && !beside) reveal((mark ?? element).getBoundingClientRect());
});
