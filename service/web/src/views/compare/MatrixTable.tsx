import type { Matrix, Precedent } from "../../api/types";
import { t } from "../../i18n";
import { scriptLanguage } from "../../text/pieces";
import { pathText } from "../../text/place";
import { readAddress } from "../../ui/ClauseHead";
import { wide } from "../../ui/wide";

/** Points down, documents across; on a phone each point is a list. */
export function MatrixTable({ matrix, busy }: { matrix: Matrix; busy: boolean }) {
  if (!wide.value) return <Stacked matrix={matrix} />;
  return (
    <div class="table-box" tabIndex={0} role="region" aria-label={t("nav.compare")} aria-busy={busy}>
      <table class="table matrix">
        <thead>
          <tr>
            <th scope="col">{t("compare.point")}</th>
            {matrix.columns.map(({ name, title }) => <th key={name} scope="col" data-base={name === matrix.base}>{title || name}</th>)}
          </tr>
        </thead>
        <tbody>
          {matrix.rows.map((row, at) => (
            <tr key={at}>
              <th scope="row">{row.point}</th>
              {matrix.columns.map(({ name }) => <td key={name}><Cell said={row.cells[name] ?? null} /></td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell({ said }: { said: Precedent | null }) {
  if (!said) return <span class="gap">{t("compare.gap")}</span>;
  return (
    <>
      <p lang={scriptLanguage(said.metadata.script)}>{said.passage?.text || said.text}</p>
      <a href={readAddress(said)}><span class="offscreen">{said.title} </span>{pathText(said.path)}</a>
    </>
  );
}

function Stacked({ matrix }: { matrix: Matrix }) {
  return (
    <ol class="stacked">
      {matrix.rows.map((row, at) => (
        <li key={at} class="sheet">
          <h2>{row.point}</h2>
          <dl>
            {matrix.columns.filter(({ name }) => row.cells[name]).map(({ name, title }) => (
              <div key={name}><dt>{title || name}</dt><dd><Cell said={row.cells[name] ?? null} /></dd></div>
            ))}
          </dl>
        </li>
      ))}
    </ol>
  );
}
