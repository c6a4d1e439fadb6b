/* The drawing pad, a grid of cells with ink or without. */

import { add, addButton } from "./dom.js";

const HINT = "Draw with mouse or finger. By keyboard: arrows move, Space turns a cell, Shift and an arrow draws.";

/* A pad of cells. A finger or the mouse draws; arrows move a cursor, Space or Enter turns its cell, Shift with an arrow draws. */
export function drawing({ row, id, control, changed, say }) {
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
