import type { Highlight } from "../api/types";
import { pieces, scriptLanguage, type Mark } from "../text/pieces";
import { t } from "../i18n";

interface ClauseTextProps {
  text: string;
  script: string;
  highlights?: Highlight[];
  passage?: { start: number; end: number };
}

/** A clause's wording in its own script, with what matched; always text, never markup. */
export function ClauseText({ text, script, highlights = [], passage }: ClauseTextProps) {
  const marks: Mark[] = highlights.map(({ start, end, match }) => ({ start, end, name: match }));
  if (passage) marks.push({ start: passage.start, end: passage.end, name: "passage" });
  // a sentence that is the whole text needs no setting apart
  const apart = passage !== undefined && passage.end - passage.start < Array.from(text).length;
  return (
    <p class="clause-text" lang={scriptLanguage(script)} data-apart={apart}>
      {pieces(text, marks).map((piece, at) => {
        const matched = piece.names.find((name) => name === "word" || name === "meaning");
        const kind = piece.names.includes("passage") ? "passage" : undefined;
        return matched ? (
          <mark key={at} class={kind} data-match={matched} title={t(matched === "word" ? "search.legend.word" : "search.legend.meaning")}>
            {piece.text}
          </mark>
        ) : (
          <span key={at} class={kind}>{piece.text}</span>
        );
      })}
    </p>
  );
}
