/** What this service can do, as its own /openapi.json says. */
import { signal } from "@preact/signals";
import { getJson } from "./client";

interface OpenApi {
  paths: Record<string, Record<string, unknown>>;
  components?: { schemas?: Record<string, { properties?: Record<string, unknown> }> };
}

const api = signal<OpenApi | null>(null);
const failed = signal(false);

getJson<OpenApi>("openapi.json").then(
  (found) => { api.value = found; },
  () => { failed.value = true; },
);

/** True, false, or null while it is not known yet. */
export function offers(path: string, method = "get"): boolean | null {
  if (api.value === null) return failed.value ? false : null;
  return method in (api.value.paths[path] ?? {});
}

/** Whether a wire type has a field, e.g. the facet of topics. */
export function mentions(schema: string, text: string): boolean {
  const found = api.value?.components?.schemas?.[schema];
  return found !== undefined && JSON.stringify(found).includes(`"${text}"`);
}
