import { getJson } from "./client";
import type { DocumentList, DocumentRow } from "./types";

const PAGE = 500; // the API's own limit
const MOST = 5000; // rows that a table of the page still shows well

/** The whole list of documents, page by page. */
export async function allDocuments(signal: AbortSignal): Promise<DocumentList> {
  const first = await getJson<DocumentList>(`v1/documents?limit=${PAGE}`, { signal });
  const documents: DocumentRow[] = [...first.documents];
  while (documents.length < Math.min(first.total, MOST)) {
    const next = await getJson<DocumentList>(`v1/documents?limit=${PAGE}&offset=${documents.length}`, { signal });
    if (next.documents.length === 0) break;
    documents.push(...next.documents);
  }
  return { ...first, documents };
}
