import type { Clause } from "../api/types";
import { t } from "../i18n";
import { isKept, toggle } from "../state/basket";
import { copyCited } from "../text/copy";
import { pathText } from "../text/place";
import { readAddress } from "./ClauseHead";
import { Icon } from "./Icon";

interface ClauseActionsProps { clause: Clause; to?: string; similar?: boolean; read?: boolean }

export function ClauseActions({ clause, to, similar = true, read = true }: ClauseActionsProps) {
  const kept = isKept(clause.clause_id);
  const names = { title: clause.title, place: pathText(clause.path) };
  const address = to ?? readAddress(clause);
  return (
    <div class="actions">
      <button type="button" class="action" aria-label={t("clause.copy.name", names)} onClick={() => void copyCited([clause])}>
        <Icon name="copy" />{t("clause.copy")}
      </button>
      <button type="button" class="action" aria-pressed={kept} aria-label={t("clause.basket.name", names)} onClick={() => toggle(clause)}>
        <Icon name={kept ? "check" : "basket"} />{t(kept ? "clause.basket.in" : "clause.basket")}
      </button>
      {read && <a class="action" href={address}><Icon name="read" />{t("clause.read")}</a>}
      {similar && <a class="action" href={`${address}&show=similar`}><Icon name="similar" />{t("clause.similar")}</a>}
    </div>
  );
}
