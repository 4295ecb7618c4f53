import { useEffect, useRef } from "preact/hooks";
import { offers } from "../../api/features";
import { getJson, idPath } from "../../api/client";
import type { Clause, Similar } from "../../api/types";
import { useData } from "../../api/use";
import { t } from "../../i18n";
import { toggle } from "../../state/basket";
import { copyCited } from "../../text/copy";
import { pathText } from "../../text/place";
import { ClauseActions } from "../../ui/ClauseActions";
import { ClauseHead } from "../../ui/ClauseHead";
import { ClauseText } from "../../ui/ClauseText";
import { useKeys } from "../../ui/keyboard";
import { Trouble } from "../../ui/Notice";
import { ClauseRequirements } from "./ClauseRequirements";

/** Kin shown, all of other documents: how others put it. */
const KIN = 8;
const ASKED = 30;

interface BesideProps { clause: string; show: string | null; previous?: () => void; next?: () => void }

/** What belongs to the chosen clause: copy it, its neighbours, its kin, what it requires. */
export function Beside({ clause, show, previous, next }: BesideProps) {
  const path = `v1/clauses/${idPath(clause)}`;
  const found = useData(clause, (signal) => getJson<Clause>(path, { signal }));
  const similar = useRef<HTMLElement>(null);
  useEffect(() => {
    if (show === "similar") similar.current?.scrollIntoView({ block: "nearest" });
  }, [show, found.data]);
  useKeys({
    c: () => { if (found.data) void copyCited([found.data]); },
    x: () => { if (found.data) toggle(found.data); },
  });
  if (found.problem) return <Trouble problem={found.problem} again={found.again} />;
  if (!found.data) return null;
  return (
    <div class="beside">
      <section class="beside-clause">
        <h2 class="beside-title">{pathText(found.data.path)}</h2>
        <p class="citation">{found.data.citation}</p>
        <ClauseActions clause={found.data} read={false} similar={false} />
        <div class="beside-steps">
          <button type="button" class="action" disabled={!previous} onClick={previous}>{t("read.previous")}</button>
          <button type="button" class="action" disabled={!next} onClick={next}>{t("read.next")}</button>
        </div>
      </section>
      {offers("/v1/requirements") && <ClauseRequirements clause={found.data} />}
      <section class="beside-similar" ref={similar}>
        <h2 class="beside-title">{t("read.similar")}</h2>
        <Kin path={path} document={found.data.doc_id} />
      </section>
    </div>
  );
}

function Kin({ path, document }: { path: string; document: string }) {
  const found = useData(path, (signal) => getJson<Similar>(`${path}/similar?limit=${ASKED}`, { signal }));
  if (found.problem) return <Trouble problem={found.problem} again={found.again} />;
  if (!found.data) return null;
  const others = found.data.hits.filter((hit) => hit.doc_id !== document).slice(0, KIN);
  if (others.length === 0) return <p class="quiet">{t("read.similar.none")}</p>;
  return (
    <ol class="kin">
      {others.map((hit) => (
        <li key={hit.clause_id}>
          <ClauseHead clause={hit} level={3} />
          {hit.near_copy && <p class="near">{t("read.near")}</p>}
          <ClauseText text={hit.text} script={hit.metadata.script} />
          <ClauseActions clause={hit} read={false} similar={false} />
        </li>
      ))}
    </ol>
  );
}
