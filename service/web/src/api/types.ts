/** What goes over the wire, as /openapi.json documents it. Offsets are code points. */

export interface Repair { start: number; end: number; text: string; replacement: string; reason: string }
export interface Highlight { start: number; end: number; match: "word" | "meaning" }
export type Modality = "must" | "must_not" | "may" | "encouraged" | "planned";

export interface Metadata {
  issuer: string;
  region: string;
  doc_number: string;
  issued: string;
  script: string;
  source: string;
  clause_kind?: string;
  modality?: Modality[];
}

export interface Clause {
  clause_id: string;
  doc_id: string;
  title: string;
  kind: string;
  label: string;
  path: string[];
  heading_path: string[];
  text: string;
  metadata: Metadata;
  repairs: Repair[];
  citation: string;
}

export interface Hit extends Clause {
  rank: number;
  score: number;
  passage: { text: string; start: number; end: number };
  highlights: Highlight[];
  anchor: { start: number; end: number };
  duplicates: { count: number; clause_ids: string[] };
}

export interface SearchAnswer {
  query: string;
  analysis: { asks: string[]; words: string[]; notes: string[] };
  confidence: number;
  total: number;
  beyond: number;
  hits: Hit[];
  facets: Record<string, Record<string, number>>;
  warnings: { code: string; message: string }[];
  index_version: string;
  took_ms: number;
}

export interface DocumentRow extends Metadata {
  doc_id: string;
  file_id: string;
  part: number;
  title: string;
  kind: string;
  clauses: number;
}

export interface DocumentFull extends DocumentRow {
  characters: number;
  edits: Record<string, number>;
}

export interface DocumentList {
  total: number;
  documents: DocumentRow[];
  errors: { source: string; code: string; message: string }[];
  index_version: string;
}

export interface OutlineRow {
  clause_id: string;
  label: string;
  depth: number;
  heading: string;
  kind: string;
  start: number;
  end: number;
}

export interface EditRow {
  start: number;
  end: number;
  kind: string;
  reason: string;
  was: string;
  replacement: string;
}

export interface EditList {
  extent: { start: number; end: number };
  kept: number;
  removed: number;
  edits: EditRow[];
}

export interface Context {
  clause: Clause;
  ancestors: Clause[];
  children: Clause[];
  before: Clause[];
  after: Clause[];
}

export interface Similar { hits: (Clause & { score: number; near_copy: boolean })[] }

export interface Difference { op: "equal" | "insert" | "delete" | "replace"; draft: string; source: string; number: boolean }
export interface Precedent extends Clause { passage: { text: string }; diff: Difference[] }
export interface PrecedentGroup {
  kind: "near_verbatim" | "reworded" | "same_topic";
  formula: string;
  documents: number;
  hits: Precedent[];
}
export interface Precedents { sentences: { text: string; groups: PrecedentGroup[] }[] }

export interface CheckedSentence {
  text: string;
  verdict: "novel" | "formulaic" | "near_verbatim";
  sources: { clause_id: string; citation: string; text: string; diff: Difference[] }[];
}
export interface Check {
  kind: string;
  counts: Record<CheckedSentence["verdict"], number>;
  sentences: CheckedSentence[];
  missing?: unknown;
}

export interface JudgingTask {
  question_id: string;
  query: string;
  category: string;
  clause_id: string;
  place: string;
  text: string;
  left: number;
}

export interface Quantity { value: number | [number, number]; bound: string; unit: string }
export interface Requirement {
  doc_id: string;
  clause_id: string;
  text: string;
  actor: string;
  modality: Modality;
  action: string;
  quantity: Quantity | null;
  period: string;
  deadline: string;
  share: string;
  title: string;
  issued: string;
  citation: string;
}
export interface Distribution {
  what: string;
  unit: string;
  documents: number;
  numbers: { wording: string; quantity: Quantity; period: string; documents: string[]; clause_ids: string[] }[];
}

export interface Matrix {
  base: string;
  columns: { name: string; title: string }[];
  rows: { point: string; wording: string; cells: Record<string, Precedent | null> }[];
}

export interface Topic { topic: string; label: string; clauses: number; documents: Record<string, number>; years: Record<string, number> }

export interface Task {
  task_id: string;
  state: "queued" | "running" | "succeeded" | "failed" | "kept_aside";
  stage: string;
  progress: number;
  documents: number;
  clauses: number;
  gate: { [name: string]: unknown }[];
  error: { code?: string; message?: string; remedy?: string } | null;
}
