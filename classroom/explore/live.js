/* The browser's half of an explorer: controls, a canvas, and the talk with the kernel.

   Python draws (live.py); here we show its pictures and send what was moved. Native inputs give names, keys and focus for free.
   In JupyterLab a key that leaves the widget does harm (an `a` inserts a cell): data-lm-suppress-shortcuts and stopPropagation
   keep them in. A screen reader hears one polite line, half a second after the last change. */

const QUIET = 500; // milliseconds without a change before the line is said
const SETTLE = 160; // … before the exact picture is fetched
const PATIENCE = 1500; // … without an answer before we say so
const GIVE_UP = 6000; // … before a lost request no longer holds up the next one

function add(parent, tag, className = "", text = "") {
  const node = parent.appendChild(document.createElement(tag));
  if (className) node.className = className;
  if (text) node.textContent = text;
  return node;
}

function addButton(parent, text, press) {
  const button = add(parent, "button", "", text);
  button.type = "button";
  button.addEventListener("click", press);
  return button;
}

/* ---- Controls. A builder makes one row of label, control and value, calls `changed(raw)` when she moves it, and returns
   `show(raw, text)` for when Python does. The kinds are those of controls.py. `say` is the polite line. */

const builders = { slider, choice, switch: onOff, drawing };

function slider({ row, id, control, changed }) {
  const label = add(row, "label", "live-label", control.label);
  const input = add(row, "input");
  const value = add(row, "span", "live-value"); // not an <output>: that would be read aloud at every step
  label.htmlFor = id;
  value.setAttribute("aria-hidden", true); // the slider says it itself
  value.style.minWidth = `${Math.max(...control.texts.map((text) => text.length))}ch`;
  Object.assign(input, { id, type: "range", min: 0, max: control.texts.length - 1, step: 1 });
  const show = (raw, text) => {
    input.value = raw;
    value.textContent = text;
    input.setAttribute("aria-valuetext", text);
  };
  input.addEventListener("input", () => {
    show(input.value, control.texts[+input.value]);
    changed(+input.value);
  });
  return show;
}

function choice({ row, id, control, changed }) {
  add(row, "span", "live-label", control.label).id = `${id}-label`;
  const group = add(row, "div", "live-choice");
  group.setAttribute("role", "radiogroup");
  group.setAttribute("aria-labelledby", `${id}-label`);
  const inputs = control.texts.map((text, place) => {
    const label = add(group, "label");
    const input = add(label, "input");
    Object.assign(input, { type: "radio", name: id, value: place });
    input.addEventListener("change", () => changed(place));
    add(label, "span", "", text);
    return input;
  });
  return (raw) => (inputs[raw].checked = true);
}

function onOff({ row, id, control, changed }) {
  add(row, "label", "live-label", control.label).htmlFor = id;
  const cell = add(row, "div", "live-choice");
  const input = add(cell, "input");
  const value = add(cell, "span", "live-value");
  value.setAttribute("aria-hidden", true);
  Object.assign(input, { id, type: "checkbox" });
  const show = (raw) => {
    input.checked = Boolean(+raw);
    value.textContent = control.texts[+raw];
  };
  input.addEventListener("change", () => {
    show(+input.checked);
    changed(+input.checked);
  });
  return show;
}

const HINT = "Draw with mouse or finger. By keyboard: arrows move, Space turns a cell, Shift and an arrow draws.";

