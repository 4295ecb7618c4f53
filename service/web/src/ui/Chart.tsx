/** Bars and lines by Chart.js, in the page's own colours; the same figures stand below as a table. */
import {
  BarController, BarElement, CategoryScale, Chart as Drawn, Legend, LinearScale, LineController, LineElement, PointElement, Tooltip,
  type ChartConfiguration,
} from "chart.js";
import { useEffect, useRef } from "preact/hooks";
import { t } from "../i18n";
import { theme } from "../state/theme";

Drawn.register(BarController, BarElement, CategoryScale, LinearScale, LineController, LineElement, PointElement, Tooltip, Legend);

export interface Series { name: string; values: number[] }
interface ChartProps { kind: "bar" | "rows" | "line"; title: string; labels: string[]; series: Series[]; onPick?: (at: number) => void }

const ROW = 30; // pixels of one bar with its label
const AXIS = 40;
const MOST_BARS = 30; // that are all labelled: the undated ones stand last and may be the most

/** Apart by lightness as well as by hue. */
const HUES = ["--accent", "--seal", "--passage-edge", "--line-strong", "--good"];

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function configuration({ kind, labels, series, onPick }: ChartProps): ChartConfiguration {
  const axis = { ticks: { color: colour("--ink-2"), autoSkip: kind === "line" || (kind === "bar" && labels.length > MOST_BARS), precision: 0 }, grid: { color: colour("--line"), display: true }, border: { display: false } };
  const bare = { ...axis, grid: { display: false } };
  return {
    type: kind === "line" ? "line" : "bar",
    data: {
      labels,
      datasets: series.map(({ name, values }, at) => ({
        label: name, data: values, borderRadius: 3, maxBarThickness: 28, borderWidth: kind === "line" ? 2 : 0,
        backgroundColor: colour(HUES[at % HUES.length] ?? "--accent"), borderColor: colour(HUES[at % HUES.length] ?? "--accent"),
      })),
    },
    options: {
      animation: false, responsive: true, maintainAspectRatio: false, indexAxis: kind === "rows" ? "y" : "x",
      scales: { x: { ...(kind === "rows" ? axis : bare), beginAtZero: kind !== "line" }, y: { ...(kind === "rows" ? bare : axis), beginAtZero: kind !== "line" } },
      onClick: (_, picked) => { if (picked[0] && onPick) onPick(picked[0].index); },
      plugins: { legend: { display: series.length > 1, labels: { color: colour("--ink-2"), boxWidth: 14 } } },
      font: { family: getComputedStyle(document.body).fontFamily },
    },
  };
}

export function Chart(props: ChartProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const key = JSON.stringify([props.kind, props.labels, props.series, theme.value]);
  useEffect(() => {
    if (!canvas.current) return;
    const drawn = new Drawn(canvas.current, configuration(props));
    return () => drawn.destroy();
  }, [key]);
  return (
    <figure class="chart">
      <div class="chart-box" style={{ height: props.kind === "rows" ? `${props.labels.length * ROW + AXIS}px` : "15rem" }}>
        <canvas ref={canvas} role="img" aria-label={props.title} />
      </div>
      <details class="quiet">
        <summary>{t("overview.table")}</summary>
        <table class="table">
          <thead><tr><th scope="col">{props.title}</th>{props.series.map(({ name }) => <th key={name} scope="col">{name}</th>)}</tr></thead>
          <tbody>
            {props.labels.map((label, row) => (
              <tr key={label}><th scope="row">{label}</th>{props.series.map(({ name, values }) => <td key={name}>{values[row]}</td>)}</tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}
