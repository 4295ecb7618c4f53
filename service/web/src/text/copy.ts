/** Clauses as text with their source, and the clipboard. */
import { t } from "../i18n";
import { toast } from "../ui/toast";

export interface Cited { text: string; citation: string }

export function withCitation(clause: Cited): string {
  return `${clause.text}\n——${clause.citation}`;
}

/** Plain-HTTP pages of an office network have no clipboard API; the old way works there. */
function copyOld(text: string): boolean {
  const area = document.createElement("textarea");
  const focused = document.activeElement;
  area.value = text;
  area.className = "offscreen";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
  return done;
}

export async function copyText(text: string): Promise<void> {
  let done = false;
  try {
    await navigator.clipboard.writeText(text);
    done = true;
  } catch {
    done = copyOld(text);
  }
  toast(t(done ? "app.copied" : "app.copy.failed"));
}

export function copyCited(clauses: Cited[]): Promise<void> {
  return copyText(clauses.map(withCitation).join("\n\n"));
}