/* A pad of cells. A finger or the mouse draws; arrows move a cursor, Space or Enter turns its cell, Shift with an arrow draws. */
function drawing({ row, id, control, changed, say }) {
  const { rows, cols, pen } = control;
  add(row, "span", "live-label live-top", control.label).id = `${id}-label`;
  const cell = Math.max(6, Math.min(26, Math.floor(264 / Math.max(rows, cols))));
  const box = add(row, "div", "live-pad");
  const pad = add(box, "canvas");
  const tools = add(box, "div", "live-buttons");
  const hint = add(box, "p", "live-hint", HINT);
  hint.id = `${id}-hint`;
  pad.tabIndex = 0;
  pad.setAttribute("role", "application");
  pad.setAttribute("aria-roledescription", "drawing pad");
  pad.setAttribute("aria-labelledby", `${id}-label`);
  pad.setAttribute("aria-describedby", hint.id);
  let ink = new Array(rows * cols).fill(0);
  let [cursorRow, cursorCol] = [rows >> 1, cols >> 1];
  let erasing = false;
  let last = null;

  function draw() {
    const fine = window.devicePixelRatio || 1;
    pad.width = cols * cell * fine;
    pad.height = rows * cell * fine;
    pad.style.width = `${cols * cell}px`;
    const context = pad.getContext("2d");
    context.scale(fine, fine);
    ink.forEach((on, place) => {
      context.fillStyle = on ? "#1a1a1a" : "#ffffff";
      context.fillRect((place % cols) * cell, Math.floor(place / cols) * cell, cell, cell);
    });
    context.strokeStyle = "rgba(128, 128, 128, 0.3)";
    for (let line = 1; line < Math.max(rows, cols); line++) {
      context.strokeRect(line * cell, -1, 0, rows * cell + 2);
      context.strokeRect(-1, line * cell, cols * cell + 2, 0);
    }
    if (document.activeElement === pad) {
      context.lineWidth = 3;
      context.strokeStyle = "#d55e00";
      context.strokeRect(cursorCol * cell + 1.5, cursorRow * cell + 1.5, cell - 3, cell - 3);
    }
  }

  /* Ink the square of the pen around a cell, as far as it lies on the pad. */
  function stamp(r, c, on) {
    const [top, left] = [r - ((pen - 1) >> 1), c - ((pen - 1) >> 1)];
    for (let y = Math.max(top, 0); y < Math.min(top + pen, rows); y++)
      for (let x = Math.max(left, 0); x < Math.min(left + pen, cols); x++) ink[y * cols + x] = on;
  }

  function finish() {
    draw();
    changed(ink.join(""));
  }

  function at(event) {
    const frame = pad.getBoundingClientRect();
    const r = Math.floor(((event.clientY - frame.top) / frame.height) * rows);
    const c = Math.floor(((event.clientX - frame.left) / frame.width) * cols);
    return [Math.min(Math.max(r, 0), rows - 1), Math.min(Math.max(c, 0), cols - 1)];
  }

  function stroke(event) {
    const [r, c] = at(event);
    const [fromRow, fromCol] = last ?? [r, c];
    const steps = Math.max(Math.abs(r - fromRow), Math.abs(c - fromCol), 1);
    for (let i = 0; i <= steps; i++)
      stamp(Math.round(fromRow + ((r - fromRow) * i) / steps), Math.round(fromCol + ((c - fromCol) * i) / steps), erasing ? 0 : 1);
    last = [r, c];
    [cursorRow, cursorCol] = last;
    finish();
  }

  pad.addEventListener("pointerdown", (event) => {
    pad.setPointerCapture(event.pointerId);
    last = null;
    stroke(event);
  });
  pad.addEventListener("pointermove", (event) => pad.hasPointerCapture(event.pointerId) && stroke(event));
  pad.addEventListener("focus", draw);
  pad.addEventListener("blur", draw);
  pad.addEventListener("keydown", (event) => {
    const [down, right] = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key] ?? [0, 0];
    const turn = event.key === " " || event.key === "Enter";
    if (!down && !right && !turn) return;
    event.preventDefault();
    cursorRow = Math.min(Math.max(cursorRow + down, 0), rows - 1);
    cursorCol = Math.min(Math.max(cursorCol + right, 0), cols - 1);
    const on = ink[cursorRow * cols + cursorCol];
    if (turn || event.shiftKey) stamp(cursorRow, cursorCol, turn ? 1 - on : 1);
    if (turn || event.shiftKey) finish();
    else draw();
    say(`row ${cursorRow + 1}, column ${cursorCol + 1}, ${ink[cursorRow * cols + cursorCol] ? "ink" : "empty"}`);
  });

  const eraser = addButton(tools, "Erase", () => {
    erasing = !erasing;
    eraser.setAttribute("aria-pressed", erasing);
  });
  eraser.setAttribute("aria-pressed", false);
  addButton(tools, "Clear", () => {
    ink.fill(0);
    finish();
  });
  return (raw) => {
    ink = [...raw].map(Number);
    draw();
  };
}

/* ---- The talk with the kernel: one request at a time; what she does meanwhile waits, and of a control only its newest value. */

