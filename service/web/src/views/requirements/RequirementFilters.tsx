import { useRef } from "preact/hooks";
import { allDocuments } from "../../api/documents";
import { useData } from "../../api/use";
import { named, t } from "../../i18n";
import { go, href } from "../../router";

const MODALITIES = ["must", "must_not", "may", "encouraged", "planned"];
const PAUSE = 200; // milliseconds without a key before asking

export function RequirementFilters({ params }: { params: URLSearchParams }) {
  const timer = useRef(0);
  const documents = useData("documents", allDocuments);
  const kinds = [...new Set(documents.data?.documents.map((row) => row.kind).filter(Boolean))].sort();
  const set = (name: string, value: string) => {
    const next = new URLSearchParams(params);
    next.delete("n");
    next.delete(name);
    if (value) next.set(name, value);
    go(`${href("requirements")}?${next}`, { replace: true });
  };
  const later = (name: string, value: string) => {
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => set(name, value.trim()), PAUSE);
  };
  return (
    <form class="filters" onSubmit={(event) => event.preventDefault()}>
      {(["topic", "actor", "period"] as const).map((name) => (
        <label key={name}>{t(`req.${name}`)}
          <input class="field" type="search" placeholder={name === "period" ? t("req.period.example") : undefined} defaultValue={params.get(name) ?? ""} onInput={(event) => later(name, event.currentTarget.value)} />
        </label>
      ))}
      <label>{t("req.modality")}
        <select class="field" value={params.get("modality") ?? ""} onChange={(event) => set("modality", event.currentTarget.value)}>
          <option value="">{t("app.all")}</option>
          {MODALITIES.map((value) => <option key={value} value={value}>{named("modality", value)}</option>)}
        </select>
      </label>
      <label>{t("req.kind")}
        <select class="field" value={params.get("kinds") ?? ""} onChange={(event) => set("kinds", event.currentTarget.value)}>
          <option value="">{t("app.all")}</option>
          {kinds.map((kind) => <option key={kind} value={kind}>{kind}</option>)}
        </select>
      </label>
    </form>
  );
}
