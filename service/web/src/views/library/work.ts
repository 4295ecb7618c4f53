/** Writing the library: a request is accepted at once, the task says when it can be found. */
import { signal } from "@preact/signals";
import { getJson, idPath, Problem } from "../../api/client";
import type { Task } from "../../api/types";

export interface Refused { name: string; message: string; remedy: string }
interface Accepted { task_id: string; task: Task; accepted?: { file_id: string; change?: string }[]; refused?: Refused[] }
export interface Work { step: "idle" | "sending" | "working" | "ended"; task: Task | null; problem: Problem | null; refused: Refused[]; added: string[] }

const IDLE: Work = { step: "idle", task: null, problem: null, refused: [], added: [] };
const LOOK = 400; // milliseconds between looks at a task

export const work = signal<Work>(IDLE);

async function follow(send: () => Promise<Accepted>, ended: () => void): Promise<void> {
  work.value = { ...IDLE, step: "sending" };
  try {
    const { task, refused = [], accepted = [] } = await send();
    const added = accepted.filter((one) => one.change !== "deleted").map((one) => one.file_id);
    work.value = { ...IDLE, step: "working", task, refused, added };
    await watch(task);
    ended();
  } catch (error) {
    const problem = error instanceof Problem ? error : new Problem(0, "unexpected", "", "");
    work.value = { ...IDLE, step: "ended", problem };
  }
}

async function watch(first: Task): Promise<void> {
  let task = first;
  while (task.state === "queued" || task.state === "running") {
    await new Promise((resolve) => window.setTimeout(resolve, LOOK));
    task = await getJson<Task>(`v1/tasks/${task.task_id}`);
    work.value = { ...work.value, task };
  }
  work.value = { ...work.value, step: "ended", task };
}

export function upload(files: File[], ended: () => void): Promise<void> {
  const form = new FormData();
  for (const file of files) form.append("file", file, file.name);
  return follow(() => getJson<Accepted>("v1/documents", { form }), ended);
}

export function removeFile(fileId: string, ended: () => void): Promise<void> {
  return follow(() => getJson<Accepted>(`v1/documents/${idPath(fileId)}`, { method: "DELETE" }), ended);
}

export function reindex(ended: () => void): Promise<void> {
  return follow(() => getJson<Accepted>("v1/indexes", { body: { force: true } }), ended);
}
