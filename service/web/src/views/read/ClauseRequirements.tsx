import { getJson } from "../../api/client";
import type { Clause, Requirement } from "../../api/types";
import { useData } from "../../api/use";
import { named, t } from "../../i18n";
import { quantityText } from "../../text/quantity";

/** The requirements of the document, once; those of the clause are picked out of them. */
export function ClauseRequirements({ clause }: { clause: Clause }) {
  const found = useData(clause.doc_id, (signal) =>
    getJson<{ requirements: Requirement[] }>(`v1/requirements?limit=5000&doc_ids=${encodeURIComponent(clause.doc_id)}`, { signal }));
  const rows = found.data?.requirements.filter((row) => row.clause_id === clause.clause_id) ?? [];
  if (!found.data || rows.length === 0) return null;
  return (
    <section>
      <h2 class="beside-title">{t("read.requirements")}</h2>
      <ul class="duties">
        {rows.map((row, at) => (
          <li key={at}>
            <span class="force" data-modality={row.modality}>{named("modality", row.modality)}</span>{" "}
            {row.actor && <strong>{row.actor} </strong>}{row.action}
            <span class="quiet"> {[quantityText(row.quantity), row.period, row.deadline].filter(Boolean).join(" · ")}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
