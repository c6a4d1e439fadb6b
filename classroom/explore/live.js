/* The browser's half of an explorer: controls, a canvas, and what happens when something is moved.

   Python draws (live.py); here we show its pictures and send what was moved. Read dom, controls (with pad and point), talk,
   and this file; front.py makes one module of them. In JupyterLab a key that leaves the widget does harm (an `a` inserts a
   cell): data-lm-suppress-shortcuts and stopPropagation keep them in. A screen reader hears one polite line, half a second
   after the last change. */

import { builders } from "./controls.js";
import { add, addButton } from "./dom.js";
import { talk } from "./talk.js";

const QUIET = 500; // milliseconds without a change before the line is said
const SETTLE = 160; // … before the exact picture is fetched

/* ---- The picture: a canvas on which arriving rectangles are painted in their order. */

function picture(parent, [width, height]) {
  const sheet = add(parent, "div", "live-sheet"); // exactly as large as the figure: points stand on it
  const canvas = add(sheet, "canvas", "live-figure");
  canvas.setAttribute("role", "img");
  sheet.style.width = `${width}px`;
  canvas.style.aspectRatio = `${width} / ${height}`;
  const context = canvas.getContext("2d");
  let last = Promise.resolve();
  async function show(bytes, at, size) {
    const image = await decode(bytes);
    const [wide, high] = size ?? [image.displayWidth ?? image.width, image.displayHeight ?? image.height];
    if (canvas.width !== wide || canvas.height !== high) Object.assign(canvas, { width: wide, height: high });
    context.drawImage(image, ...at);
    image.close();
  }
  const paint = (bytes, at = [0, 0], size = null) => (last = last.then(() => show(bytes, at, size)).catch(window.console.warn));
  return { sheet, canvas, paint, painted: () => last };
}

/* A Blob goes by way of another process of the browser: 2 ms of each frame. WebCodecs spare it, where there are any. */
async function decode(bytes) {
  const type = bytes.getUint8(0) === 0xff ? "image/jpeg" : "image/png";
  let decoder = null;
  try {
    decoder = new window.ImageDecoder({ data: bytes, type });
    return (await decoder.decode()).image;
  } catch {
    return createImageBitmap(new Blob([bytes]));
  } finally {
    decoder?.close();
  }
}

/* Calls when the page gets another sharpness, by a zoom or on another screen; returns how to stop that. */
function onSharpness(changed) {
  let query = null;
  const listen = () => {
    query?.removeEventListener("change", again);
    query = window.matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`);
    query.addEventListener("change", again);
  };
  const again = () => {
    listen();
    changed();
  };
  listen();
  return () => query.removeEventListener("change", again);
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
  const buttons = addButtons(stage, face);
  const { sheet, canvas, paint, painted } = picture(add(stage, "div", "live-paper"), face.size);
  const caption = add(stage, "p", "live-caption");
  const error = add(stage, "p", "live-error");
  const wait = add(stage, "p", "live-wait", "Waiting for the kernel. If it is idle, run this cell again to wake the controls.");
  const status = add(el, "div", "live-status");
  status.setAttribute("role", "status");
  error.hidden = wait.hidden = true;

  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  const run = { frame: 0, done: true, until: 1, byItself: false }; // it goes on until a frame: 1 is paused, Infinity running
  let newest = ""; // the sentence that is to be said
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
    const changed = (raw) => {
      playByItself();
      kernel.move(control.name, raw);
      settleSoon();
    };
    shows[control.name] = builders[control.kind]({ row, id: `${id}-${control.name}`, control, changed, say, sheet });
  }

  function showRun() {
    buttons.go.textContent = run.until === Infinity ? "Pause" : "Run";
    buttons.place.textContent = run.done ? `finished, ${run.frame} frames` : `frame ${run.frame}`;
  }

  function goUntil(frame, anew) {
    Object.assign(run, { until: frame, byItself: false });
    showRun();
    if (anew) kernel.want("restart");
    else kernel.send();
    settleSoon();
  }

  /* A moved control plays the run, where its author wants that and the reader's system does not ask for less motion. */
  function playByItself() {
    if (!face.play || calm.matches) return;
    Object.assign(run, { until: Infinity, byItself: true });
    showRun();
  }

  const onCalm = () => run.byItself && calm.matches && goUntil(1);

  function showState(state, keepControls) {
    if (!keepControls) for (const name in shows) shows[name](state.raw[name], state.texts[name]);
    if (caption.textContent !== state.caption) {
      caption.textContent = state.caption;
      canvas.setAttribute("aria-label", state.caption);
    }
    error.hidden = !state.error;
    error.textContent = state.error;
    if (face.stepwise) {
      Object.assign(run, state.run);
      if (run.done && !kernel.wants("restart") && !kernel.moving()) run.until = 1;
      showRun();
    }
    if (goal && state.reached) goal.reach(state.quiz);
    if (state.quiz) addQuiz(card, stage, model, state.quiz);
    return state.error ? error.textContent : state.caption;
  }

  async function onAnswer(answer, buffers) {
    const mine = answer.view === id;
    const current = mine && kernel.answered(answer.asked);
    const before = newest;
    newest = showState(answer, mine && (!current || kernel.moving()));
    if (newest !== before) say(newest);
    if (answer.picture) paint(buffers[0], answer.picture.at, answer.picture.size);
    if (answer.picture ? !answer.picture.exact : !answer.error) settleSoon(); // what cannot be drawn is not asked for again
    if (current && kernel.moving()) kernel.send();
    await painted();
    Object.assign(canvas.dataset, { number: answer.number, exact: Boolean(answer.picture?.exact) && kernel.resting() });
    if (current) kernel.send();
  }

  function settleSoon() {
    canvas.dataset.exact = false; // until the exact picture of the newest values is painted; tests wait for that
    kernel.forget("settle");
    clearTimeout(settle);
    settle = setTimeout(() => run.until === Infinity || kernel.want("settle"), SETTLE);
  }

  buttons.reset.addEventListener("click", () => {
    run.until = 1;
    kernel.reset();
    settleSoon();
  });
  if (face.stepwise) {
    buttons.go.addEventListener("click", () => (run.until === Infinity ? goUntil(1) : goUntil(Infinity, run.done)));
    buttons.step.addEventListener("click", () => (run.done ? goUntil(1, true) : goUntil(run.frame + 1)));
    buttons.restart.addEventListener("click", () => goUntil(1, true));
  }

  newest = showState(face.state, false);
  paint(model.get("still"));
  model.on("msg:custom", onAnswer);
  kernel.want("hello");
  calm.addEventListener("change", onCalm);
  const deaf = onSharpness(() => kernel.want("hello"));
  return () => {
    run.until = 1;
    deaf();
    calm.removeEventListener("change", onCalm);
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
    reach(more) {
      if (line.classList.contains("live-reached")) return;
      line.classList.add("live-reached");
      word.textContent = "✓ Goal reached: ";
      const stop = /[.!?]$/.test(text) ? "" : ".";
      if (more) add(line, "span", "", `${stop} Now a question waits below, to be answered without the figure.`);
    },
  };
}

function addButtons(stage, face) {
  const row = add(stage, "div", "live-buttons");
  row.setAttribute("role", "group");
  row.setAttribute("aria-label", "Run and reset");
  const named = (text) => addButton(row, text, () => {});
  const buttons = face.stepwise ? { go: named("Run"), step: named("Step"), restart: named("Restart") } : {};
  buttons.reset = named("Reset");
  buttons.reset.title = "Put every control back where it was at first";
  if (face.stepwise) buttons.go.className = "live-first";
  return { ...buttons, place: add(row, "span", "live-place") };
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
