/* Two ways to make an element, used everywhere in the browser's half. */

export function add(parent, tag, className = "", text = "") {
  const node = parent.appendChild(document.createElement(tag));
  if (className) node.className = className;
  if (text) node.textContent = text;
  return node;
}

export function addButton(parent, text, press) {
  const button = add(parent, "button", "", text);
  button.type = "button";
  button.addEventListener("click", press);
  return button;
}
