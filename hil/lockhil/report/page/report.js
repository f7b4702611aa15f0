// Cursor, zoom and "open all". The page says everything without this; here it is only handier.
"use strict";
for (const plot of document.querySelectorAll(".plot")) {
  const start = +plot.dataset.start, span = +plot.dataset.span;
  const press = plot.dataset.press === undefined ? null : +plot.dataset.press;
  const sheet = plot.querySelector(".sheet"), scroll = plot.querySelector(".scroll");
  const over = plot.querySelector(".over"), cursor = plot.querySelector(".cursor");
  const readout = plot.querySelector(".readout");
  plot.querySelector(".tools").hidden = false;
  let lanes = null, edges = null, at = null, zoom = 1;

  // A path holds absolute M, H and V alone: [[time, height or null], ...] in the trace's time.
  function points(path) {
    const found = [];
    let x = 0;
    for (const [, letter, a, b] of path.matchAll(/([MHV])(-?\d+)(?: (-?\d+))?/g)) {
      if (letter === "M") {
        if (found.length && x < +a) found.push([x, null]);
        x = +a;
        found.push([x, +b]);
      } else if (letter === "H") x = +a;
      else found.push([x, +a]);
    }
    return found.map(([t, y]) => [t + start, y]);
  }

  function read() {
    lanes = [...plot.querySelectorAll(".lane[data-label]")].map((lane) => {
      const line = lane.querySelector(".line");
      const names = Object.fromEntries(lane.dataset.levels.split(",").map((p) => p.split("=")));
      const top = names.top === undefined ? null : +names.top;
      const say = (y) => y === null ? "unknown" : top === null ? names[y] : top - y + " " + lane.dataset.unit;
      const steps = line ? points(line.getAttribute("d")).map(([t, y]) => [t, say(y)])
        : [...lane.querySelectorAll(".value")].map((v) => [+v.dataset.t, v.textContent]);
      return { label: lane.dataset.label, steps, mark: lane.classList.contains("mark"), graph: top !== null };
    });
    const all = lanes.filter((l) => !l.graph).flatMap((l) => l.steps.map(([t]) => t));
    edges = [...new Set(all)].sort((a, b) => a - b);
  }

  const seconds = (ms) => (ms / 1000).toFixed(3) + " s";
  function show(t) {
    if (!lanes) read();
    at = Math.max(start, Math.min(start + span, Math.round(t)));
    cursor.hidden = false;
    cursor.style.left = (at - start) * 100 / span + "%";
    const said = lanes.filter((l) => !l.mark).map((l) => {
      const last = l.steps.findLast(([t]) => t <= at);
      return l.label + " " + (last ? last[1] : "not seen yet");
    });
    const since = press === null ? "" : ` (${seconds(at - press)} from the press)`;
    readout.textContent = `${seconds(at)}${since}: ${said.join(" · ")}`;
  }

  function enlarge(factor) {
    const box = over.getBoundingClientRect(), frame = scroll.getBoundingClientRect();
    const middle = at === null ? (frame.left + frame.width / 2 - box.left) / box.width : (at - start) / span;
    zoom = Math.max(1, Math.min(4096, Math.max(64, span / 2000), zoom * factor));
    sheet.style.setProperty("--zoom", zoom);
    scroll.scrollLeft = over.offsetLeft + middle * over.offsetWidth - scroll.clientWidth / 2;
  }

  sheet.addEventListener("pointermove", (event) => {
    const box = over.getBoundingClientRect();
    if (event.clientX >= box.left) show(start + (event.clientX - box.left) * span / box.width);
  });
  for (const button of plot.querySelectorAll("[data-zoom]"))
    button.addEventListener("click", () => enlarge(+button.dataset.zoom));
  plot.addEventListener("keydown", (event) => {
    if (event.target !== plot || event.ctrlKey || event.altKey || event.metaKey) return;
    if (!lanes) read();
    const here = at === null ? start - 1 : at;
    const next = { ArrowRight: () => edges.find((t) => t > here), ArrowLeft: () => edges.findLast((t) => t < here),
      Home: () => start, End: () => start + span }[event.key];
    if (next) {
      const t = next();
      if (t !== undefined) {
        show(t);
        const x = over.offsetLeft + (t - start) / span * over.offsetWidth;
        if (zoom > 1) scroll.scrollLeft = x - scroll.clientWidth / 2;
      }
    } else if (event.key === "+") enlarge(2);
    else if (event.key === "-") enlarge(0.5);
    else return;
    event.preventDefault();
  });
}

const all = document.getElementById("open-all"), tests = document.querySelectorAll("details.test, details.run");
all.hidden = tests.length === 0;
all.addEventListener("click", () => {
  const open = all.textContent === "Open all";
  for (const test of tests) test.open = open;
  all.textContent = open ? "Close all" : "Open all";
});
// A link into a closed test opens it.
function reveal() {
  const there = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!there) return;
  for (let box = there; box; box = box.parentElement.closest("details")) box.open = true;
  there.scrollIntoView();
}
addEventListener("hashchange", reveal);
reveal();
