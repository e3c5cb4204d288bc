// Runs once, in gr.HTML's js_on_load: `element` stays, its content is patched by the server.
element.setAttribute("role", "region");
element.setAttribute("aria-label", "Article");
element.tabIndex = 0;

// Gradio's container hides what overflows it, and nothing inside could stick to the window.
element.closest(".gradio-container").style.overflow = "clip";

element.addEventListener("click", (event) => {
  if (event.target.closest(".pq-back") === null) return;
  const came = window.pullquoteCame ?? document.querySelector("#pq-conversation");
  came.scrollIntoView({ block: "center" });
  came.focus({ preventScroll: true });
});

watch("value", () => {
  const mark = element.querySelector("#pq-cited");
  const chosen = window.pullquoteFollows;
  window.pullquoteFollows = undefined;
  window.pullquoteCame = chosen;
  element.scrollTop = 0;
  if (mark !== null) {
    const above = mark.getBoundingClientRect().top - element.getBoundingClientRect().top;
    element.scrollTop = above - element.clientHeight / 3;
  }
  if (chosen === undefined) return; // opened by an answer: leave the reader where they are
  element.focus({ preventScroll: true });
  const beside = element.scrollHeight > element.clientHeight;
  if (!beside) (mark ?? element).scrollIntoView({ block: "center" });
});
