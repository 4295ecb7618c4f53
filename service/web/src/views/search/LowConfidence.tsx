import type { SearchAnswer } from "../../api/types";
import { t } from "../../i18n";
import { href } from "../../router";
import { Notice } from "../../ui/Notice";
import { FACETS, type Wanted } from "./request";

/** Below this probability the first hit is not shown as an answer; the service counts by it too. */
const LOW = 0.5;

export function isLow(answer: SearchAnswer): boolean {
  return answer.confidence < LOW;
}

export function LowConfidence({ search }: { search: Wanted }) {
  const filtered = FACETS.some((name) => search.chosen[name].length > 0);
  return (
    <Notice title={t("search.low")} tone="warn">
      <p>{t("search.low.hint")}</p>
      <ul>
        <li>{t("search.low.shorter")}</li>
        <li>{t("search.low.official")}</li>
        {filtered && <li>{t("search.low.filters")}</li>}
        <li><a href={href("library")}>{t("search.low.library")}</a></li>
      </ul>
    </Notice>
  );
}
