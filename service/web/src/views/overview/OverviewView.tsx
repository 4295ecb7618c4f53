import { offers } from "../../api/features";
import { allDocuments } from "../../api/documents";
import { getJson } from "../../api/client";
import type { DocumentRow, Topic } from "../../api/types";
import { useData } from "../../api/use";
import { count, t } from "../../i18n";
import { go, href } from "../../router";
import { Chart } from "../../ui/Chart";
import { Loading, Trouble } from "../../ui/Notice";
import { TopicMap } from "./TopicMap";

function tally(rows: DocumentRow[], of: (row: DocumentRow) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(of(row), (counts.get(of(row)) ?? 0) + 1);
  return counts;
}

export function OverviewView() {
  const found = useData("documents", allDocuments);
  if (found.problem) return <Trouble problem={found.problem} again={found.again} />;
  if (!found.data) return <Loading />;
  const rows = found.data.documents;
  const years = [...tally(rows, (row) => row.issued.slice(0, 4) || t("overview.undated"))].sort((a, b) => a[0].localeCompare(b[0]));
  const kinds = [...tally(rows, (row) => row.kind)].filter(([kind]) => kind).sort((a, b) => b[1] - a[1]);
  const clauses = rows.reduce((sum, row) => sum + row.clauses, 0);
  return (
    <div class="overview-view">
      <header class="view-head"><h1>{t("nav.overview")}</h1></header>
      <p class="totals">
        <a href={href("library")}><strong>{count(found.data.total)}</strong> {t("overview.documents")}</a>
        <span><strong>{count(clauses)}</strong> {t("overview.clauses")}</span>
      </p>
      <div class="charts">
        <Counted title={t("overview.years")} rows={years} kind="bar" />
        <Counted title={t("overview.kinds")} rows={kinds} kind="rows" />
      </div>
      {offers("/v1/topics") && <Topics />}
    </div>
  );
}

function Counted({ title, rows, kind }: { title: string; rows: [string, number][]; kind: "bar" | "rows" }) {
  return (
    <section class="sheet">
      <h2>{title}</h2>
      <Chart kind={kind} title={title} labels={rows.map(([name]) => name)} series={[{ name: t("req.documents"), values: rows.map(([, number]) => number) }]} />
    </section>
  );
}

function Topics() {
  const found = useData("topics", (signal) => getJson<{ topics: Topic[] }>("v1/topics", { signal }));
  if (found.problem) return <Trouble problem={found.problem} again={found.again} />;
  if (!found.data) return <Loading />;
  const { topics } = found.data;
  const search = (topic: Topic | undefined) => topic && go(href("search", { q: topic.label.replace(/、/g, " ") }));
  return (
    <>
    <section class="sheet">
      <h2>{t("overview.map")}</h2>
      <p class="quiet">{t("overview.map.hint")}</p>
      <TopicMap topics={topics} />
    </section>
    <section class="sheet topics">
      <h2>{t("overview.topics")}</h2>
      <p class="quiet">{t("overview.topics.hint")}</p>
      <Chart kind="rows" title={t("overview.topics")} labels={topics.map(({ label }) => label)}
        series={[{ name: t("overview.count"), values: topics.map((topic) => topic.clauses) }]} onPick={(at) => search(topics[at])} />
    </section>
    </>
  );
}
