import { useState } from "preact/hooks";
import { getJson } from "../../api/client";
import { allDocuments } from "../../api/documents";
import type { Distribution } from "../../api/types";
import { useData } from "../../api/use";
import { t } from "../../i18n";
import { Chart } from "../../ui/Chart";
import { Loading, Notice, Trouble } from "../../ui/Notice";
import { href } from "../../router";
import { pathText } from "../../text/place";

const SHOWN = 40;

/** The same matter, the numbers that documents give it. */
export function Numbers({ asked }: { asked: string }) {
  const [at, setAt] = useState(0);
  const found = useData(asked, (signal) =>
    getJson<{ distribution: Distribution[] }>(`v1/requirements?${asked}&view=distribution&limit=${SHOWN}`, { signal }));
  const documents = useData("documents", allDocuments);
  const titles = new Map(documents.data?.documents.map((row) => [row.doc_id, row.title]));
  if (found.problem) return <Trouble problem={found.problem} again={found.again} />;
  if (!found.data) return <Loading />;
  const rows = found.data.distribution;
  const chosen = rows[Math.min(at, rows.length - 1)];
  if (!chosen) return <Notice title={t("app.none")}><p>{t("search.nothing")}</p></Notice>;
  const title = `${chosen.what}（${chosen.unit}）`;
  return (
    <div class="numbers">
      <div>
        <p class="quiet">{t("req.numbers.hint")}</p>
        <ol class="matters">
          {rows.map((row, index) => (
            <li key={`${row.what} ${row.unit}`}>
              <button type="button" aria-pressed={row === chosen} onClick={() => setAt(index)}>
                <span>{row.what} <span class="quiet">{row.unit}</span></span><span class="facet-count">{row.documents}</span>
              </button>
            </li>
          ))}
        </ol>
      </div>
      <section class="sheet" aria-label={title}>
        <h2>{title}</h2>
        <Chart kind="rows" title={title} labels={chosen.numbers.map((one) => one.wording)}
          series={[{ name: t("req.documents"), values: chosen.numbers.map((one) => one.documents.length) }]} />
        <dl class="wordings">
          {chosen.numbers.map((one) => (
            <div key={one.wording}>
              <dt>{one.wording}</dt>
              {one.clause_ids.map((id) => {
                const [doc = "", ...path] = id.split("/");
                return <dd key={id}><a href={href("read", { doc, clause: id })}>{titles.get(doc)} {pathText(path)}</a></dd>;
              })}
            </div>
          ))}
        </dl>
      </section>
    </div>
  );
}