function talk(model, view, { going, waiting }) {
  const wanted = new Set();
  let moved = {};
  let asked = 0; // when the request under way was sent; 0 if there is none
  let patience = 0;

  function take() {
    if (wanted.delete("hello")) return { ask: "hello", ratio: window.devicePixelRatio || 1 };
    if (wanted.delete("restart")) return { ask: "restart" };
    if (Object.keys(moved).length) {
      const values = moved;
      moved = {};
      return { ask: "move", values };
    }
    if (going()) return { ask: "go" };
    return wanted.delete("settle") ? { ask: "settle" } : null;
  }

  function send() {
    if (asked && performance.now() - asked < GIVE_UP) return;
    const request = take();
    if (!request) return;
    asked = performance.now();
    clearTimeout(patience);
    patience = setTimeout(() => waiting(true), PATIENCE);
    model.send({ ...request, view });
  }

  return {
    send,
    want(what) {
      wanted.add(what);
      send();
    },
    move(name, raw) {
      moved[name] = raw;
      send();
    },
    answered() {
      asked = 0;
      clearTimeout(patience);
      waiting(false);
    },
    wants: (what) => wanted.has(what),
    moving: () => Object.keys(moved).length > 0,
    end: () => clearTimeout(patience),
  };
}

/* ---- The picture: a canvas on which arriving rectangles are painted in their order. */

function picture(parent, [width, height]) {
  const canvas = add(parent, "canvas", "live-figure");
  canvas.setAttribute("role", "img");
  canvas.style.width = `${width}px`;
  canvas.style.aspectRatio = `${width} / ${height}`;
  const context = canvas.getContext("2d");
  let last = Promise.resolve();
  async function show(bytes, at, size) {
    const image = await createImageBitmap(new Blob([bytes]));
    const [wide, high] = size ?? [image.width, image.height];
    if (canvas.width !== wide || canvas.height !== high) Object.assign(canvas, { width: wide, height: high });
    context.drawImage(image, ...at);
    image.close();
  }
  return { canvas, paint: (bytes, at = [0, 0], size = null) => (last = last.then(() => show(bytes, at, size))), painted: () => last };
}

/* ---- The explorer. */

