// The code that runs in the map's page: drawing, moving, finding the dot under the mouse. No library, no network.

export const mapScript = `"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const canvas = document.getElementById("map"), pen = canvas.getContext("2d");
const by = document.getElementById("by"), find = document.getElementById("find"), tip = document.getElementById("tip");
const legend = document.getElementById("legend"), count = document.getElementById("count");
const total = data.texts.length, places = data.places, lower = data.texts.map((text) => text.toLowerCase());
let column = data.columns[0], only = -1, words = "", scale = 1, left = 0, top_ = 0, hovered = -1, planned = false;
const dark = matchMedia("(prefers-color-scheme: dark)");
const colour = (id) => id < 0 ? (dark.matches ? "#5a626c" : "#c3c9d0")
  : "hsl(" + (id * 137.508) % 360 + " " + (55 + 15 * (id % 3)) + "% " + ((dark.matches ? 62 : 45) + 8 * (id % 2)) + "%)";
let ends = [Infinity, Infinity, -Infinity, -Infinity];
for (let i = 0; i < total; i++) { const x = places[2 * i], y = places[2 * i + 1];
  ends = [Math.min(ends[0], x), Math.min(ends[1], y), Math.max(ends[2], x), Math.max(ends[3], y)]; }
function fit() {
  const ratio = devicePixelRatio || 1, box = canvas.getBoundingClientRect();
  canvas.width = box.width * ratio; canvas.height = box.height * ratio; pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  const wide = ends[2] - ends[0] || 1, high = ends[3] - ends[1] || 1;
  scale = 0.92 * Math.min(box.width / wide, box.height / high);
  left = box.width / 2 - scale * (ends[0] + wide / 2); top_ = box.height / 2 - scale * (ends[1] + high / 2); plan();
}
const shown = (i) => (only < 0 || column.of[i] === only) && (words === "" || lower[i].includes(words));
function plan() { if (!planned) { planned = true; requestAnimationFrame(draw); } }
function draw() {
  planned = false;
  const box = canvas.getBoundingClientRect();
  pen.clearRect(0, 0, box.width, box.height);
  const size = Math.max(1.6, Math.min(6, Math.sqrt(scale) * 0.5 * Math.min(2, Math.sqrt(8000 / total) + 0.4)));
  const passes = only >= 0 || words !== "" ? [false, true] : [true];
  let seen = 0;
  for (const wanted of passes) for (let i = 0; i < total; i++) {
    if (shown(i) !== wanted) continue;
    if (wanted) seen++;
    const x = left + scale * places[2 * i], y = top_ + scale * places[2 * i + 1];
    if (x < -9 || y < -9 || x > box.width + 9 || y > box.height + 9) continue;
    pen.globalAlpha = wanted ? 0.75 : 0.12; pen.fillStyle = colour(column.of[i]);
    pen.beginPath(); pen.arc(x, y, size, 0, 7); pen.fill();
  }
  if (hovered >= 0) { pen.globalAlpha = 1; pen.lineWidth = 2; pen.strokeStyle = dark.matches ? "#fff" : "#000";
    pen.beginPath(); pen.arc(left + scale * places[2 * hovered], top_ + scale * places[2 * hovered + 1], size + 3, 0, 7); pen.stroke(); }
  count.textContent = seen === total ? total.toLocaleString("en") + " rows" : seen.toLocaleString("en") + " of " + total.toLocaleString("en") + " rows";
}
function list() {
  legend.replaceChildren(...column.names.map((name, id) => {
    const item = document.createElement("li"), dot = document.createElement("i");
    dot.style.background = colour(id);
    const label = document.createElement("span"); label.textContent = name;
    const size = document.createElement("b"); size.textContent = column.counts[id].toLocaleString("en");
    item.append(dot, label, size); if (id === only) item.className = "on";
    item.onclick = () => { only = only === id ? -1 : id; list(); plan(); };
    return item;
  }));
}
for (const { name } of data.columns) by.append(new Option(name));
by.onchange = () => { column = data.columns[by.selectedIndex]; only = -1; list(); plan(); };
find.oninput = () => { words = find.value.trim().toLowerCase(); plan(); };
function under(x, y) {
  let best = -1, nearest = 100;
  for (let i = 0; i < total; i++) { if (!shown(i)) continue;
    const far = (left + scale * places[2 * i] - x) ** 2 + (top_ + scale * places[2 * i + 1] - y) ** 2;
    if (far < nearest) { nearest = far; best = i; } }
  return best;
}
let held = null;
canvas.onpointerdown = (event) => { held = [event.clientX, event.clientY]; canvas.setPointerCapture(event.pointerId); };
canvas.onpointerup = () => { held = null; };
canvas.onpointerleave = () => { tip.hidden = true; hovered = -1; plan(); };
canvas.onpointermove = (event) => {
  const [x, y] = [event.clientX, event.clientY];
  if (held) { left += x - held[0]; top_ += y - held[1]; held = [x, y]; plan(); return; }
  const found = under(x, y);
  if (found !== hovered) { hovered = found; plan(); }
  tip.hidden = found < 0;
  if (found < 0) return;
  const name = column.of[found] < 0 ? "" : column.names[column.of[found]];
  const head = document.createElement("b"); head.textContent = name;
  tip.replaceChildren(head, data.texts[found]);
  tip.style.left = Math.min(x + 14, innerWidth - tip.offsetWidth - 8) + "px";
  tip.style.top = Math.min(y + 14, innerHeight - tip.offsetHeight - 8) + "px";
};
canvas.addEventListener("wheel", (event) => {
  event.preventDefault();
  const factor = Math.exp(-event.deltaY / 400);
  left = event.clientX + (left - event.clientX) * factor; top_ = event.clientY + (top_ - event.clientY) * factor;
  scale *= factor; plan();
}, { passive: false });
addEventListener("resize", fit); dark.addEventListener("change", () => { list(); plan(); });
list(); fit();
`;
