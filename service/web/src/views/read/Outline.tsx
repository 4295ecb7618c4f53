import { useEffect, useRef } from "preact/hooks";
import type { OutlineRow } from "../../api/types";
import { t } from "../../i18n";
import { label } from "../../text/place";
import { wide } from "../../ui/wide";

interface OutlineProps { rows: OutlineRow[]; chosen: string; addressOf: (clause: string) => string }

export function Outline({ rows, chosen, addressOf }: OutlineProps) {
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    const current = list.current?.querySelector<HTMLElement>("[aria-current]");
    const box = list.current?.closest<HTMLElement>(".outline");
    if (!current || !box || !wide.value) return;
    const middle = current.offsetTop - box.clientHeight / 2;
    if (current.offsetTop < box.scrollTop || current.offsetTop > box.scrollTop + box.clientHeight - 40) box.scrollTop = middle;
  }, [chosen]);
  const inner = (
    <ol ref={list}>
      {rows.filter((row) => row.heading || row.label || row.clause_id === chosen).map((row) => (
        <li key={row.clause_id} data-depth={Math.min(row.depth, 4)}>
          <a href={addressOf(row.clause_id)} aria-current={row.clause_id === chosen ? "location" : undefined}>
            <span class="outline-label">{row.label || label(row.clause_id.split("/").pop() ?? "")}</span>
            {row.heading && <span class="outline-heading">{row.heading}</span>}
          </a>
        </li>
      ))}
    </ol>
  );
  if (wide.value) return <nav class="outline" aria-label={t("read.outline")}>{inner}</nav>;
  return (
    <details class="outline">
      <summary>{t("read.outline")}</summary>
      <nav aria-label={t("read.outline")}>{inner}</nav>
    </details>
  );
}
