import { address, idPath } from "../../api/client";
import { count, t } from "../../i18n";
import { scriptLanguage } from "../../text/pieces";
import { Icon } from "../../ui/Icon";
import type { Mode } from "./ReadView";
import type { Opened } from "./load";

interface DocumentHeadProps { opened: Opened; mode: Mode; onMode: (mode: Mode) => void }

export function DocumentHead({ opened, mode, onMode }: DocumentHeadProps) {
  const { document, edits } = opened;
  const lang = scriptLanguage(document.script);
  const repaired = edits.edits.filter((edit) => edit.kind === "repair").length;
  const changed = edits.edits.length > 0;
  return (
    <header class="document-head">
      <h1 lang={lang}>{document.title}</h1>
      <p class="clause-facts">
        {document.kind && <span class="badge">{document.kind}</span>}
        {document.issuer && <span lang={lang}>{document.issuer}</span>}
        {document.doc_number && <span lang={lang}>{document.doc_number}</span>}
        <span>{document.issued || t("clause.undated")}</span>
      </p>
      <div class="document-tools">
        {changed ? (
          <div class="segmented" role="group" aria-label={t("read.mode")}>
            {(["text", "source"] as const).map((one) => (
              <button key={one} type="button" aria-pressed={mode === one} onClick={() => onMode(one)}>{t(`read.mode.${one}`)}</button>
            ))}
          </div>
        ) : <p class="quiet">{t("read.clean")}</p>}
        {changed && (
          <p class="quiet">
            {edits.removed > 0 && t("read.removed", { n: count(edits.removed) })}
            {edits.removed > 0 && repaired > 0 && " · "}
            {repaired > 0 && t("read.repaired", { n: count(repaired) })}
          </p>
        )}
        <span class="document-links">
          <a class="action" href={address(`v1/documents/${idPath(document.doc_id)}/raw`)} target="_blank" rel="noopener">
            <Icon name="file" />{t("read.download")}
          </a>
          <button type="button" class="action print-button" onClick={() => window.print()}><Icon name="print" />{t("read.print")}</button>
        </span>
      </div>
      {mode === "source" && changed && <p class="quiet mode-hint">{t("read.mode.hint")}</p>}
    </header>
  );
}
