import { effect, signal } from "@preact/signals";

export const THEMES = ["auto", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];
const KEY = "tiaowen.theme";

const kept = localStorage.getItem(KEY);
export const theme = signal<Theme>((THEMES as readonly string[]).includes(kept ?? "") ? (kept as Theme) : "auto");

effect(() => {
  localStorage.setItem(KEY, theme.value);
  if (theme.value === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme.value;
});

export function nextTheme(): void {
  theme.value = THEMES[(THEMES.indexOf(theme.value) + 1) % THEMES.length] ?? "auto";
}
