import { offers } from "../../api/features";
import { download } from "../../api/download";
import { t } from "../../i18n";
import { go, href, place } from "../../router";
import { basket, clear, move, remove, type Kept } from "../../state/basket";
import { copyCited } from "../../text/copy";
import { scriptLanguage } from "../../text/pieces";
import { pathText } from "../../text/place";
import { readAddress } from "../../ui/ClauseHead";
import { Icon } from "../../ui/Icon";
import { Notice } from "../../ui/Notice";

export function BasketView() {
  const kept = basket.value;
  const side = place.value.params.get("as") !== "list";
  if (kept.length === 0) {
    return <Notice title={t("basket.empty")} whole><p>{t("basket.empty.hint")}</p></Notice>;
  }
  const ids = kept.map((one) => one.clause_id);
  const title = t("basket.file");
  return (
    <div class="basket-view">
      <header class="view-head">
        <h1>{t("nav.basket")} <small>{t("basket.count", { n: kept.length })}</small></h1>
        <div class="view-tools">
          <button type="button" class="button primary" onClick={() => void copyCited(kept)}><Icon name="copy" />{t("basket.copy")}</button>
          {offers("/v1/export", "post") && (
            <button type="button" class="button" onClick={() => void download("v1/export", `${title}.docx`, { clause_ids: ids, title, format: "docx" })}>
              <Icon name="download" />{t("basket.docx")}
            </button>
          )}
          <div class="segmented" role="group" aria-label={t("basket.layout")}>
            <button type="button" aria-pressed={side} onClick={() => go(href("basket"), { replace: true })}>{t("basket.side")}</button>
            <button type="button" aria-pressed={!side} onClick={() => go(href("basket", { as: "list" }), { replace: true })}>{t("basket.list")}</button>
          </div>
          <button type="button" class="link" onClick={clear}>{t("basket.clear")}</button>
        </div>
      </header>
      <ol class="kept" data-side={side}>
        {kept.map((one, at) => <KeptClause key={one.clause_id} kept={one} first={at === 0} last={at === kept.length - 1} />)}
      </ol>
    </div>
  );
}

function KeptClause({ kept, first, last }: { kept: Kept; first: boolean; last: boolean }) {
  const lang = scriptLanguage(kept.script);
  const where = `${kept.title} ${pathText(kept.path)}`;
  return (
    <li class="sheet">
      <h2 class="clause-title" lang={lang}><a href={readAddress(kept)}>{kept.title}</a></h2>
      <p class="clause-place" lang={lang}><span class="path">{pathText(kept.path)}</span></p>
      <p class="clause-text" lang={lang}>{kept.text}</p>
      <p class="citation" lang={lang}>——{kept.citation}</p>
      <div class="actions">
        <button type="button" class="action" disabled={first} aria-label={`${t("basket.up")} ${where}`} onClick={() => move(kept.clause_id, -1)}><Icon name="up" /></button>
        <button type="button" class="action" disabled={last} aria-label={`${t("basket.down")} ${where}`} onClick={() => move(kept.clause_id, 1)}><Icon name="down" /></button>
        <button type="button" class="action" aria-label={`${t("basket.remove")} ${where}`} onClick={() => remove(kept.clause_id)}><Icon name="trash" />{t("basket.remove")}</button>
      </div>
    </li>
  );
}
