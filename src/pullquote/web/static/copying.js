// Runs once, after conversation.js. Copies citations, wherever their buttons are on the page.

// Puts text on the clipboard, and also HTML if it is given.
shared.copy = async (text, html) => {
  const types = { "text/plain": text, ...(html === undefined ? {} : { "text/html": html }) };
  try {
    const blobs = Object.entries(types).map(([type, one]) => [type, new Blob([one], { type })]);
    await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
  } catch {
    // A page from another machine over plain HTTP may not use the browser's clipboard.
    const fill = (event) => {
      for (const [type, one] of Object.entries(types)) event.clipboardData.setData(type, one);
      event.preventDefault();
    };
    const field = Object.assign(document.createElement("textarea"), { value: text });
    const focused = document.activeElement;
    document.body.append(field);
    field.select();
    document.addEventListener("copy", fill, { once: true });
    document.execCommand("copy");
    document.removeEventListener("copy", fill);
    field.remove();
    focused?.focus({ preventScroll: true });
  }
};

// Says on the button, and to screen readers, that something was copied.
shared.sayCopied = (button, words) => {
  shared.say(words);
  const label = button.textContent;
  if (label === "Copied") return;
  button.textContent = "Copied";
  setTimeout(() => (button.textContent = label), 1500);
};

// The address of this page as the start of a link that any of the forms may contain.
function pageAddress() {
  const escaped = (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`;
  return location.origin + location.pathname.replace(/[^\w/.~%-]/g, escaped);
}

function copyCitation(button) {
  const around = button.closest(".pq-copying");
  const turn = button.closest(".pq-turn") ?? shared.turnOfArticle?.();
  const kind = turn?.dataset.possible === undefined ? "text" : "possible";
  const as = (form) => {
    const { dataset } = around.querySelector(`[data-copy="${form}"]`);
    return (dataset[kind] ?? dataset.text).replaceAll(around.dataset.page, pageAddress());
  };
  const { copy: form } = button.dataset;
  if (form === "citation") return shared.copy(as("text"), as("html"));
  return form === "html" ? shared.copy(as("html"), as("html")) : shared.copy(as(form));
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest(".pq-copying [data-copy]");
  if (button === null) return;
  await copyCitation(button);
  shared.sayCopied(button, "Citation copied.");
});

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.(".pq-copying details[open]");
  if (event.key !== "Escape" || menu == null) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
