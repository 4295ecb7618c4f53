import { useState } from "preact/hooks";
import { getJson, idPath } from "../../api/client";
import type { Clause, Hit } from "../../api/types";
import { useData } from "../../api/use";
import { t } from "../../i18n";
import { ClauseActions } from "../../ui/ClauseActions";
import { ClauseHead, readAddress } from "../../ui/ClauseHead";
import { ClauseText } from "../../ui/ClauseText";

/** How many of the same wording are listed under a card. */
const LISTED = 12;

export function cardAddress(hit: Hit): string {
  return readAddress(hit, hit.anchor);
}

interface CardProps { hit: Hit; current: boolean; low: boolean; onFocus: () => void }

export function Card({ hit, current, low, onFocus }: CardProps) {
  const to = cardAddress(hit);
  return (
    <article class="card" tabIndex={-1} aria-current={current || undefined} onFocus={onFocus}>
      <ClauseHead clause={hit} to={to} />
      <ClauseText text={hit.text} script={hit.metadata.script} highlights={hit.highlights} passage={low ? undefined : hit.passage} />
      {hit.duplicates.count > 0 && <Duplicates hit={hit} />}
      <ClauseActions clause={hit} to={to} />
    </article>
  );
}

function Duplicates({ hit }: { hit: Hit }) {
  const [open, setOpen] = useState(false);
  const ids = hit.duplicates.clause_ids.slice(0, LISTED);
  const found = useData(open ? ids.join(" ") : null, (signal) =>
    Promise.all(ids.map((id) => getJson<Clause>(`v1/clauses/${idPath(id)}`, { signal }))));
  return (
    <details class="duplicates" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t("search.duplicates", { n: hit.duplicates.count })}</summary>
      <ul>
        {found.data?.map((clause) => <li key={clause.clause_id}><a href={readAddress(clause)}>{clause.citation}</a></li>)}
      </ul>
    </details>
  );
}
