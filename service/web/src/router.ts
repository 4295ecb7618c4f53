/** The address is the state: a view's name and its parameters, kept in the history. */
import { computed, signal } from "@preact/signals";

export const VIEWS = [
  "search", "read", "draft", "basket", "requirements", "compare", "overview", "quality", "judging", "library",
] as const;
export type View = (typeof VIEWS)[number];

export interface Place {
  view: View;
  params: URLSearchParams;
}

// the page may be mounted under a prefix; every view is one segment below it
const PREFIX = window.location.pathname.replace(/[^/]*$/, "");

function read(): Place {
  const name = window.location.pathname.slice(PREFIX.length) || "search";
  const view = (VIEWS as readonly string[]).includes(name) ? (name as View) : "search";
  return { view, params: new URLSearchParams(window.location.search) };
}

export const place = signal<Place>(read());
export const view = computed(() => place.value.view);

/** The address of a view; empty parameters are left out, lists repeat their name. */
export function href(name: View, params: Record<string, string | string[] | undefined> = {}): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(params)) {
    for (const one of Array.isArray(value) ? value : [value]) if (one) query.append(key, one);
  }
  const path = PREFIX + (name === "search" ? "" : name);
  const search = query.toString();
  return search ? `${path}?${search}` : path;
}

export function go(address: string, { replace = false } = {}): void {
  const before = place.peek().view;
  if (replace) history.replaceState(null, "", address);
  else history.pushState(null, "", address);
  place.value = read();
  if (place.peek().view !== before) window.scrollTo(0, 0);
}

window.addEventListener("popstate", () => {
  place.value = read();
});

/** Follow links of our own without loading the page anew. */
document.addEventListener("click", (event) => {
  if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
  const link = (event.target as Element).closest?.("a[href]");
  if (!(link instanceof HTMLAnchorElement) || link.target || link.hasAttribute("download")) return;
  const url = new URL(link.href);
  const name = url.pathname.slice(PREFIX.length) || "search";
  if (url.origin !== window.location.origin || !(VIEWS as readonly string[]).includes(name)) return;
  if (url.hash && url.pathname === window.location.pathname) return;
  event.preventDefault();
  go(url.pathname + url.search);
});