function render({ model, el }) {
  const face = model.get("face");
  const id = `live-${Math.random().toString(36).slice(2)}`; // of this view; each explorer loads this file anew: no counter
  el.classList.add("live");
  el.setAttribute("data-lm-suppress-shortcuts", "true");
  for (const name of ["keydown", "pointerdown"]) el.addEventListener(name, (event) => event.stopPropagation());

  const card = add(el, "div", "live-card");
  card.setAttribute("role", "group");
  card.setAttribute("aria-label", "Explorer");
  const beside = face.controls.some((control) => control.kind === "drawing") ? 360 : 0; // a pad stands beside its figure
  card.style.setProperty("--live-figure", `${face.size[0] + beside}px`);
  if (face.question) addQuestion(card, face.question);
  const goal = face.goal ? addGoal(card, face.goal) : null;
  const stage = add(card, "div", "live-stage");
  const controls = add(stage, "div", "live-controls");
  const buttons = face.stepwise ? addRunButtons(stage) : null;
  const { canvas, paint, painted } = picture(add(stage, "div", "live-paper"), face.size);
  const caption = add(stage, "p", "live-caption");
  const error = add(stage, "p", "live-error");
  const wait = add(stage, "p", "live-wait", "Waiting for the kernel. If it is idle, run this cell again to wake the controls.");
  const status = add(el, "div", "live-status");
  status.setAttribute("role", "status");
  error.hidden = wait.hidden = true;

  const run = { frame: 0, done: true, until: 1 }; // a run goes on until this frame: 1 is paused, Infinity is running
  let quiet = 0;
  let settle = 0;
  const say = (text) => {
    clearTimeout(quiet);
    quiet = setTimeout(() => (status.textContent = text), QUIET);
  };
  const kernel = talk(model, id, { going: () => !run.done && run.frame < run.until, waiting: (yes) => (wait.hidden = !yes) });

  const shows = {};
  for (const control of face.controls) {
    const row = add(controls, "div", "live-row");
    const changed = (raw) => kernel.move(control.name, raw);
    shows[control.name] = builders[control.kind]({ row, id: `${id}-${control.name}`, control, changed, say, canvas });
  }

  function showRun() {
    buttons.go.textContent = run.until === Infinity ? "Pause" : "Run";
    buttons.place.textContent = run.done ? `finished, ${run.frame} frames` : `frame ${run.frame}`;
  }

  function goUntil(frame, anew) {
    run.until = frame;
    showRun();
    if (anew) kernel.want("restart");
    else kernel.send();
    settleSoon();
  }

  function showState(state, keepControls) {
    if (!keepControls) for (const name in shows) shows[name](state.raw[name], state.texts[name]);
    caption.textContent = state.caption;
    canvas.setAttribute("aria-label", state.caption);
    error.hidden = !state.error;
    error.textContent = state.error && `Your code stopped: ${state.error}`;
    if (buttons) {
      Object.assign(run, state.run);
      if (run.done && !kernel.wants("restart")) run.until = 1;
      showRun();
    }
    if (goal && state.reached) goal.reach();
    if (state.quiz) addQuiz(card, stage, model, state.quiz);
    return state.error ? error.textContent : state.caption;
  }

  async function onAnswer(answer, buffers) {
    const mine = answer.view === id;
    const before = status.dataset.newest;
    if (mine) kernel.answered();
    const sentence = showState(answer, mine && kernel.moving());
    status.dataset.newest = sentence;
    if (sentence !== before) say(sentence);
    if (answer.picture) paint(buffers[0], answer.picture.at, answer.picture.size);
    if (!answer.picture?.exact) settleSoon();
    if (mine && kernel.moving()) kernel.send();
    await painted();
    Object.assign(canvas.dataset, { number: answer.number, exact: Boolean(answer.picture?.exact) });
    if (mine) kernel.send();
  }

  function settleSoon() {
    clearTimeout(settle);
    settle = setTimeout(() => run.until === Infinity || kernel.want("settle"), SETTLE);
  }

  if (buttons) {
    buttons.go.addEventListener("click", () => (run.until === Infinity ? goUntil(1) : goUntil(Infinity, run.done)));
    buttons.step.addEventListener("click", () => (run.done ? goUntil(1, true) : goUntil(run.frame + 1)));
    buttons.restart.addEventListener("click", () => goUntil(1, true));
  }

  status.dataset.newest = showState(face.state, false);
  paint(model.get("still"));
  model.on("msg:custom", onAnswer);
  kernel.want("hello");
  return () => {
    run.until = 1;
    [quiet, settle].forEach(clearTimeout);
    kernel.end();
    model.off("msg:custom", onAnswer);
  };
}

function addQuestion(card, text) {
  const question = add(card, "div", "live-question");
  add(question, "span", "live-kicker", "Before you move anything");
  add(question, "p", "", text);
}

function addGoal(card, text) {
  const line = add(card, "p", "live-goal");
  line.setAttribute("role", "status");
  const word = add(line, "strong", "", "Goal: ");
  add(line, "span", "", text);
  return {
    reach() {
      if (line.classList.contains("live-reached")) return;
      line.classList.add("live-reached");
      word.textContent = "✓ Goal reached: ";
    },
  };
}

function addRunButtons(stage) {
  const row = add(stage, "div", "live-buttons");
  row.setAttribute("role", "group");
  row.setAttribute("aria-label", "Run");
  const [go, step, restart] = ["Run", "Step", "Restart"].map((text) => addButton(row, text, () => {}));
  go.className = "live-first";
  return { go, step, restart, place: add(row, "span", "live-place") };
}

/* A reached goal opens a question that is answered without the figure: one button changes between the two. */
async function addQuiz(card, stage, model, quiz) {
  if (card.querySelector(".live-quiz")) return;
  const box = add(card, "div", "live-quiz");
  const slot = document.createElement("div");
  slot.hidden = true;
  const toggle = addButton(add(box, "div", "live-buttons"), "Put the figure away and answer a question", () => {
    slot.hidden = !slot.hidden;
    stage.hidden = !slot.hidden;
    toggle.textContent = slot.hidden ? "Put the figure away and answer a question" : "Back to the figure";
    toggle.setAttribute("aria-expanded", !slot.hidden);
  });
  toggle.setAttribute("aria-expanded", false);
  box.append(slot);
  const question = await model.widget_manager.get_model(quiz);
  slot.append((await model.widget_manager.create_view(question)).el);
}

export default { render };
