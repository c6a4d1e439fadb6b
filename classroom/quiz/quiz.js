/* The one front end of the quiz room: a question with options or a number, a prediction, an outcome.
   It draws `view` once and `state` whenever it changes, and sends what the learner does; Python decides what that means.
   Native inputs in a form give labels, arrow keys, Enter and screen readers for free. */

const WAIT = 1500; // milliseconds after which we say that the kernel is busy

const MARKS = { right: "✓ right", other: "not this one" };

/* A new element at the end of `parent`. `content` is HTML that Python has escaped. */
function add(parent, tag, className = "", content = "") {
  const node = parent.appendChild(document.createElement(tag));
  if (className) node.className = className;
  if (content) node.innerHTML = content;
  return node;
}

/* The question stands in a legend when there are inputs to name, else in a paragraph. */
function addQuestion(form, view) {
  const group = add(form, view.choices ? "fieldset" : "div", "quiz-group");
  const head = add(group, view.choices ? "legend" : "div", "quiz-head");
  add(head, "span", "quiz-kicker", view.kicker);
  add(head, "span", "quiz-question", view.question);
  if (view.grounds) add(group, "p", "quiz-grounds", view.grounds);
  return group;
}

function addRadio(parent, name, value, content) {
  const label = add(parent, "label", "quiz-choice");
  const input = add(label, "input");
  Object.assign(input, { type: "radio", name, value });
  add(label, "span", "quiz-text", content);
  return { input, label, mark: add(label, "span", "quiz-mark") };
}

function addNumber(group, view) {
  const label = add(group, "label", "quiz-number");
  add(label, "span", "", "Your number");
  const input = add(label, "input");
  Object.assign(input, { type: "text", inputMode: "decimal", autocomplete: "off", size: 12 });
  add(label, "span", "", view.number.unit);
  return input;
}

/* Rows that each get a label: boxes to tick (the first label is yes), or a list to choose from; `get` is the label's
   number, -1 for none. Native controls: a list opens, moves and closes by keyboard. */
function addRow(parent, { control, labels }, content) {
  const row = add(parent, "label", "quiz-row");
  if (control === "checkbox") {
    const input = add(row, "input");
    input.type = "checkbox";
    add(row, "span", "quiz-text", content);
    return { input, get: () => (input.checked ? 0 : 1), set: (label) => (input.checked = label === 0) };
  }
  add(row, "span", "quiz-text", content);
  const input = add(row, "select");
  for (const [text, value] of [["…", -1], ...labels.map((label, index) => [label, index])]) {
    Object.assign(add(input, "option"), { textContent: text, value });
  }
  return { input, get: () => Number(input.value), set: (label) => (input.value = label) };
}

function addConfidence(group, view) {
  const inner = add(group, "fieldset", "quiz-confidence");
  add(inner, "legend", "", view.confidence.label);
  return view.confidence.values.map((value) => addRadio(inner, "confidence", value, value));
}

function addButtons(form, view, send) {
  const row = add(form, "div", "quiz-buttons");
  view.buttons.forEach((button, index) => {
    const node = add(row, "button", index ? "quiz-second" : "quiz-first", button.label);
    node.type = index === 0 && view.choices ? "submit" : "button";
    if (node.type === "button") node.addEventListener("click", () => send(button.do));
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(view.buttons[0].do);
  });
  return row;
}

/* Outcome: two boxes side by side, each with a name, what it holds, and a note. */
function drawPair(row, pair) {
  row.replaceChildren();
  row.hidden = !pair;
  for (const [name, content, note] of pair ?? []) {
    const box = add(row, "div", "quiz-box");
    add(box, "div", "quiz-note", name);
    add(box, "div", "quiz-value", content);
    if (note) add(box, "div", "quiz-note", note);
  }
}

