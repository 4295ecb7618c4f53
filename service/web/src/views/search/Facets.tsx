import { useState } from "preact/hooks";
import type { SearchAnswer } from "../../api/types";
import { count, named, t } from "../../i18n";
import { wide } from "../../ui/wide";
import { FACETS, offered, type Chosen, type FacetName, type Wanted } from "./request";

const FEW = 6;
interface FacetsProps { answer: SearchAnswer; search: Wanted; onChoose: (next: Wanted) => void }

function shownValue(name: FacetName, value: string): string {
  return name === "modality" ? named("modality", value) : value;
}

function ordered(name: FacetName, counts: Record<string, number>, chosen: string[]): [string, number][] {
  const all = { ...Object.fromEntries(chosen.map((value) => [value, 0])), ...counts };
  const rows = Object.entries(all);
  return name === "years" ? rows.sort((a, b) => b[0].localeCompare(a[0])) : rows;
}

export function Facets({ answer, search, onChoose }: FacetsProps) {
  const chosen = FACETS.reduce((sum, name) => sum + search.chosen[name].length, 0);
  const pick = (name: FacetName, value: string) => {
    const now = search.chosen[name];
    const without = now.filter((one) => one !== value);
    const next = now.includes(value) ? without : name === "years" ? [value] : [...now, value];
    onChoose({ ...search, chosen: { ...search.chosen, [name]: next } });
  };
  const none = Object.fromEntries(FACETS.map((name) => [name, []])) as unknown as Chosen;
  const groups = offered().map((name) => (
    <Facet key={name} name={name} rows={ordered(name, answer.facets[name] ?? {}, search.chosen[name])}
      chosen={search.chosen[name]} onPick={(value) => pick(name, value)} />
  ));
  const clear = chosen > 0 && (
    <button type="button" class="link" onClick={() => onChoose({ ...search, chosen: none })}>{t("search.facets.clear")}</button>
  );
  if (!wide.value) {
    return (
      <details class="facets">
        <summary>{chosen ? t("search.facets.show", { n: chosen }) : t("search.facets")}</summary>
        {clear}
        {groups}
      </details>
    );
  }
  return <aside class="facets" aria-label={t("search.facets")}>{groups}{clear}</aside>;
}

interface FacetProps { name: FacetName; rows: [string, number][]; chosen: string[]; onPick: (value: string) => void }

function Facet({ name, rows, chosen, onPick }: FacetProps) {
  const [all, setAll] = useState(false);
  if (rows.length === 0) return null;
  const shown = all ? rows : rows.filter(([value], at) => at < FEW || chosen.includes(value));
  return (
    <fieldset class="facet">
      <legend>{t(`facet.${name}`)}</legend>
      {shown.map(([value, number]) => (
        <label key={value} class="facet-row">
          <input type="checkbox" checked={chosen.includes(value)} onChange={() => onPick(value)} />
          <span class="facet-value">{shownValue(name, value)}</span>
          <span class="facet-count">{count(number)}</span>
        </label>
      ))}
      {rows.length > FEW && (
        <button type="button" class="link" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? t("facet.less") : t("facet.more", { n: rows.length })}
        </button>
      )}
    </fieldset>
  );
}
