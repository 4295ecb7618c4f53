/** Requests to the public API; a refusal becomes a Problem with what to do next. */
import { href } from "../router";
import { authorization } from "../state/key";

const ROOT = href("search").replace(/\?.*$/, "");

export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly remedy: string,
  ) {
    super(title);
  }
}

export interface Ask {
  method?: string;
  body?: unknown;
  form?: FormData;
  signal?: AbortSignal;
  headers?: Record<string, string>;
}

export function address(path: string): string {
  return ROOT + path.replace(/^\//, "");
}

/** An id in a path: its slashes stay, everything else is escaped. */
export function idPath(id: string): string {
  return id.split("/").map(encodeURIComponent).join("/");
}

async function send(path: string, ask: Ask): Promise<Response> {
  const headers: Record<string, string> = { ...authorization(), ...ask.headers };
  if (ask.body !== undefined) headers["content-type"] = "application/json";
  try {
    return await fetch(address(path), {
      method: ask.method ?? (ask.body === undefined && !ask.form ? "GET" : "POST"),
      headers,
      body: ask.form ?? (ask.body === undefined ? undefined : JSON.stringify(ask.body)),
      signal: ask.signal,
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Problem(0, "unreachable", "", "");
  }
}

export async function refusal(response: Response): Promise<Problem> {
  const said = await response.json().catch(() => ({}));
  return new Problem(response.status, said.code ?? "", said.title ?? "", said.remedy ?? "");
}

export async function getJson<T>(path: string, ask: Ask = {}): Promise<T> {
  const response = await send(path, ask);
  if (!response.ok) throw await refusal(response);
  return response.status === 204 ? (undefined as T) : response.json();
}

export async function getText(path: string, ask: Ask = {}): Promise<string> {
  const response = await send(path, ask);
  if (!response.ok) throw await refusal(response);
  return response.text();
}
