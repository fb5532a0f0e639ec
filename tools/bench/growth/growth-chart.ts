/** Draws the cost of a message as an SVG chart with one panel per axis, for light and dark backgrounds. */
import type { Point } from "./growth.ts";

const [WIDTH, HEIGHT, GAP, LEFT, TOP] = [210, 130, 34, 40, 46];
const COLUMNS = 2;
/** Range of the ratio in the chart. */
const [LOW, HIGH] = [0, 2];
/** The largest acceptable ratio. */
const LIMIT = 1.1;
const DASHES = ["", "6 3", "2 3", "8 3 2 3", "1 4", "10 4"];

export function drawGrowth(points: readonly Point[]): string {
  const axes = [...Map.groupBy(points, ({ axis }) => axis)];
  const rows = Math.ceil(axes.length / COLUMNS);
  const [width, height] = [LEFT + COLUMNS * (WIDTH + GAP), TOP + rows * (HEIGHT + GAP + 34)];
  const scenarios = [...new Set(points.map(({ scenario }) => scenario))];
  const panels = axes.map(([name, its], index) => {
    const [x, y] = [LEFT + (index % COLUMNS) * (WIDTH + GAP), TOP + Math.floor(index / COLUMNS) * (HEIGHT + GAP + 34)];
    return `<g transform="translate(${x} ${y})">${panel(name, its, scenarios)}</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="Cost of a message as things grow">
<style>
  text { font: 11px system-ui, sans-serif; fill: #444; } .name { font-weight: 600; }
  .frame { fill: none; stroke: #999; } .limit { stroke: #c2410c; stroke-dasharray: 3 3; } .line { fill: none; stroke: #1d4ed8; stroke-width: 1.6; }
  .dot { fill: #1d4ed8; }
  @media (prefers-color-scheme: dark) {
    text { fill: #ccc; } .frame { stroke: #666; } .limit { stroke: #fb923c; } .line { stroke: #93c5fd; } .dot { fill: #93c5fd; }
  }
</style>
${legend(scenarios)}
${panels.join("\n")}
</svg>
`;
}

function legend(scenarios: readonly string[]): string {
  const items = scenarios.map((scenario, index) => {
    const x = LEFT + index * 84;
    return `<path class="line" ${dashes(index)} d="M${x} 14h22"/><text x="${x + 26}" y="18">${scenario}</text>`;
  });
  return items.join("");
}

function panel(name: string, points: readonly Point[], scenarios: readonly string[]): string {
  const values = [...new Set(points.map(({ value }) => value))].sort((a, b) => a - b);
  const place = (value: number) => 12 + (values.indexOf(value) / Math.max(values.length - 1, 1)) * (WIDTH - 24);
  const rise = (times: number) => HEIGHT - ((Math.min(Math.max(times, LOW), HIGH) - LOW) / (HIGH - LOW)) * HEIGHT;
  const lines = [...Map.groupBy(points, ({ scenario }) => scenario)].map(([scenario, its]) => {
    const at = its.map(({ value, cpuTimes }) => [place(value).toFixed(1), rise(cpuTimes).toFixed(1)] as const);
    const dots = at.map(([x, y]) => `<circle class="dot" cx="${x}" cy="${y}" r="2.4"/>`);
    return `<polyline class="line" ${dashes(scenarios.indexOf(scenario))} points="${at.map((one) => one.join(",")).join(" ")}"/>${dots.join("")}`;
  });
  const marks = values.map(
    (value) => `<text x="${place(value)}" y="${HEIGHT + 15}" text-anchor="middle">${short(value)}</text>`,
  );
  const scale = [0, 1, 2].map((times) => `<text x="-6" y="${rise(times) + 4}" text-anchor="end">${times}</text>`);
  return [
    `<text class="name" x="0" y="-8">${name}</text>`,
    `<rect class="frame" width="${WIDTH}" height="${HEIGHT}"/>`,
    `<path class="limit" d="M0 ${rise(LIMIT)}h${WIDTH}"/>`,
    ...[...lines, ...marks, ...scale],
  ].join("");
}

const dashes = (index: number) => `stroke-dasharray="${DASHES[index % DASHES.length]}"`;

const short = (value: number) =>
  value >= 1_000_000 ? `${value / 1_000_000}M` : value >= 1_000 ? `${value / 1_000}k` : String(value);
