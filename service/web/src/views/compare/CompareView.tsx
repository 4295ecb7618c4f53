import { useState } from "preact/hooks";
import { offers } from "../../api/features";
import { download } from "../../api/download";
import { getJson } from "../../api/client";
import type { Matrix } from "../../api/types";
import { useData } from "../../api/use";
import { t } from "../../i18n";
import { go, href, place } from "../../router";
import { Icon } from "../../ui/Icon";
import { Loading, Missing, Notice, Trouble } from "../../ui/Notice";
import { MatrixTable } from "./MatrixTable";

const BY = ["documents", "regions", "years"] as const;

export function CompareView() {
  const { params } = place.value;
  const topic = params.get("topic") ?? "";
  const by = BY.find((one) => one === params.get("by")) ?? "documents";
  const [typed, setTyped] = useState(topic);
  const body = { topic, by };
  const found = useData(topic ? JSON.stringify(body) : null, (signal) => getJson<Matrix>("v1/compare", { body, signal }));
  if (offers("/v1/compare", "post") === false) return <Missing />;
  const show = (next: { topic?: string; by?: string }) => go(href("compare", { topic, by, ...next }));
  return (
    <div class="compare-view">
      <header class="view-head"><h1>{t("nav.compare")}</h1></header>
      <form class="filters" onSubmit={(event) => { event.preventDefault(); show({ topic: typed.trim() }); }}>
        <label class="grow">{t("compare.topic")}
          <input class="field" type="search" value={typed} maxLength={500} placeholder={t("compare.placeholder")} onInput={(event) => setTyped(event.currentTarget.value)} />
        </label>
        <label>{t("compare.by")}
          <select class="field" value={by} onChange={(event) => show({ by: event.currentTarget.value })}>
            {BY.map((one) => <option key={one} value={one}>{t(`compare.by.${one}`)}</option>)}
          </select>
        </label>
        <button type="submit" class="button primary">{t("compare.go")}</button>
        {topic && found.data && (
          <button type="button" class="button" onClick={() => void download("v1/compare", `${topic}.xlsx`, { ...body, format: "xlsx" })}>
            <Icon name="download" />{t("req.xlsx")}
          </button>
        )}
      </form>
      {!topic && <p class="quiet">{t("compare.intro")}</p>}
      {found.problem && <Trouble problem={found.problem} again={found.again} />}
      {topic && !found.data && !found.problem && <Loading />}
      {found.data && (found.data.rows.length ? <MatrixTable matrix={found.data} busy={found.loading} /> : <Notice title={t("compare.none")} />)}
    </div>
  );
}
