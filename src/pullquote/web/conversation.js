// Runs once, in gr.HTML's js_on_load: `element` stays, its content is patched by the server.
element.setAttribute("role", "log");
element.setAttribute("aria-label", "Conversation");
element.tabIndex = 0;

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button === null) return;
  const { question, article, start, end, version } = button.dataset;
  if (question !== undefined) trigger("example", { question });
  if (article !== undefined) {
    for (const other of element.querySelectorAll("[aria-current]")) {
      other.removeAttribute("aria-current");
    }
    button.setAttribute("aria-current", "true");
    window.pullquoteFollows = button; // article.js moves there, and can come back here
    trigger("cite", { place: { article, start, end, version } });
  }
});

watch("value", () => {
  const last = element.querySelector(".pq-turn:last-child");
  if (last !== null) last.scrollIntoView({ block: "nearest" });
  if (last !== null) element.scrollTop = last.offsetTop - element.offsetTop;
});
