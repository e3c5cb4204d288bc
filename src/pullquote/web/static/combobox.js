// Fields of the drawer in which typing picks a name, as in the combobox pattern of the ARIA Authoring
// Practices. Each chosen name is a button that removes it, with a hidden field for the form.
const MOST_SHOWN = 50;
const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().trim();

function makeField(field) {
  const { name, noun } = field.dataset;
  const input = field.querySelector("input");
  const list = field.querySelector("[role=listbox]");
  const chosenList = field.querySelector(".pq-filter-chosen");
  const error = field.querySelector(".pq-filter-error");
  let choices = [];
  let active = -1; // the index of the option that Enter picks

  const isChosen = (value) => chosenValues().includes(value);
  const chosenValues = () => [...chosenList.querySelectorAll("input")].map((one) => one.value);
  const matches = () => {
    const typed = plain(input.value);
    const open = choices.filter(([value]) => !isChosen(value));
    const found = open.filter(([, label]) => plain(label).includes(typed));
    const begins = ([, label]) => (plain(label).startsWith(typed) ? 0 : 1);
    return found.sort((one, other) => begins(one) - begins(other));
  };

  function complain(words) {
    showError(error, words);
    input.setAttribute("aria-invalid", String(words !== ""));
  }

  function show() {
    const found = matches();
    const typed = input.value.trim();
    const options = found.slice(0, MOST_SHOWN).map(([value, label], at) => {
      const option = document.createElement("li");
      Object.assign(option, { id: `${list.id}-${at}`, role: "option" });
      option.dataset.value = value;
      option.append(Object.assign(document.createElement("bdi"), { textContent: label }));
      return option;
    });
    list.replaceChildren(...options);
    list.hidden = options.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
    setActive(typed === "" ? -1 : 0);
    complain(options.length > 0 || typed === "" ? "" : unknown(typed));
    if (!list.hidden) list.scrollIntoView({ block: "nearest" });
  }

  function unknown(typed) {
    const known = chosenValues().some((value) => plain(labelOf(value)) === plain(typed));
    return known ? `“${typed}” is already chosen.` : `No article has the ${noun} “${typed}”. Choose one from the list.`;
  }

  function hide() {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    setActive(-1);
  }

  function setActive(at) {
    active = list.children[at] === undefined ? -1 : at;
    for (const [index, option] of [...list.children].entries()) {
      option.setAttribute("aria-selected", String(index === active));
    }
    const option = list.children[active];
    if (option === undefined) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  const labelOf = (value) => choices.find(([one]) => one === value)?.[1] ?? value;

  function choose(value) {
    add(value);
    input.value = "";
    complain("");
    hide();
    showNumber();
    shared.say?.(`${labelOf(value)} is chosen.`);
  }

  function add(value) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "pq-chosen" });
    button.append(document.createElement("bdi"));
    const hidden = Object.assign(document.createElement("input"), { type: "hidden", name, value });
    const item = document.createElement("li");
    item.append(button, hidden);
    chosenList.append(item);
    showLabel(item);
  }

  function showLabel(item) {
    const label = labelOf(item.querySelector("input").value);
    item.querySelector("bdi").textContent = label;
    item.querySelector("button").setAttribute("aria-label", `Remove ${label}`);
  }

  function remove(item) {
    item.remove();
    input.focus();
    hide();
    showNumber();
  }

  // What was typed is chosen if it is a name or matches only one; if not, the field says so.
  function settle() {
    hide();
    const typed = input.value.trim();
    const found = typed === "" ? [] : matches();
    const match = found.length === 1 ? found[0] : found.find(([, label]) => plain(label) === plain(typed));
    if (match !== undefined) choose(match[0]);
    else if (typed !== "") complain(found.length === 0 ? unknown(typed) : `Choose a ${noun} from the list.`);
  }

  input.addEventListener("input", show);
  input.addEventListener("click", show);
  input.addEventListener("blur", settle);
  input.addEventListener("keydown", (event) => {
    const { key } = event;
    if (key === "ArrowDown" || key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) show();
      const end = list.children.length - 1;
      const next = key === "ArrowDown" ? active + 1 : active - 1;
      setActive(next < 0 ? end : next > end ? 0 : next);
    } else if (key === "Enter") {
      event.preventDefault(); // the form is sent by its button only
      if (active >= 0) choose(list.children[active].dataset.value);
      else if (input.value.trim() !== "") show();
    } else if (key === "Escape" && (!list.hidden || input.value !== "")) {
      event.preventDefault(); // keeps the drawer open
      input.value = "";
      complain("");
      hide();
    } else if (key === "Backspace" && input.value === "" && chosenList.lastElementChild !== null) {
      remove(chosenList.lastElementChild);
    }
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // keeps the focus
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option !== null) choose(option.dataset.value);
  });
  chosenList.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button !== null) remove(button.parentElement);
  });

  return {
    offer(offered) {
      choices = offered;
      field.hidden = offered.length === 0 && chosenValues().length === 0;
      for (const item of chosenList.children) showLabel(item);
    },
    add,
    clear() {
      chosenList.replaceChildren();
      input.value = "";
      complain("");
      hide();
    },
    name,
  };
}

const fields = [...form.querySelectorAll(".pq-filter")].map(makeField);

function offerChoices() {
  const made = document.createElement("template");
  made.innerHTML = props.value;
  const { choices } = made.content.firstElementChild?.dataset ?? {};
  if (choices === undefined) return;
  const offered = JSON.parse(choices);
  for (const field of fields) field.offer(offered[field.name] ?? []);
}
watch("value", offerChoices);
offerChoices();

// Before the first question is sent, so that it is narrowed too.
function restoreChosen() {
  for (const [name, value] of keptFilters()) {
    const field = fields.find((one) => one.name === name);
    const input = form.elements.namedItem(name);
    if (field !== undefined) field.add(value);
    else if (input?.type === "checkbox") input.checked = true;
    else if (input !== null) input.value = value;
  }
  showNumber();
}
restoreChosen();
