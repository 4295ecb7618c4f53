/** Clauses put aside, kept in this browser. */
import { computed, effect, signal } from "@preact/signals";
import type { Clause } from "../api/types";
import { t } from "../i18n";
import { toast } from "../ui/toast";

export type Kept = Pick<
  Clause,
  "clause_id" | "doc_id" | "title" | "kind" | "path" | "heading_path" | "text" | "citation"
> & { script: string; issuer: string; issued: string };

const KEY = "tiaowen.basket";

function stored(): Kept[] {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(found) ? found.filter((one) => typeof one?.clause_id === "string") : [];
  } catch {
    return [];
  }
}

export const basket = signal<Kept[]>(stored());
const ids = computed(() => new Set(basket.value.map((kept) => kept.clause_id)));
effect(() => localStorage.setItem(KEY, JSON.stringify(basket.value)));

export function isKept(id: string): boolean {
  return ids.value.has(id);
}

export function toggle(clause: Clause): void {
  if (isKept(clause.clause_id)) {
    remove(clause.clause_id);
    return;
  }
  const { clause_id, doc_id, title, kind, path, heading_path, text, citation, metadata } = clause;
  const { script, issuer, issued } = metadata;
  const kept = { clause_id, doc_id, title, kind, path, heading_path, text, citation, script, issuer, issued };
  basket.value = [...basket.value, kept];
  toast(t("app.added", { n: basket.value.length }));
}

export function remove(id: string): void {
  basket.value = basket.value.filter((kept) => kept.clause_id !== id);
  toast(t("app.removed"));
}

export function move(id: string, by: number): void {
  const list = [...basket.value];
  const from = list.findIndex((kept) => kept.clause_id === id);
  const to = from + by;
  const [one] = list.splice(from, 1);
  if (!one || to < 0 || to > list.length) return;
  list.splice(to, 0, one);
  basket.value = list;
}

export function clear(): void {
  basket.value = [];
}
