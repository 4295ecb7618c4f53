import { getJson, idPath } from "../../api/client";
import type { DocumentFull, DocumentRow } from "../../api/types";
import { useData } from "../../api/use";
import { count, named, t } from "../../i18n";
import { href } from "../../router";
import { half, Notice, problemText } from "../../ui/Notice";
import { work } from "./work";

/** What is being done, then what came of it: outline found, what was removed and repaired. */
export function Progress({ documents }: { documents: DocumentRow[] }) {
  const { step, task, problem, refused, added } = work.value;
  if (step === "idle") return null;
  const news = documents.filter((row) => added.includes(row.file_id));
  return (
    <div class="work" aria-live="polite">
      {step === "sending" && <p>{t("library.uploading")}</p>}
      {step === "working" && task && (
        <p>{t("library.working", { n: Math.round(task.progress * 100) })}
          <progress max={1} value={task.progress} aria-label={t("library.working", { n: Math.round(task.progress * 100) })} />
        </p>
      )}
      {step === "ended" && <p class="outcome">{outcome()}</p>}
      {problem?.remedy && <p class="quiet">{half(problem.remedy)}</p>}
      {refused.length > 0 && (
        <Notice title={t("library.refused")} tone="warn">
          <ul>{refused.map((one) => <li key={one.name}><strong>{one.name}</strong>：{half(one.message)} {half(one.remedy)}</li>)}</ul>
        </Notice>
      )}
      {step === "ended" && news.length > 0 && (
        <ul class="news">{news.map((row) => <Added key={row.doc_id} id={row.doc_id} />)}</ul>
      )}
    </div>
  );
}

function outcome(): string {
  const { task, problem } = work.value;
  if (problem) return problemText(problem);
  if (task?.state === "succeeded") return t("library.done");
  if (task?.state === "kept_aside") return t("library.kept_aside");
  return t("library.failed", { why: half(task?.error?.message ?? "") });
}

function Added({ id }: { id: string }) {
  const found = useData(id, (signal) => getJson<DocumentFull>(`v1/documents/${idPath(id)}`, { signal }));
  if (!found.data) return null;
  const { title, kind, clauses, edits } = found.data;
  return (
    <li class="sheet">
      <a href={href("read", { doc: id })}>{title}</a> {kind && <span class="badge">{kind}</span>}
      <p class="quiet">
        {[`${count(clauses)} ${t("overview.clauses")}`, ...Object.entries(edits).map(([name, number]) => `${named("edit", name)} ${count(number)}`)].join(" · ")}
      </p>
    </li>
  );
}
