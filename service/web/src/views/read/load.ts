import { getJson, getText, idPath } from "../../api/client";
import type { DocumentFull, EditList, OutlineRow } from "../../api/types";
import { source, type Source } from "../../text/source";

export interface Opened {
  document: DocumentFull;
  outline: OutlineRow[];
  edits: EditList;
  source: Source;
}

export async function open(id: string, signal: AbortSignal): Promise<Opened> {
  const path = `v1/documents/${idPath(id)}`;
  const [document, { outline }, edits, raw] = await Promise.all([
    getJson<DocumentFull>(path, { signal }),
    getJson<{ outline: OutlineRow[] }>(`${path}/outline`, { signal }),
    getJson<EditList>(`${path}/edits`, { signal }),
    getText(`${path}/raw`, { signal }),
  ]);
  return { document, outline, edits, source: source(raw, edits) };
}
