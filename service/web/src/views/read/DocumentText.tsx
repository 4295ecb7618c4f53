import type { ComponentChild } from "preact";
import type { OutlineRow } from "../../api/types";
import { named, t } from "../../i18n";
import { scriptLanguage, pieces } from "../../text/pieces";
import { label } from "../../text/place";
import { within, type Run } from "../../text/source";
import { laid, type Shown } from "./lines";
import type { Opened } from "./load";
import type { Mode } from "./ReadView";

interface DocumentTextProps {
  opened: Opened;
  mode: Mode;
  chosen: string;
  passage: { start: number; end: number } | null;
  onChoose: (clause: string) => void;
  below: ComponentChild;
}

/** A heading longer than this reads as a sentence and is set like one. */
const LONG_HEADING = 40;

export function DocumentText({ opened, mode, chosen, passage, onChoose, below }: DocumentTextProps) {
  const { outline, source, document } = opened;
  return (
    <div class="document-text" lang={scriptLanguage(document.script)} data-mode={mode}>
      {outline.map((row, at) => (
        <section key={row.clause_id} id={row.clause_id} class="block" data-depth={Math.min(row.depth, 4)}
          aria-current={row.clause_id === chosen ? "location" : undefined}
          onClick={(event) => { if (picks(event)) onChoose(row.clause_id); }}>
          <button type="button" class="block-pick" aria-pressed={row.clause_id === chosen} onClick={() => onChoose(row.clause_id)}>
            <span class="offscreen">{t("read.aside")} {row.label || label(row.clause_id.split("/").pop() ?? "")}</span>
          </button>
          {mode === "text"
            ? <Clean row={row} opened={opened} passage={passage} />
            : <Marked runs={within(source.runs, at === 0 ? 0 : row.start, outline[at + 1]?.start ?? source.text.length, at === outline.length - 1)} opened={opened} />}
          {row.clause_id === chosen && below && <div class="below" onClick={(event) => event.stopPropagation()}>{below}</div>}
        </section>
      ))}
    </div>
  );
}

/** A click chooses a clause; selecting words or following a link does not. */
function picks(event: MouseEvent): boolean {
  if ((event.target as Element).closest("a, button, summary, input, .below")) return false;
  return !window.getSelection()?.toString();
}

function Clean({ row, opened, passage }: { row: OutlineRow; opened: Opened; passage: { start: number; end: number } | null }) {
  const { label: mark, heading, paragraphs } = laid(row, opened.source, passage && { ...passage, name: "passage" });
  const long = heading.reduce((sum, piece) => sum + piece.text.length, 0) > LONG_HEADING;
  const headed = heading.some((piece) => piece.text.trim() !== "");
  const Heading = `h${Math.min(row.depth, 4) + 1}` as "h2";
  return (
    <>
      {headed && (
        <Heading class="block-heading" data-long={long || undefined}>
          {mark && <span class="block-label">{mark}</span>}<Pieces all={heading} />
        </Heading>
      )}
      {paragraphs.map((line, at) => (
        <p key={at}>{at === 0 && !headed && mark && <span class="block-label">{mark}</span>}<Pieces all={line} /></p>
      ))}
      {!headed && paragraphs.length === 0 && mark && <p><span class="block-label">{mark}</span></p>}
    </>
  );
}

function Pieces({ all }: { all: Shown[] }) {
  return (
    <>
      {all.map((piece, at) => {
        const kind = piece.names.includes("passage") ? "passage" : undefined;
        return piece.repair
          ? <span key={at} class={`damaged ${kind ?? ""}`} title={`${t("edit.repair")}：${piece.repair.replacement}`}>{piece.text}</span>
          : <span key={at} class={kind}>{piece.text}</span>;
      })}
    </>
  );
}

/** The source with everything that was done to it on show. */
function Marked({ runs, opened }: { runs: Run[]; opened: Opened }) {
  return (
    <p class="source">
      {runs.map((run, at) => run.removed
        ? <del key={at} title={named("edit", run.removed.kind)}>{run.characters.join("") || t("read.gap")}</del>
        : <Repaired key={at} run={run} opened={opened} />)}
    </p>
  );
}

function Repaired({ run, opened }: { run: Run; opened: Opened }) {
  const end = run.text + run.characters.length;
  const inside = opened.source.repairs.filter((one) => one.start >= run.text && one.end <= end);
  const marks = inside.map((one, at) => ({ start: one.start - run.text, end: one.end - run.text, name: String(at) }));
  return (
    <>
      {pieces(run.characters.join(""), marks).map((piece, at) => {
        const repair = piece.names[0] === undefined ? undefined : inside[Number(piece.names[0])]?.edit;
        return repair
          ? <span key={at} class="repair"><del>{piece.text}</del><ins>{repair.replacement}</ins></span>
          : <span key={at}>{piece.text}</span>;
      })}
    </>
  );
}
