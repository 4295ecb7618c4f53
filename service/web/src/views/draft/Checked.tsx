import type { Check } from "../../api/types";
import { t } from "../../i18n";
import { href } from "../../router";
import { Diff } from "../../ui/Diff";

function documentOf(clause: string): string {
  return clause.slice(0, clause.indexOf("/"));
}

export function Checked({ check }: { check: Check }) {
  const { novel, formulaic, near_verbatim } = check.counts;
  return (
    <section class="sentences">
      <p role="status">{t("draft.counts", { novel, formulaic, near_verbatim })}</p>
      <ol class="checked">
        {check.sentences.map((sentence, at) => (
          <li key={at} data-verdict={sentence.verdict}>
            <p><span class="badge">{t(`draft.verdict.${sentence.verdict}`)}</span> {sentence.text}</p>
            {sentence.sources.length > 0 && (
              <details>
                <summary>{t("draft.sources")}</summary>
                {sentence.sources.map((one) => (
                  <div key={one.clause_id} class="checked-source">
                    <Diff parts={one.diff} />
                    <a href={href("read", { doc: documentOf(one.clause_id), clause: one.clause_id })}>{one.citation}</a>
                  </div>
                ))}
              </details>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}
