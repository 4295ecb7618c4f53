import { offers } from "../../api/features";
import { getJson } from "../../api/client";
import { useData } from "../../api/use";
import { count, named, t, type Key } from "../../i18n";
import { href } from "../../router";
import { Chart } from "../../ui/Chart";
import { Loading, Missing, Notice, Trouble } from "../../ui/Notice";

type Figures = Record<string, number>;
interface Report {
  created: string;
  questions: number;
  overall: Figures;
  categories: ({ category: string; questions: number } & Record<string, number | string>)[];
  worst: { question_id: string; query: string; category: string; "nDCG@10": number }[];
}
interface Quality { history: { created: string; figures: Figures }[]; report: Report | null }

const HEADLINE = ["S@1", "S@5", "R@10", "nDCG@10", "P@1 passage"];
const TREND = ["S@1", "S@5", "nDCG@10"];

export function QualityView() {
  const offered = offers("/v1/quality");
  const found = useData(offered ? "quality" : null, (signal) => getJson<Quality>("v1/quality", { signal }));
  if (offered === false) return <Missing />;
  if (found.problem) return <Trouble problem={found.problem} again={found.again} />;
  if (!found.data) return <Loading />;
  const { report, history } = found.data;
  if (!report) {
    return (
      <Notice title={t("quality.none")} whole>
        <p>{t("quality.none.hint")}</p>
        <p><a class="button" href={href("library")}>{t("nav.library")}</a></p>
      </Notice>
    );
  }
  return (
    <div class="quality-view">
      <header class="view-head">
        <h1>{t("nav.quality")} <small>{t("quality.headline")} {report.created.slice(0, 10)} · {t("quality.questions", { n: count(report.questions) })}</small></h1>
      </header>
      <Headline overall={{ ...history.at(-1)?.figures, ...report.overall }} />
      <div class="charts">
        <section class="sheet">
          <h2>{t("quality.categories")}</h2>
          <Chart kind="rows" title={t("quality.categories")} labels={report.categories.map((row) => named("category", row.category))}
            series={[{ name: t("quality.S@5"), values: report.categories.map((row) => percent(Number(row["S@5"] ?? 0))) }]} />
        </section>
        <section class="sheet">
          <h2>{t("quality.trend")}</h2>
          <Chart kind="line" title={t("quality.trend")} labels={history.map((row) => row.created.slice(0, 16).replace("T", " "))}
            series={TREND.map((name) => ({ name: t(`quality.${name}` as Key), values: history.map((row) => percent(row.figures[name] ?? 0)) }))} />
        </section>
      </div>
      {offers("/v1/judging/next") && <p><a class="button" href={href("judging")}>{t("judging.open")}</a></p>}
      <Worst rows={report.worst} />
    </div>
  );
}

function percent(value: number): number {
  return Math.round(value * 1000) / 10;
}

function Headline({ overall }: { overall: Figures }) {
  return (
    <dl class="headline">
      {HEADLINE.filter((name) => name in overall).map((name) => (
        <div key={name} class="sheet"><dt>{t(`quality.${name}` as Key)}</dt><dd>{percent(overall[name] ?? 0)}<small> %</small></dd></div>
      ))}
    </dl>
  );
}

function Worst({ rows }: { rows: Report["worst"] }) {
  return (
    <section class="sheet">
      <h2>{t("quality.worst")}</h2>
      <table class="table">
        <thead><tr><th scope="col">{t("quality.question")}</th><th scope="col">{t("quality.category")}</th><th scope="col">{t("quality.nDCG@10")}</th></tr></thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.question_id}>
              <td><a href={href("search", { q: row.query })}>{row.query}</a></td><td>{named("category", row.category)}</td><td>{percent(row["nDCG@10"])} %</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
