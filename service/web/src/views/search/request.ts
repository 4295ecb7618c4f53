/** The address of a search and the request that answers it. */
import { mentions } from "../../api/features";
import type { SearchAnswer } from "../../api/types";
import { getJson } from "../../api/client";

export const FACETS = ["kinds", "issuers", "regions", "years", "modality", "topics"] as const;
export type FacetName = (typeof FACETS)[number];
export type Chosen = Record<FacetName, string[]>;
export const PAGE = 20;
const MOST = 100; // the API's own limit

export interface Wanted { query: string; chosen: Chosen; limit: number }

export function wanted(params: URLSearchParams): Wanted {
  const chosen = Object.fromEntries(FACETS.map((name) => [name, params.getAll(name)])) as Chosen;
  const limit = Math.min(MOST, Math.max(PAGE, Number(params.get("n")) || PAGE));
  return { query: (params.get("q") ?? "").trim(), chosen, limit };
}

export function addressOf({ query, chosen, limit }: Wanted): Record<string, string | string[] | undefined> {
  return { q: query, ...chosen, n: limit > PAGE ? String(limit) : undefined };
}

export function offered(): FacetName[] {
  return FACETS.filter((name) => name !== "topics" || mentions("SearchIn", "topics"));
}

function filters(chosen: Chosen, except?: FacetName): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const name of FACETS) {
    if (name === except || chosen[name].length === 0) continue;
    if (name === "years") {
      found.issued_from = chosen.years[0];
      found.issued_to = chosen.years[0];
    } else found[name] = chosen[name];
  }
  return found;
}

/** A chosen facet is counted as if nothing were chosen in it, so that its other values stay. */
export async function ask(search: Wanted, signal: AbortSignal): Promise<SearchAnswer> {
  const facets = offered();
  const main = {
    query: search.query, limit: search.limit, filters: filters(search.chosen), facets, collapse: "near",
  };
  const active = facets.filter((name) => search.chosen[name].length > 0);
  if (active.length === 0) return getJson("v1/search", { body: main, signal });
  const others = active.map((name) => ({
    query: search.query, limit: 1, filters: filters(search.chosen, name), facets: [name], collapse: "near",
  }));
  const { answers } = await getJson<{ answers: SearchAnswer[] }>("v1/search:batch", {
    body: { queries: [main, ...others] }, signal,
  });
  const [answer, ...rest] = answers as [SearchAnswer, ...SearchAnswer[]];
  active.forEach((name, at) => {
    // what is chosen keeps the count of the answer that is shown
    answer.facets[name] = { ...rest[at]?.facets[name], ...answer.facets[name] };
  });
  return answer;
}
