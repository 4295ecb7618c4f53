import type { Topic } from "../../api/types";
import { t } from "../../i18n";
import { href } from "../../router";
import { beside } from "./beside";

const STEPS = 5; // shades of a cell

/** Topics by year: a table whose cells are shaded by how many clauses they hold. */
export function TopicMap({ topics }: { topics: Topic[] }) {
  const rows = beside(topics);
  const years = [...new Set(rows.flatMap((topic) => Object.keys(topic.years)))].sort(datedFirst);
  const most = Math.max(1, ...rows.flatMap((topic) => Object.values(topic.years)));
  return (
    <div class="table-box" tabIndex={0} role="region" aria-label={t("overview.map")}>
      <table class="topic-map">
        <thead>
          <tr><th scope="col">{t("overview.topic")}</th>{years.map((one) => <th key={one} scope="col">{one || t("overview.undated")}</th>)}</tr>
        </thead>
        <tbody>
          {rows.map((topic) => (
            <tr key={topic.topic}>
              <th scope="row"><a href={href("search", { q: words(topic) })}>{topic.label}</a></th>
              {years.map((one) => {
                const number = topic.years[one] ?? 0;
                const name = t("overview.map.cell", { topic: topic.label, year: one || t("overview.undated"), n: number });
                return (
                  <td key={one} data-shade={number ? Math.ceil((number / most) * STEPS) : 0}>
                    {number > 0 && <a href={href("search", { q: words(topic), years: one })} aria-label={name} title={name}>{number}</a>}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function words(topic: Topic): string {
  return topic.label.replace(/、/g, " ");
}

function datedFirst(one: string, other: string): number {
  return Number(one === "") - Number(other === "") || one.localeCompare(other);
}
