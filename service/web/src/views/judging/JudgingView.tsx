import { useState } from "preact/hooks";
import { offers } from "../../api/features";
import { getJson, Problem } from "../../api/client";
import type { JudgingTask } from "../../api/types";
import { useData } from "../../api/use";
import { count, named, t } from "../../i18n";
import { href } from "../../router";
import { useKeys } from "../../ui/keyboard";
import { Loading, Missing, Notice, Trouble } from "../../ui/Notice";

const GRADES = [0, 1, 2, 3] as const;
type Step = { skipped: true } | { skipped: false; question_id: string; clause_id: string };

/** Grading by keys: what the systems returned and nobody has judged, one clause after another. */
export function JudgingView() {
  const [steps, setSteps] = useState<Step[]>([]);
  const [trouble, setTrouble] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const offered = offers("/v1/judging/next");
  const skipped = steps.filter((step) => step.skipped).length;
  const found = useData(offered ? `judging ${steps.length} ${skipped}` : null, (signal) =>
    getJson<{ task: JudgingTask | null }>(`v1/judging/next?skipped=${skipped}`, { signal }));
  const task = found.loading ? null : found.data?.task ?? null;

  const doing = async (act: () => Promise<unknown>, next: Step[]) => {
    if (busy) return;
    setBusy(true);
    try {
      await act();
      setTrouble(null);
      setSteps(next);
    } catch (error) {
      setTrouble(error instanceof Problem ? error : new Problem(0, "unexpected", "", ""));
    } finally {
      setBusy(false);
    }
  };
  const grade = (value: number) => {
    if (!task) return;
    const pair = { question_id: task.question_id, clause_id: task.clause_id };
    void doing(() => getJson("v1/judging", { body: { ...pair, grade: value } }), [...steps, { skipped: false, ...pair }]);
  };
  const skip = () => { if (task) setSteps([...steps, { skipped: true }]); };
  const undo = () => {
    const last = steps.at(-1);
    if (!last) return;
    const before = steps.slice(0, -1);
    if (last.skipped) setSteps(before);
    else {
      const pair = new URLSearchParams({ question_id: last.question_id, clause_id: last.clause_id });
      void doing(() => getJson(`v1/judging?${pair}`, { method: "DELETE" }), before);
    }
  };
  useKeys({ 0: () => grade(0), 1: () => grade(1), 2: () => grade(2), 3: () => grade(3), s: skip, u: undo });

  if (offered === false) return <Missing />;
  if (found.problem) return <Trouble problem={found.problem} again={found.again} />;
  if (!found.data) return <Loading />;
  const shown = found.data.task;
  return (
    <div class="judging-view" aria-busy={found.loading || busy}>
      <header class="view-head">
        <h1>{t("nav.judging")} {shown && <small role="status">{t("judging.left", { n: count(shown.left) })}</small>}</h1>
        <button type="button" class="button" disabled={steps.length === 0} onClick={undo}>{t("judging.undo")} <kbd>u</kbd></button>
      </header>
      {trouble && <Trouble problem={trouble} again={() => { setTrouble(null); found.again(); }} />}
      {shown ? (
        <>
          <section class="sheet judged">
            <p class="quiet">{t("judging.question")} · {named("category", shown.category)}</p>
            <h2>{shown.query}</h2>
            <p class="citation"><a href={href("read", { doc: shown.clause_id.split("/")[0], clause: shown.clause_id })}>{shown.place}</a></p>
            <p class="clause-text">{shown.text}</p>
          </section>
          <div class="grades" role="group" aria-label={t("judging.grade")}>
            {GRADES.map((value) => (
              <button key={value} type="button" class="button" onClick={() => grade(value)}><kbd>{value}</kbd> {t(`judging.${value}`)}</button>
            ))}
            <button type="button" class="button" onClick={skip}><kbd>s</kbd> {t("judging.skip")}</button>
          </div>
          <p class="quiet">{t("judging.hint")}</p>
        </>
      ) : (
        <Notice title={t("judging.none")}>
          <p>{t("judging.none.hint")}</p>
          <p><a class="button" href={href("quality")}>{t("nav.quality")}</a></p>
        </Notice>
      )}
    </div>
  );
}
