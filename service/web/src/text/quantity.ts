import type { Quantity } from "../api/types";
import { t, type Key } from "../i18n";

/** 不少于 2 次. */
export function quantityText(quantity: Quantity | null): string {
  if (!quantity) return "";
  const { value, bound, unit } = quantity;
  const number = Array.isArray(value) ? value.join("–") : String(value);
  return `${t(`bound.${bound}` as Key, { n: number })} ${unit}`.trim();
}
