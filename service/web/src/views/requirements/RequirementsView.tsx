import { offers } from "../../api/features";
import { download } from "../../api/download";
import { getJson } from "../../api/client";
import type { Requirement } from "../../api/types";
import { useData } from "../../api/use";
import { count, named, t } from "../../i18n";
import { go, href, place } from "../../router";
import { quantityText } from "../../text/quantity";
import { Icon } from "../../ui/Icon";
import { Loading, Missing, Notice, Trouble } from "../../ui/Notice";
import { Numbers } from "./Numbers";
import { RequirementFilters } from "./RequirementFilters";

const PAGE = 100;
const ASKED = ["topic", "actor", "modality", "kinds", "period"] as const;

/** The filters of the address in the API's own names. */
function wanted(params: URLSearchParams): URLSearchParams {
  const found = new URLSearchParams();
  for (const name of ASKED) for (const value of params.getAll(name)) found.append(name, value);
  return found;
}

export function RequirementsView() {
  const { params } = place.value;
  const asked = wanted(params).toString();
  const numbers = params.get("as") === "numbers";
  if (offers("/v1/requirements") === false) return <Missing />;
  const as = (view: string) => {
    const next = wanted(params);
    if (view) next.set("as", view);
    go(`${href("requirements")}?${next}`, { replace: true });
  };
  return (
    <div class="requirements-view">
      <header class="view-head">
        <h1>{t("nav.requirements")}</h1>
        <div class="view-tools">
          <div class="segmented" role="group" aria-label={t("basket.layout")}>
            <button type="button" aria-pressed={!numbers} onClick={() => as("")}>{t("req.rows")}</button>
            <button type="button" aria-pressed={numbers} onClick={() => as("numbers")}>{t("req.numbers")}</button>
          </div>
          <button type="button" class="button" onClick={() => void download(`v1/requirements?${asked}&format=xlsx`, `${t("nav.requirements")}.xlsx`)}>
            <Icon name="download" />{t("req.xlsx")}
          </button>
        </div>
      </header>
      <RequirementFilters params={params} />
      {numbers ? <Numbers asked={asked} /> : <Rows asked={asked} limit={Number(params.get("n")) || PAGE} />}
    </div>
  );
}

function Rows({ asked, limit }: { asked: string; limit: number }) {
  const found = useData(`${asked} ${limit}`, (signal) =>
    getJson<{ total: number; requirements: Requirement[] }>(`v1/requirements?${asked}&limit=${limit}`, { signal }));
  if (found.problem) return <Trouble problem={found.problem} again={found.again} />;
  if (!found.data) return <Loading />;
  const { total, requirements } = found.data;
  if (total === 0) return <Notice title={t("app.none")}><p>{t("search.nothing")}</p></Notice>;
  const more = Math.min(PAGE, total - requirements.length);
  const next = new URLSearchParams(asked);
  next.set("n", String(limit + PAGE));
  return (
    <div aria-busy={found.loading}>
      <p role="status" class="quiet">{t("req.total", { n: count(total) })}</p>
      <div class="table-box" tabIndex={0} role="region" aria-label={t("nav.requirements")}>
        <table class="table stacks">
          <thead>
            <tr>{(["req.actor", "req.modality", "req.action", "req.quantity", "req.when", "req.source"] as const).map((key) => <th key={key} scope="col">{t(key)}</th>)}</tr>
          </thead>
          <tbody>{requirements.map((row, at) => <Row key={`${row.clause_id} ${at}`} row={row} />)}</tbody>
        </table>
      </div>
      {more > 0 && <button type="button" class="button more" onClick={() => go(`${href("requirements")}?${next}`, { replace: true })}>{t("app.more", { n: more })}</button>}
    </div>
  );
}

function Row({ row }: { row: Requirement }) {
  return (
    <tr>
      <td data-name={t("req.actor")}>{row.actor}</td>
      <td data-name={t("req.modality")}><span class="force" data-modality={row.modality}>{named("modality", row.modality)}</span></td>
      <td data-name={t("req.action")}>{row.action}</td>
      <td data-name={t("req.quantity")}>{quantityText(row.quantity) || row.share}</td>
      <td data-name={t("req.when")}>{[row.period, row.deadline].filter(Boolean).join(" · ")}</td>
      <td data-name={t("req.source")}><a href={href("read", { doc: row.doc_id, clause: row.clause_id })}>{row.citation}</a></td>
    </tr>
  );
}
