// The code that runs in the map's page: drawing, labels, moving, finding the dot under the pointer. No library, no network.

export const mapScript = `"use strict";
const $ = (id) => document.getElementById(id);
const data = JSON.parse($("data").textContent);
const canvas = $("map"), pen = canvas.getContext("2d"), by = $("by"), find = $("find"), tip = $("tip"), legend = $("legend");
const total = data.texts.length, places = data.places, lower = data.texts.map((text) => text.toLowerCase());
const bright = ["#3b6fd4", "#e07b1f", "#2f9e57", "#d13b3b", "#8a5cd1", "#a0694b", "#d457a6", "#12a3ad", "#9c9a16", "#5b6b7f"];
const glowing = ["#7aa5ff", "#ffa657", "#5ed38b", "#ff7b72", "#c4a0ff", "#d9a184", "#ff9bd2", "#56d4dd", "#d6d34a", "#a9b8c9"];
const dark = matchMedia("(prefers-color-scheme: dark)");
let column = data.columns[0], only = -1, pointed = -1, words = "", hovered = -1, planned = false;
let width = 0, height = 0, scale = 1, left = 0, top_ = 0, least = 1, middles = [];
const shade = (light, night) => dark.matches ? night : light;
// The ten most frequent values have colours; a rarer one takes the colour of ink while it is chosen or pointed at.
const colour = (id) => id < 0 ? shade("#d5dae0", "#3d454e") : id < 10 ? (dark.matches ? glowing : bright)[id]
  : id === only || id === pointed ? shade("#111418", "#fff") : shade("#aab3bd", "#6b7683");
let ends = [Infinity, Infinity, -Infinity, -Infinity];
for (let i = 0; i < total; i++) { const x = places[2 * i], y = places[2 * i + 1];
  ends = [Math.min(ends[0], x), Math.min(ends[1], y), Math.max(ends[2], x), Math.max(ends[3], y)]; }
function measure() {
  const ratio = devicePixelRatio || 1, box = canvas.getBoundingClientRect();
  width = box.width; height = box.height;
  canvas.width = width * ratio; canvas.height = height * ratio; pen.setTransform(ratio, 0, 0, ratio, 0, 0);
}
function fit() {
  measure();
  const wide = ends[2] - ends[0] || 1, high = ends[3] - ends[1] || 1;
  scale = least = Math.min((width - 32) / wide, (height - 48) / high);
  left = width / 2 - scale * (ends[0] + wide / 2); top_ = height / 2 - scale * (ends[1] + high / 2); plan();
}
function zoom(factor, x = width / 2, y = height / 2) {
  const wanted = Math.max(least / 3, Math.min(least * 400, scale * factor)), by_ = wanted / scale;
  left = x + (left - x) * by_; top_ = y + (top_ - y) * by_; scale = wanted; plan();
}
const shown = (i) => (only < 0 || column.of[i] === only) && (words === "" || lower[i].includes(words));
const isIn = (i) => shown(i) && (pointed < 0 || column.of[i] === pointed);
function plan() { if (!planned) { planned = true; requestAnimationFrame(draw); } }
function draw() {
  planned = false;
  pen.clearRect(0, 0, width, height);
  const size = Math.max(1.2, Math.min(6, Math.min(4.5, 120 / Math.sqrt(total + 1)) * Math.sqrt(scale / least) * (width < 500 ? 0.8 : 1)));
  const some = only >= 0 || pointed >= 0 || words !== "";
  let seen = 0;
  for (const wanted of some ? [false, true] : [true]) for (let i = 0; i < total; i++) {
    if (isIn(i) !== wanted) continue;
    if (wanted) seen++;
    const x = left + scale * places[2 * i], y = top_ + scale * places[2 * i + 1];
    if (x < -9 || y < -9 || x > width + 9 || y > height + 9) continue;
    pen.globalAlpha = wanted ? (column.of[i] < 0 ? 0.6 : 0.8) : 0.1; pen.fillStyle = colour(column.of[i]);
    pen.beginPath(); pen.arc(x, y, size, 0, 7); pen.fill();
  }
  pen.globalAlpha = 1;
  if (hovered >= 0) { pen.lineWidth = 2; pen.strokeStyle = shade("#000", "#fff"); pen.beginPath();
    pen.arc(left + scale * places[2 * hovered], top_ + scale * places[2 * hovered + 1], size + 3, 0, 7); pen.stroke(); }
  write();
  $("count").textContent = (seen === total ? "" : seen.toLocaleString("en") + " of ") + total.toLocaleString("en") + (total === 1 ? " row" : " rows");
}
// Names stand at the middle of their dots, the most frequent first; one that has no room waits for a closer look.
function write() {
  pen.font = "600 12px system-ui, sans-serif"; pen.textAlign = "center"; pen.textBaseline = "middle"; pen.lineJoin = "round";
  const taken = [], first = only >= 0 ? only : pointed, most = Math.min(column.names.length, width < 500 ? 10 : 20);
  for (const id of first >= 0 ? [first] : Array(most).keys()) {
    if (!middles[id]) continue;
    const text = column.short[id], half = pen.measureText(text).width / 2 + 4;
    let x = left + scale * middles[id][0], y = top_ + scale * middles[id][1];
    if (x < -half || y < -9 || x > width + half || y > height + 9) continue;
    x = Math.max(half, Math.min(width - half, x)); y = Math.max(10, Math.min(height - 10, y));
    const free = [0, -16, 16].map((by_) => y + by_).find((at) => !taken.some((box) => Math.abs(box[0] - x) < box[2] + half && Math.abs(box[1] - at) < 17));
    if (free === undefined) continue;
    taken.push([x, free, half]);
    pen.lineWidth = 4; pen.strokeStyle = shade("#ffffffe6", "#14181de6"); pen.strokeText(text, x, free);
    pen.fillStyle = shade("#1c2024", "#f2f5f8"); pen.fillText(text, x, free);
  }
}
function choose(id) { only = only === id ? -1 : id; pointed = -1; list(); detail(); plan(); }
function place() {
  const groups = column.names.map(() => [[], []]);
  for (let i = 0; i < total; i++) if (column.of[i] >= 0) { groups[column.of[i]][0].push(places[2 * i]); groups[column.of[i]][1].push(places[2 * i + 1]); }
  middles = groups.map((axes) => axes[0].length ? axes.map((values) => values.sort((a, b) => a - b)[values.length >> 1]) : null);
}
function make(kind, text, name) { const made = document.createElement(kind); made.textContent = text ?? ""; if (name) made.className = name; return made; }
function list() {
  const had = document.activeElement && document.activeElement.dataset ? document.activeElement.dataset.id : undefined;
  legend.replaceChildren(...column.names.map((name, id) => {
    const item = make("li"), button = make("button"), dot = make("i");
    button.type = "button"; button.dataset.id = id; button.setAttribute("aria-pressed", id === only);
    dot.style.background = colour(id);
    button.append(dot, make("span", name), make("b", column.counts[id].toLocaleString("en")));
    button.onclick = () => choose(id);
    button.onpointerenter = (event) => { if (event.pointerType === "mouse") { pointed = id; plan(); } };
    button.onpointerleave = () => { pointed = -1; plan(); };
    item.append(button); return item;
  }));
  if (had !== undefined) { const again = legend.querySelector("[data-id='" + had + "']"); if (again) again.focus(); }
}
function detail() {
  const found = only >= 0 && column.details ? column.details[only] : null;
  $("detail").hidden = !found;
  if (!found) return;
  const parts = [make("h2", column.names[only])];
  for (const example of found.examples) parts.push(make("blockquote", example));
  if (found.shares) {
    parts.push(make("h3", "Share of rows by " + data.by));
    const most = Math.max(0.0001, ...found.shares.map((one) => one[1]));
    for (const [name, share] of found.shares) {
      const row = make("div", "", "bar"), bar = make("i"); bar.style.width = 100 * share / most + "%";
      const track = make("u"); track.append(bar);
      row.append(make("span", name), track, make("b", (100 * share).toFixed(1) + " %")); parts.push(row);
    }
  }
  $("detail").replaceChildren(...parts);
}
function recolour() { column = data.columns[Math.max(0, by.selectedIndex)]; only = pointed = -1; place(); list(); detail(); plan(); }
for (const { name } of data.columns) by.append(new Option(name));
by.parentElement.hidden = data.columns.length < 2;
by.onchange = recolour;
find.oninput = () => { words = find.value.trim().toLowerCase(); plan(); };
function under(x, y) {
  let best = -1, nearest = 144;
  for (let i = 0; i < total; i++) { if (!shown(i)) continue;
    const far = (left + scale * places[2 * i] - x) ** 2 + (top_ + scale * places[2 * i + 1] - y) ** 2;
    if (far < nearest) { nearest = far; best = i; } }
  return best;
}
function tell(x, y) {
  const found = under(x, y);
  if (found !== hovered) { hovered = found; plan(); }
  tip.hidden = found < 0;
  if (found < 0) return;
  tip.replaceChildren(make("b", column.of[found] < 0 ? "none" : column.names[column.of[found]]), data.texts[found]);
  const box = canvas.getBoundingClientRect();
  tip.style.left = Math.max(8, Math.min(x + box.left + 14, innerWidth - tip.offsetWidth - 8)) + "px";
  tip.style.top = Math.max(8, Math.min(y + box.top + 14, innerHeight - tip.offsetHeight - 8)) + "px";
}
const held = new Map();
let travelled = 0;
const at = (event) => { const box = canvas.getBoundingClientRect(); return [event.clientX - box.left, event.clientY - box.top]; };
canvas.onpointerdown = (event) => { if (held.size === 0) travelled = 0; held.set(event.pointerId, at(event)); canvas.setPointerCapture(event.pointerId); };
canvas.onpointerup = canvas.onpointercancel = (event) => {
  const [x, y] = at(event);
  held.delete(event.pointerId);
  if (travelled < 6 && event.type === "pointerup") tell(x, y);
};
canvas.onpointerleave = (event) => { if (event.pointerType === "mouse") { tip.hidden = true; hovered = -1; plan(); } };
canvas.onpointermove = (event) => {
  const [x, y] = at(event), before = held.get(event.pointerId);
  if (!before) { if (event.pointerType === "mouse") tell(x, y); return; }
  travelled += Math.abs(x - before[0]) + Math.abs(y - before[1]);
  if (travelled >= 6) { tip.hidden = true; hovered = -1; }
  if (held.size === 2) {
    const other = [...held].find(([id]) => id !== event.pointerId)[1];
    const far = (a) => Math.hypot(a[0] - other[0], a[1] - other[1]) || 1;
    zoom(far([x, y]) / far(before), (x + other[0]) / 2, (y + other[1]) / 2);
  } else { left += x - before[0]; top_ += y - before[1]; }
  held.set(event.pointerId, [x, y]); plan();
};
canvas.addEventListener("wheel", (event) => { event.preventDefault(); zoom(Math.exp(-event.deltaY / 400), ...at(event)); }, { passive: false });
const keys = { ArrowLeft: () => { left += 60; }, ArrowRight: () => { left -= 60; }, ArrowUp: () => { top_ += 60; }, ArrowDown: () => { top_ -= 60; },
  "+": () => zoom(1.4), "=": () => zoom(1.4), "-": () => zoom(1 / 1.4), 0: fit };
canvas.onkeydown = (event) => { if (keys[event.key] && !event.ctrlKey && !event.metaKey) { event.preventDefault(); keys[event.key](); plan(); } };
addEventListener("keydown", (event) => { if (event.key !== "Escape") return; tip.hidden = true; hovered = -1; if (only >= 0) choose(only); plan(); });
$("closer").onclick = () => zoom(1.6); $("farther").onclick = () => zoom(1 / 1.6); $("whole").onclick = fit;
addEventListener("resize", fit); dark.addEventListener("change", () => { list(); plan(); });
recolour(); fit();
`;
