import { useEffect } from "preact/hooks";
import { useData } from "../../api/use";
import { t } from "../../i18n";
import { go, href, place } from "../../router";
import { useKeys } from "../../ui/keyboard";
import { Loading, Notice, Trouble } from "../../ui/Notice";
import { wide } from "../../ui/wide";
import { Beside } from "./Beside";
import { DocumentHead } from "./DocumentHead";
import { DocumentText } from "./DocumentText";
import { open, type Opened } from "./load";
import { Outline } from "./Outline";

export type Mode = "text" | "source";

export function ReadView() {
  const id = place.value.params.get("doc") ?? "";
  const found = useData(id || null, (signal) => open(id, signal));
  if (!id) {
    return (
      <Notice title={t("read.none")} whole>
        <p>{t("read.none.hint")}</p>
        <p><a class="button" href={href("library")}>{t("nav.library")}</a></p>
      </Notice>
    );
  }
  if (found.problem) return <Trouble problem={found.problem} again={found.again} />;
  if (!found.data || found.data.document.doc_id !== id) return <Loading />;
  return <Reader opened={found.data} key={id} />;
}

function span(text: string | null): { start: number; end: number } | null {
  const [start, end] = (text ?? "").split("-").map(Number);
  return start !== undefined && end !== undefined && end > start ? { start, end } : null;
}

function Reader({ opened }: { opened: Opened }) {
  const { params } = place.value;
  const { document, outline } = opened;
  const chosen = params.get("clause") ?? "";
  const mode: Mode = params.get("as") === "source" ? "source" : "text";
  const at = outline.findIndex((row) => row.clause_id === chosen);

  const address = (clause: string, as: Mode) =>
    href("read", { doc: document.doc_id, clause, as: as === "source" ? as : undefined });
  const choose = (clause: string) => go(address(clause === chosen ? "" : clause, mode), { replace: true });
  const step = (by: number) => {
    const row = outline[Math.min(outline.length - 1, Math.max(0, at + by))];
    if (row) go(address(row.clause_id, mode), { replace: true });
  };
  useKeys({ j: () => step(1), k: () => step(-1) });
  useEffect(() => reveal(chosen), [chosen, mode]);

  const beside = chosen && at >= 0 ? (
    <Beside key={chosen} clause={chosen} show={params.get("show")}
      previous={outline[at - 1] && (() => step(-1))} next={outline[at + 1] && (() => step(1))} />
  ) : null;
  return (
    <div class="reader">
      <Outline rows={outline} chosen={chosen} addressOf={(clause) => address(clause, mode)} />
      <article class="document">
        <DocumentHead opened={opened} mode={mode}
          onMode={(as) => go(address(chosen, as), { replace: true })} />
        <DocumentText opened={opened} mode={mode} chosen={chosen} passage={span(params.get("s"))}
          onChoose={choose} below={wide.value ? null : beside} />
      </article>
      {wide.value && (
        <aside class="beside-column" aria-label={t("read.aside")}>
          {beside ?? <p class="quiet">{t("read.choose")}</p>}
        </aside>
      )}
    </div>
  );
}

/** Bring a clause into view without moving what is already there. */
function reveal(clause: string): void {
  const block = clause && window.document.getElementById(clause);
  if (!block) return;
  const { top, bottom } = block.getBoundingClientRect();
  const head = window.document.querySelector(".top")?.getBoundingClientRect().bottom ?? 0;
  if (top >= head && bottom <= window.innerHeight) return;
  block.scrollIntoView({ block: bottom - top < window.innerHeight * 0.6 ? "center" : "start" });
}
