/** The interface in Chinese or English; documents always speak for themselves. */
import { computed, effect, signal } from "@preact/signals";
import { en } from "./en";
import { zh, type Words } from "./zh";

export type Language = "zh" | "en";
const KEY = "tiaowen.language";

function first(): Language {
  const kept = localStorage.getItem(KEY);
  if (kept === "zh" || kept === "en") return kept;
  return navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
}

export const language = signal<Language>(first());
const words = computed<Words>(() => (language.value === "zh" ? zh : en));

effect(() => {
  localStorage.setItem(KEY, language.value);
  document.documentElement.lang = language.value === "zh" ? "zh-Hans" : "en";
});


export type Key = keyof Words;

export function t(key: keyof Words, values: Record<string, string | number> = {}): string {
  const wording = words.value[key];
  return wording.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}

/** The wording of a key made up at run time, e.g. a modality; the key itself if it is unknown. */
export function named(prefix: string, value: string): string {
  const key = `${prefix}.${value}`;
  return key in words.value ? words.value[key as keyof Words] : value;
}

export function count(number: number): string {
  return number.toLocaleString(language.value === "zh" ? "zh-CN" : "en-GB");
}
