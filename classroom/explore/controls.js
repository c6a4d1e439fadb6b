/* The rows of label, control and value. A builder makes one row and calls `changed(raw)` when she moves it; it returns
   `show(raw, text)` for when Python does. The kinds are those of controls.py and plane.py; `say` is the polite line, `sheet`
   the element over the figure. Native inputs give names, keys and focus for free. */

import { add } from "./dom.js";
import { drawing } from "./pad.js";
import { point } from "./point.js";

export const builders = { slider, choice, switch: onOff, drawing, point };

function slider({ row, id, control, changed }) {
  const label = add(row, "label", "live-label", control.label);
  const input = add(row, "input");
  const value = add(row, "span", "live-value"); // not an <output>: that would be read aloud at every step
  label.htmlFor = id;
  value.setAttribute("aria-hidden", true); // the slider says it itself
  value.style.minWidth = `${Math.max(...control.texts.map((text) => text.length))}ch`;
  Object.assign(input, { id, type: "range", min: 0, max: control.texts.length - 1, step: 1 });
  let shown = null;
  const show = (raw, text) => {
    input.value = raw;
    if (text === shown) return; // what is written anew is laid out anew
    shown = value.textContent = text;
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
