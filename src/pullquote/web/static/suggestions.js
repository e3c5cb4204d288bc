// Runs once, in gr.HTML's js_on_load of an element that is not shown. Puts example questions into the first
// screen as the server finds them. The list there keeps its height, so nothing moves.
const shared = (window.pullquote ??= {});
shared.suggest = () => trigger("wanted", {});

watch("value", () => {
  const list = document.querySelector("#pq-conversation .pq-examples");
  const found = [...element.querySelectorAll(".pq-examples > li")];
  if (list === null || found.length <= list.children.length) return;
  const questions = new Set([...list.querySelectorAll("button")].map((one) => one.dataset.question));
  for (const item of found) {
    if (!questions.has(item.querySelector("button").dataset.question)) list.append(item);
  }
});
