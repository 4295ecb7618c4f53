/** A document's text over its raw file: which raw characters were kept, removed or repaired. */
import type { EditList, EditRow } from "../api/types";

export interface Run {
  raw: number; // where it begins in the raw file
  text: number; // where it begins (or would begin) in the document's text
  characters: string[];
  removed: EditRow | null;
}

export interface Source {
  runs: Run[];
  text: string[];
  /** Repairs with their span in the text. */
  repairs: { start: number; end: number; edit: EditRow }[];
}

/** Cut `raw[extent]` at its removals. Both arguments are as the API gives them. */
export function source(rawFile: string, { extent, edits }: EditList): Source {
  const raw = Array.from(rawFile);
  const removals = edits.filter((edit) => edit.kind !== "repair").sort((a, b) => a.start - b.start);
  const runs: Run[] = [];
  let at = extent.start;
  let text = 0;
  const keep = (end: number) => {
    if (end <= at) return;
    runs.push({ raw: at, text, characters: raw.slice(at, end), removed: null });
    text += end - at;
    at = end;
  };
  for (const edit of removals) {
    keep(Math.min(edit.start, extent.end));
    const end = Math.min(edit.end, extent.end);
    if (end > at) runs.push({ raw: at, text, characters: raw.slice(at, end), removed: edit });
    at = Math.max(at, end);
  }
  keep(extent.end);
  const kept = runs.filter((run) => !run.removed);
  const toText = (offset: number) => {
    const run = kept.find((one) => offset >= one.raw && offset < one.raw + one.characters.length);
    return run ? run.text + offset - run.raw : -1;
  };
  const repairs = edits
    .filter((edit) => edit.kind === "repair")
    .map((edit) => ({ start: toText(edit.start), end: toText(edit.end - 1) + 1, edit }))
    .filter(({ start, end }) => start >= 0 && end > start);
  return { runs, text: kept.flatMap((run) => run.characters), repairs };
}

/** The part of the runs that shows text `[start, end)`, with the removals just before its end. */
export function within(all: Run[], start: number, end: number, last: boolean): Run[] {
  const found: Run[] = [];
  for (const run of all) {
    if (run.removed) {
      if (run.text >= start && (run.text < end || (last && run.text === end))) found.push(run);
      continue;
    }
    const from = Math.max(start, run.text);
    const to = Math.min(end, run.text + run.characters.length);
    if (from < to) {
      found.push({ ...run, raw: run.raw + from - run.text, text: from, characters: run.characters.slice(from - run.text, to - run.text) });
    }
  }
  return found;
}
