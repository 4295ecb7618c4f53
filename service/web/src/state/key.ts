/** The API key of this tab: kept until the tab closes, sent with every request, never in the address. */
import { signal } from "@preact/signals";

const KEY = "tiaowen.key";

export const apiKey = signal<string>(sessionStorage.getItem(KEY) ?? "");
export const keyDialog = signal(false);

export function keepKey(key: string): void {
  apiKey.value = key;
  if (key) sessionStorage.setItem(KEY, key);
  else sessionStorage.removeItem(KEY);
}

export function authorization(): Record<string, string> {
  return apiKey.value ? { authorization: `Bearer ${apiKey.value}` } : {};
}
