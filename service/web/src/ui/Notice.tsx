import type { ComponentChildren } from "preact";
import type { Problem } from "../api/client";
import { language, t } from "../i18n";
import { apiKey, keyDialog } from "../state/key";

/** `whole`: the notice is all there is of the view and carries its main heading. */
interface NoticeProps { title: string; tone?: "plain" | "warn"; whole?: boolean; children?: ComponentChildren }

export function Notice({ title, tone = "plain", whole = false, children }: NoticeProps) {
  const Heading = whole ? "h1" : "h2";
  return (
    <section class="notice" data-tone={tone}>
      <Heading>{title}</Heading>
      {children}
    </section>
  );
}

/** Refusals that another key mends. */
const KEY_CODES = new Set(["key_missing", "scope_missing"]);

/** The service writes 中文 / English; show the half that the reader chose. */
export function half(text: string): string {
  const parts = text.split(" / ");
  if (parts.length !== 2) return text;
  return (language.value === "zh" ? parts[0] : parts[1]) ?? text;
}

export function problemText(problem: Problem): string {
  if (problem.code === "unreachable") return t("app.unreachable");
  if (problem.code === "key_missing") return t(apiKey.value ? "key.wrong" : "key.missing");
  if (problem.code === "scope_missing") return t("key.scope");
  return half(problem.title) || t("app.unexpected");
}

export function Trouble({ problem, again }: { problem: Problem; again: () => void }) {
  return (
    <Notice title={problemText(problem)} tone="warn">
      {KEY_CODES.has(problem.code) ? <p>{t("key.where")}</p> : problem.remedy && <p>{half(problem.remedy)}</p>}
      {KEY_CODES.has(problem.code)
        ? <button type="button" class="button primary" onClick={() => { keyDialog.value = true; }}>{t("key.enter")}</button>
        : <button type="button" class="button" onClick={again}>{t("app.retry")}</button>}
    </Notice>
  );
}

export function Missing() {
  return <Notice title={t("app.missing")} whole><p>{t("app.missing.hint")}</p></Notice>;
}

/** Appears only if reading takes long enough to be noticed. */
export function Loading() {
  return <p class="loading" role="status">{t("app.loading")}</p>;
}
