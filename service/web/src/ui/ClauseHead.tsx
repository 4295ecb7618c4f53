import type { Clause } from "../api/types";
import { t } from "../i18n";
import { href } from "../router";
import { scriptLanguage } from "../text/pieces";
import { pathText } from "../text/place";

type Placed = Pick<Clause, "clause_id" | "doc_id" | "title" | "kind" | "path" | "heading_path" | "metadata">;

export function readAddress(clause: Pick<Clause, "clause_id" | "doc_id">, sentence?: { start: number; end: number }): string {
  return href("read", {
    doc: clause.doc_id,
    clause: clause.clause_id,
    s: sentence ? `${sentence.start}-${sentence.end}` : undefined,
  });
}

/** Document, kind, issuer, date; then where in it: 三 › 3 细化教学管理. */
export function ClauseHead({ clause, to, level = 2 }: { clause: Placed; to?: string; level?: 2 | 3 }) {
  const Heading = `h${level}` as "h2";
  const { issuer, issued, doc_number, script } = clause.metadata;
  const lang = scriptLanguage(script);
  const inner = clause.heading_path[clause.heading_path.length - 1];
  return (
    <header class="clause-head">
      <Heading class="clause-title" lang={lang}>
        <a href={to ?? readAddress(clause)}>{clause.title}</a>
      </Heading>
      <p class="clause-facts">
        {clause.kind && <span class="badge">{clause.kind}</span>}
        {issuer && issuer !== clause.title && <span lang={lang}>{issuer}</span>}
        {doc_number && <span lang={lang}>{doc_number}</span>}
        <span>{issued ? <time dateTime={issued}>{issued}</time> : t("clause.undated")}</span>
      </p>
      <p class="clause-place" lang={lang} title={clause.heading_path.join(" › ")}>
        <span class="path">{pathText(clause.path)}</span>
        {inner && inner !== clause.title && <span class="place-heading">{inner}</span>}
      </p>
    </header>
  );
}
