/* A point on the figure's axes. It is dragged by mouse or finger, moved by the arrow keys (Shift: ten steps), and typed. */

import { add } from "./dom.js";

const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] };

/* One direction of the axes: between a value and its place from 0 to 1, and from a value some steps on. */
function direction({ low, high, step, decimals, log }) {
  const [from, to] = log ? [Math.log10(low), Math.log10(high)] : [low, high];
  const round = (value) => (log ? +value.toPrecision(3) : +(Math.round(value / step) * step).toFixed(decimals));
  const within = (value) => Math.min(Math.max(value, Math.min(low, high)), Math.max(low, high));
  const upwards = Math.sign(to - from); // axes may be turned round
  const value = (place) => (log ? 10 ** (from + place * (to - from)) : from + place * (to - from));
  const place = (it) => ((log ? Math.log10(it) : it) - from) / (to - from);
  return {
    place,
    at: (part) => within(round(value(part))),
    onwards: (it, steps) => within(round(log ? value(place(it) + steps / 100) : it + steps * step * upwards)),
    holds: (it) => Number.isFinite(it) && within(it) === it,
    text: (it) => (log ? `${it}` : it.toFixed(decimals)).replace("-", "−"),
  };
}

function read(text) {
  const plain = text.trim().replace("−", "-").replace(",", ".");
  return plain ? Number(plain) : NaN;
}

export function point({ row, id, control, changed, say, sheet }) {
  const [left, bottom, width, height] = control.box; // of the axes, as parts of the figure, from its lower left
  const ways = control.ways.map(direction);
  let now = []; // the coordinates, once Python has said them

  const handle = add(sheet, "div", "live-point");
  handle.tabIndex = 0;
  const roles = { role: "slider", "aria-roledescription": "point", "aria-label": `${control.label}, on the figure` };
  for (const name in roles) handle.setAttribute(name, roles[name]);

  add(row, "span", "live-label", control.label).id = `${id}-label`;
  const cell = add(row, "div", "live-pair");
  cell.setAttribute("role", "group");
  cell.setAttribute("aria-labelledby", `${id}-label`);
  const fields = control.ways.map((way) => {
    const label = add(cell, "label", "", way.name);
    return Object.assign(add(label, "input"), { type: "text", inputMode: "decimal", autocomplete: "off", size: 6 });
  });
  const wrong = add(cell, "p", "live-hint");
  wrong.hidden = true;

  function draw() {
    const [across, up] = now.map((it, i) => ways[i].place(it));
    const texts = now.map((it, i) => ways[i].text(it));
    handle.style.left = `${100 * (left + width * across)}%`;
    handle.style.bottom = `${100 * (bottom + height * up)}%`;
    handle.setAttribute("aria-valuenow", now[0]);
    handle.setAttribute("aria-valuetext", texts.map((text, i) => `${control.ways[i].name} ${text}`).join(", "));
    fields.forEach((field, i) => {
      field.removeAttribute("aria-invalid");
      if (field !== document.activeElement || read(field.value) !== now[i]) field.value = texts[i];
    });
    wrong.hidden = true;
  }

  function move(next) {
    if (next.every((it, i) => it === now[i])) return draw();
    now = next;
    draw();
    changed(now);
  }

  function type(field, i) {
    const value = read(field.value);
    if (ways[i].holds(value)) return move(now.map((it, j) => (i === j ? value : it)));
    const { name, low, high } = control.ways[i];
    const ends = [Math.min(low, high), Math.max(low, high)].map(ways[i].text);
    field.setAttribute("aria-invalid", true);
    wrong.textContent = `${name} must be a number from ${ends[0]} to ${ends[1]}.`;
    wrong.hidden = false;
    say(wrong.textContent);
  }

  fields.forEach((field, i) => {
    field.addEventListener("change", () => type(field, i));
    field.addEventListener("keydown", (event) => event.key === "Enter" && type(field, i));
  });
  let grip = [0, 0]; // from the pointer to the point's centre, so that it does not jump when it is taken
  function away(event) {
    const frame = sheet.getBoundingClientRect();
    const across = ((event.clientX - frame.left) / frame.width - left) / width;
    const up = ((frame.bottom - event.clientY) / frame.height - bottom) / height;
    return [across, up];
  }
  handle.addEventListener("pointerdown", (event) => {
    handle.setPointerCapture(event.pointerId);
    grip = away(event).map((part, i) => ways[i].place(now[i]) - part);
  });
  handle.addEventListener("pointermove", (event) => {
    if (handle.hasPointerCapture(event.pointerId)) move(away(event).map((part, i) => ways[i].at(part + grip[i])));
  });
  handle.addEventListener("keydown", (event) => {
    if (!(event.key in KEYS)) return;
    event.preventDefault();
    move(now.map((it, i) => ways[i].onwards(it, KEYS[event.key][i] * (event.shiftKey ? 10 : 1))));
  });
  return (raw) => {
    if (raw.every((it, i) => it === now[i])) return; // what she is typing, and the note on it, stay
    now = raw;
    draw();
  };
}