function drawStatus(status, { tone, head, feedback }) {
  status.dataset.tone = tone || "empty";
  status.replaceChildren();
  if (head) add(status, "strong", "", head);
  if (feedback) add(status, "span", "", (head ? " " : "") + feedback);
}

/* While an outcome waits for a guess, what else its cell shows (numbers, a figure) waits behind a curtain: Run All, which
   wakes the widgets, would spoil every prediction. JupyterLab attaches a card after it is drawn, hence the patience. */
const CURTAIN = "quiz-curtain";

function drawCurtain(el, drawn, frames = 300) {
  const area = el.closest(".jp-OutputArea");
  if (area) area.classList.toggle(CURTAIN, drawn);
  else if (drawn && frames) requestAnimationFrame(() => drawCurtain(el, !el.dataset.shown, frames - 1));
}

function render({ model, el }) {
  const view = model.get("view");
  el.classList.add("quiz");
  el.dataset.name = view.name;
  // A key that reaches the notebook would insert cells or move on: keep what happens here, here.
  el.setAttribute("data-lm-suppress-shortcuts", "true");
  for (const kind of ["keydown", "keyup", "keypress", "pointerdown"]) {
    el.addEventListener(kind, (event) => event.stopPropagation());
  }

  const form = add(el, "form", "quiz-card");
  const group = addQuestion(form, view);
  const radios = (view.choices ?? []).map((html, index) => addRadio(group, "choice", index, html));
  const number = view.number ? addNumber(group, view) : null;
  const rows = (view.rows?.texts ?? []).map((html) => addRow(group, view.rows, html));
  const confidences = view.confidence ? addConfidence(group, view) : [];
  const pair = add(form, "div", "quiz-pair");
  const status = add(form, "div", "quiz-status");
  status.setAttribute("role", "status");
  status.tabIndex = -1;
  const buttons = addButtons(form, view, send);
  if (view.choices) form.append(status); // below the button that she presses; an outcome first says why it waits

  let waiting = 0;
  function send(action) {
    const choice = radios.findIndex(({ input }) => input.checked);
    const confidence = confidences.find(({ input }) => input.checked)?.input.value ?? "";
    const chosen = rows.length ? rows.map((row) => row.get()) : choice < 0 ? null : choice;
    model.send({ do: action, choice: chosen, text: number?.value ?? "", confidence });
    clearTimeout(waiting);
    const note = { tone: "note", head: "Waiting.", feedback: "The kernel is at work on a cell, or stopped." };
    waiting = setTimeout(() => drawStatus(status, note), WAIT);
  }

  function draw() {
    clearTimeout(waiting);
    const state = model.get("state");
    radios.forEach(({ input, label, mark }, index) => {
      const verdict = state.marks[index] ?? "";
      if (state.chosen >= 0) input.checked = index === state.chosen;
      input.disabled = state.locked;
      label.dataset.mark = verdict;
      mark.textContent = MARKS[verdict] ?? "";
    });
    if (number) {
      if (state.text) number.value = state.text;
      number.disabled = state.locked;
    }
    rows.forEach((row, index) => {
      if (state.rows.length) row.set(state.rows[index]);
      row.input.disabled = state.locked;
    });
    for (const { input } of confidences) {
      if (state.confidence) input.checked = input.value === state.confidence;
      input.disabled = state.locked;
    }
    el.dataset.turn = state.turn ?? 0;
    if (view.curtain) {
      el.dataset.shown = state.locked ? "yes" : "";
      drawCurtain(el, !state.locked);
    }
    drawPair(pair, state.pair);
    drawStatus(status, state);
    // A button that vanishes would drop the focus to the page, where keys belong to JupyterLab.
    if (state.locked && form.contains(document.activeElement)) status.focus();
    buttons.hidden = state.locked;
  }

  model.on("change:state", draw);
  draw();
  return () => {
    clearTimeout(waiting);
    model.off("change:state", draw);
    if (view.curtain) drawCurtain(el, false);
  };
}

export default { render };
