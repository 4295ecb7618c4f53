import type { PrecedentGroup } from "../../api/types";
import { t } from "../../i18n";
import { scriptLanguage } from "../../text/pieces";
import { ClauseActions } from "../../ui/ClauseActions";
import { ClauseHead } from "../../ui/ClauseHead";
import { Diff } from "../../ui/Diff";

export function Groups({ groups }: { groups: PrecedentGroup[] }) {
  return (
    <ol class="groups">
      {groups.map((group, at) => (
        <li key={at} class="sheet group">
          <h3 class="group-head">
            <span class="badge" data-kind={group.kind}>{t(`draft.group.${group.kind}`)}</span>
            {group.formula && <span class="formula">{group.formula}</span>}
            <span class="quiet">{t("draft.documents", { n: group.documents })}</span>
          </h3>
          <ol class="group-hits">
            {group.hits.map((hit) => (
              <li key={hit.clause_id}>
                <Diff parts={hit.diff} lang={scriptLanguage(hit.metadata.script)} />
                <ClauseHead clause={hit} level={3} />
                <ClauseActions clause={hit} similar={false} />
              </li>
            ))}
          </ol>
        </li>
      ))}
    </ol>
  );
}
