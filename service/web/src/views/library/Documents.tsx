import { useRef, useState } from "preact/hooks";
import type { DocumentRow } from "../../api/types";
import { count, t } from "../../i18n";
import { href } from "../../router";
import { scriptLanguage } from "../../text/pieces";
import { Icon } from "../../ui/Icon";
import { removeFile } from "./work";

interface DocumentsProps { rows: DocumentRow[]; sought: string; writes: boolean; ended: () => void }

export function Documents({ rows, sought, writes, ended }: DocumentsProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [going, setGoing] = useState<DocumentRow | null>(null);
  const wanted = sought.trim().toLowerCase();
  const shown = rows.filter((row) => `${row.title} ${row.issuer} ${row.source}`.toLowerCase().includes(wanted));
  const ask = (row: DocumentRow) => {
    setGoing(row);
    dialog.current?.showModal();
  };
  return (
    <>
      <div class="table-box" tabIndex={0} role="region" aria-label={t("nav.library")}>
        <table class="table stacks">
          <thead>
            <tr>
              <th scope="col">{t("library.title")}</th><th scope="col">{t("facet.kinds")}</th><th scope="col">{t("facet.issuers")}</th>
              <th scope="col">{t("quality.when")}</th><th scope="col">{t("library.clauses")}</th>{writes && <th scope="col"><span class="offscreen">{t("library.delete")}</span></th>}
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <tr key={row.doc_id}>
                <td class="cell-title" lang={scriptLanguage(row.script)}><a href={href("read", { doc: row.doc_id })}>{row.title || row.source}</a></td>
                <td data-name={t("facet.kinds")}>{row.kind}</td>
                <td data-name={t("facet.issuers")} lang={scriptLanguage(row.script)}>{row.issuer}</td>
                <td data-name={t("quality.when")} class="date">{row.issued || t("clause.undated")}</td>
                <td data-name={t("library.clauses")}>{count(row.clauses)}</td>
                {writes && (
                  <td>{row.part === 1 && (
                    <button type="button" class="action" aria-label={`${t("library.delete")} ${row.title}`} onClick={() => ask(row)}><Icon name="trash" /></button>
                  )}</td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <dialog ref={dialog} class="help" aria-labelledby="sure">
        <p id="sure">{t("library.delete.sure", { title: going?.title ?? "" })}</p>
        <div class="view-tools dialog-tools">
          <button type="button" class="button" onClick={() => dialog.current?.close()}>{t("library.cancel")}</button>
          <button type="button" class="button danger" onClick={() => { dialog.current?.close(); if (going) void removeFile(going.file_id, ended); }}>{t("library.delete")}</button>
        </div>
      </dialog>
    </>
  );
}
