import { useState } from "preact/hooks";
import { offers } from "../../api/features";
import { allDocuments } from "../../api/documents";
import type { DocumentList } from "../../api/types";
import { useData } from "../../api/use";
import { count, t } from "../../i18n";
import { half, Loading, Notice, Trouble } from "../../ui/Notice";
import { Documents } from "./Documents";
import { DropZone } from "./DropZone";
import { Progress } from "./Progress";
import { reindex, work } from "./work";

export function LibraryView() {
  const found = useData("documents", allDocuments);
  const [sought, setSought] = useState("");
  if (found.problem) return <Trouble problem={found.problem} again={found.again} />;
  if (!found.data) return <Loading />;
  const writes = offers("/v1/documents", "post");
  const busy = work.value.step === "sending" || work.value.step === "working";
  return (
    <div class="library-view">
      <header class="view-head">
        <h1>{t("nav.library")} <small>{count(found.data.total)} {t("overview.documents")}</small></h1>
        {offers("/v1/indexes", "post") && (
          <button type="button" class="button" disabled={busy} onClick={() => void reindex(found.again)}>{t("library.reindex")}</button>
        )}
      </header>
      {writes && <DropZone busy={busy} ended={found.again} />}
      {writes === false && <p class="quiet">{t("library.readonly")}</p>}
      <Progress documents={found.data.documents} />
      <label class="library-find">{t("library.find")}
        <input class="field" type="search" value={sought} onInput={(event) => setSought(event.currentTarget.value)} />
      </label>
      <Documents rows={found.data.documents} sought={sought} writes={writes === true && !busy} ended={found.again} />
      <Unread errors={found.data.errors} />
    </div>
  );
}

function Unread({ errors }: { errors: DocumentList["errors"] }) {
  if (errors.length === 0) return null;
  return (
    <Notice title={t("library.errors")} tone="warn">
      <ul>{errors.map((error) => <li key={error.source}><strong>{error.source}</strong> {half(error.message)}</li>)}</ul>
    </Notice>
  );
}
