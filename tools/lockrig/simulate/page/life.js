// The timelines: one uPlot a chart, all on the same days. The page says the rest without this.
"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const place = document.getElementById("charts"), readout = document.querySelector(".readout");
const first = data.days[0], last = Math.max(data.days.at(-1), first + 1);
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
const sync = uPlot.sync("life");
let plots = [], range = [first, last], setting = false;

function show(from, to) {
  const width = Math.max(2, Math.min(to - from, last - first));
  const start = Math.max(first, Math.min(from, last - width));
  range = [start, start + width];
  setting = true;
  for (const plot of plots) plot.setScale("x", { min: range[0], max: range[1] });
  setting = false;
}

// Milestones as upright lines, limits as level ones.
function drawMarks(chart) {
  return (plot) => {
    const { ctx, bbox } = plot, ratio = devicePixelRatio;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    ctx.lineWidth = ratio;
    for (const mark of data.marks) {
      const x = plot.valToPos(mark.day, "x", true);
      ctx.strokeStyle = colour(mark.bad ? "red" : "dim");
      ctx.setLineDash([3 * ratio, 3 * ratio]);
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
    }
    ctx.setLineDash([8 * ratio, 4 * ratio]);
    ctx.font = 11 * ratio + "px system-ui, sans-serif";
    ctx.textAlign = "left";
    ctx.textBaseline = "bottom";
    for (const [number, limit] of chart.limits.entries()) {
      const y = plot.valToPos(limit.at, "y", true);
      ctx.strokeStyle = ctx.fillStyle = colour("mid");
      ctx.beginPath();
      ctx.moveTo(bbox.left, y);
      ctx.lineTo(bbox.left + bbox.width, y);
      ctx.stroke();
      ctx.fillText(limit.name, bbox.left + (4 + 50 * number) * ratio, y - 2 * ratio);
    }
    ctx.restore();
  };
}

function tell(plot) {
  const at = plot.cursor.idx;
  if (at === null || at === undefined) return;
  const day = data.days[at];
  const near = data.marks.filter((mark) => Math.floor(mark.day) === day).map((mark) => mark.text);
  readout.textContent = "Day " + day + (near.length ? ": " + near.join(" · ") : "");
}

function options(chart) {
  const axis = { stroke: () => colour("dim"), grid: { stroke: () => colour("rule"), width: 1 }, ticks: { stroke: () => colour("rule"), width: 1 }, font: "12px system-ui, sans-serif" };
  const said = (value) => value === null || value === undefined ? "–"
    : chart.words ? chart.words[value] : value.toLocaleString("en", { maximumFractionDigits: 2 }) + (chart.unit ? " " + chart.unit : "");
  const short = (word) => ({ UNKNOWN: "unknown", GOOD: "good", CHANGE_SOON: "soon", CHANGE_NOW: "now", SUSPECTED_DISCHARGED: "suspect" })[word];
  return {
    width: place.clientWidth, height: 230,
    cursor: { sync: { key: "life", scales: ["x", null] }, drag: { x: true, y: false, setScale: true }, y: false },
    legend: { live: true },
    scales: { x: { time: false, range: (_, low, high) => [low, high] },
      y: chart.words ? { range: [-0.3, chart.words.length - 0.7] } : { range: (_, low, high) => {
        const values = [low, high, ...chart.limits.map((limit) => limit.at)].filter((v) => v !== null);
        const least = Math.min(...values), most = Math.max(...values), room = (most - least || 1) * 0.08;
        return [least - (least === 0 ? 0 : room), most + room];
      } } },
    axes: [{ ...axis, values: (_, ticks) => ticks.map((day) => Number.isInteger(day) ? String(day) : "") },
      { ...axis, size: 74, values: (_, ticks) => ticks.map((v) => chart.words ? (chart.words[v] === undefined ? "" : short(chart.words[v])) : v.toLocaleString("en")),
        ...(chart.words ? { splits: chart.words.map((_, i) => i) } : {}) }],
    series: [{ label: "day", value: (_, day) => day === null || day === undefined ? "–" : String(day) },
      ...chart.lines.map((line) => ({ label: line.name, stroke: () => colour(line.colour), width: line.dash ? 1 : 1.6,
        dash: line.dash ? [4, 3] : undefined, points: { show: false }, value: (_, value) => said(value),
        paths: line.step ? uPlot.paths.stepped({ align: 1 }) : undefined }))],
    hooks: { draw: [drawMarks(chart)], setCursor: [tell], setScale: [(plot, key) => {
      if (key !== "x" || setting) return;
      const { min, max } = plot.scales.x;
      if (min !== range[0] || max !== range[1]) queueMicrotask(() => show(min, max));
    }] },
  };
}

for (const chart of data.charts) {
  const box = document.createElement("figure"), title = document.createElement("figcaption");
  title.textContent = chart.title + (chart.unit ? ", " + chart.unit : "");
  box.append(title);
  place.append(box);
  const plot = new uPlot(options(chart), [data.days, ...chart.lines.map((line) => line.values)], box);
  plot.over.addEventListener("dblclick", () => show(first, last));
  sync.sub(plot);
  plots.push(plot);
}
document.querySelector(".tools").hidden = false;
show(first, last);

const actions = {
  show: (what) => {
    const ends = data.marks.filter((mark) => mark.bad).map((mark) => mark.day);
    if (what === "all" || !ends.length) show(first, last);
    else show(Math.min(...ends) - 60, Math.max(...ends) + 20);
  },
  zoom: (factor) => {
    const middle = (range[0] + range[1]) / 2, half = (range[1] - range[0]) / 2 * factor;
    show(middle - half, middle + half);
  },
  move: (way) => {
    const step = (range[1] - range[0]) / 4 * way;
    show(range[0] + step, range[1] + step);
  },
};
for (const button of document.querySelectorAll(".tools button"))
  for (const [name, value] of Object.entries(button.dataset))
    button.addEventListener("click", () => actions[name](name === "show" ? value : +value));
new ResizeObserver(() => {
  for (const plot of plots) if (plot.width !== place.clientWidth) plot.setSize({ width: place.clientWidth, height: 230 });
}).observe(place);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { for (const plot of plots) plot.redraw(false); });
