/** A few strokes on a 20 × 20 grid; decoration only, every control has its own words. */
const PATHS = {
  search: "M9 3a6 6 0 1 0 0 12A6 6 0 0 0 9 3Zm4.5 10.5L17 17",
  copy: "M7 7h9v10H7zM4 13V3h9",
  basket: "M3 8h14l-1.5 9h-11zM7 8l2-5m4 5-2-5",
  check: "M4 10.5 8 15l8-9",
  read: "M10 5c-2-1.5-4-2-7-2v12c3 0 5 .5 7 2 2-1.5 4-2 7-2V3c-3 0-5 .5-7 2Zm0 0v12",
  similar: "M4 5h12M4 10h12M4 15h7",
  sun: "M10 6a4 4 0 1 0 0 8 4 4 0 0 0 0-8Zm0-4v1.5m0 13V18M2 10h1.5m13 0H18M4.3 4.3l1 1m9.4 9.4 1 1m0-11.4-1 1m-9.4 9.4-1 1",
  moon: "M16 12a7 7 0 1 1-7.5-9A6 6 0 0 0 16 12Z",
  auto: "M10 3a7 7 0 1 0 0 14zM10 3a7 7 0 0 1 0 14",
  keys: "M2 5h16v10H2zM5 8h.01M8 8h.01M11 8h.01M14 8h.01M6 12h8",
  lock: "M5 9h10v8H5zM7 9V6.5a3 3 0 0 1 6 0V9",
  close: "M5 5l10 10M15 5 5 15",
  filter: "M3 5h14M6 10h8M9 15h2",
  print: "M6 8V3h8v5M6 14H3V8h14v6h-3M6 12h8v5H6z",
  file: "M5 3h7l3 3v11H5zM12 3v3h3",
  up: "M10 16V4M5 9l5-5 5 5",
  down: "M10 4v12M5 11l5 5 5-5",
  trash: "M4 6h12M8 6V4h4v2M6 6l1 11h6l1-11",
  upload: "M10 13V4M6 8l4-4 4 4M4 13v3h12v-3",
  download: "M10 4v9M6 9l4 4 4-4M4 14v2h12v-2",
  back: "M12 4l-6 6 6 6",
};

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
