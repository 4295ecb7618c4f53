import { useState } from "preact/hooks";
import { offers } from "../../api/features";
import { getJson } from "../../api/client";
import type { Check, Precedents } from "../../api/types";
import { useData } from "../../api/use";
import { t } from "../../i18n";
import { Loading, Missing, Trouble } from "../../ui/Notice";
import { Checked } from "./Checked";
import { Groups } from "./Groups";

type Act = "precedents" | "check";
/** Hits asked for each sentence. */
const EACH = 8;
const KEY = "tiaowen.draft";

export function DraftView() {
  const [text, setText] = useState(sessionStorage.getItem(KEY) ?? "");
  const [asked, setAsked] = useState<{ act: Act; text: string } | null>(null);
  if (offers("/v1/precedents", "post") === false) return <Missing />;
  const ask = (act: Act) => {
    if (text.trim()) setAsked({ act, text });
  };
  return (
    <div class="draft-view">
      <h1 class="offscreen">{t("nav.draft")}</h1>
      <form class="draft-form" onSubmit={(event) => { event.preventDefault(); ask("precedents"); }}>
        <label for="draft">{t("draft.label")}</label>
        <p class="quiet">{t("draft.intro")}</p>
        <textarea id="draft" class="field" rows={5} value={text} placeholder={t("draft.placeholder")}
          onInput={(event) => { setText(event.currentTarget.value); sessionStorage.setItem(KEY, event.currentTarget.value); }} />
        <div class="view-tools">
          <button type="submit" class="button primary">{t("draft.precedents")}</button>
          {offers("/v1/drafts:check", "post") && (
            <button type="button" class="button" onClick={() => ask("check")}>{t("draft.check")}</button>
          )}
        </div>
      </form>
      {asked?.act === "precedents" && <Found text={asked.text} />}
      {asked?.act === "check" && <WholeDraft text={asked.text} />}
    </div>
  );
}

function Found({ text }: { text: string }) {
  const found = useData(text, (signal) => getJson<Precedents>("v1/precedents", { body: { text, limit: EACH }, signal }));
  if (found.problem) return <Trouble problem={found.problem} again={found.again} />;
  if (!found.data) return <Loading />;
  return (
    <div class="sentences" aria-busy={found.loading}>
      <p class="quiet">{t("draft.legend")}</p>
      {found.data.sentences.map((sentence, at) => (
        <section key={at} class="sentence">
          <h2><span class="badge">{t("draft.draft")}</span> {sentence.text}</h2>
          {sentence.groups.length === 0 ? <p class="quiet">{t("draft.none")}</p> : <Groups groups={sentence.groups} />}
        </section>
      ))}
    </div>
  );
}

function WholeDraft({ text }: { text: string }) {
  const found = useData(text, (signal) => getJson<Check>("v1/drafts:check", { body: { text, limit: 3 }, signal }));
  if (found.problem) return <Trouble problem={found.problem} again={found.again} />;
  return found.data ? <Checked check={found.data} /> : <Loading />;
}
