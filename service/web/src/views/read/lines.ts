/** One clause cut for reading: label, heading and paragraphs of marked pieces. */
import type { EditRow, OutlineRow } from "../../api/types";
import { pieces, type Mark, type Piece } from "../../text/pieces";
import type { Source } from "../../text/source";

export interface Shown extends Piece { repair?: EditRow }
export interface Laid { label: string; heading: Shown[]; paragraphs: Shown[][] }

const STOP = /^[\s。．.，,：:；;、!！]+/u;

const length = (text: string) => Array.from(text).length;

/** Where label and heading (with its stop) end, counted in characters from the clause's start. */
function parts(row: OutlineRow, text: string[]): { label: number; heading: number } {
  const whole = text.slice(row.start, row.end).join("");
  const labelled = row.label && whole.startsWith(row.label) ? row.label : "";
  const rest = whole.slice(labelled.length);
  const space = /^\s*/.exec(rest)?.[0] ?? "";
  const label = length(labelled);
  if (!row.heading || !rest.startsWith(row.heading, space.length)) return { label, heading: label };
  const stop = STOP.exec(rest.slice(space.length + row.heading.length))?.[0] ?? "";
  return { label, heading: label + length(space + row.heading + stop) };
}

export function laid(row: OutlineRow, source: Source, passage: Mark | null): Laid {
  const { label, heading } = parts(row, source.text);
  const repairs = source.repairs.filter(({ start, end }) => start < row.end && end > row.start);
  const cut = (from: number, to: number): Shown[] => {
    const marks: Mark[] = repairs.map(({ start, end }, at) => ({ start: start - from, end: end - from, name: `repair ${at}` }));
    if (passage) marks.push({ ...passage, start: passage.start - from, end: passage.end - from });
    const inside = marks.filter(({ start, end }) => end > 0 && start < to - from)
      .map((mark) => ({ ...mark, start: Math.max(0, mark.start) }));
    return pieces(source.text.slice(from, to).join(""), inside).map((piece) => {
      const repaired = piece.names.find((name) => name.startsWith("repair "));
      return { ...piece, repair: repaired ? repairs[Number(repaired.slice(7))]?.edit : undefined };
    });
  };
  return {
    label: source.text.slice(row.start, row.start + label).join(""),
    heading: cut(row.start + label, row.start + heading),
    paragraphs: paragraphs(cut(row.start + heading, row.end)),
  };
}

function paragraphs(all: Shown[]): Shown[][] {
  const lines: Shown[][] = [[]];
  for (const piece of all) {
    piece.text.split(/\n+/).forEach((text, at) => {
      if (at > 0) lines.push([]);
      if (text) lines[lines.length - 1]?.push({ ...piece, text });
    });
  }
  return lines.filter((line) => line.some((piece) => piece.text.trim() !== ""));
}
