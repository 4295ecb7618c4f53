import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../i18n";
import { apiKey, keepKey, keyDialog } from "../state/key";
import { Icon } from "./Icon";

/** Every view asks anew with the key: what was refused before is then shown. */
export function KeyDialog() {
  const dialog = useRef<HTMLDialogElement>(null);
  const [typed, setTyped] = useState("");
  const shown = keyDialog.value;
  useEffect(() => {
    if (shown) {
      setTyped(apiKey.value);
      dialog.current?.showModal();
    } else dialog.current?.close();
  }, [shown]);
  const use = (key: string) => {
    keepKey(key.trim());
    window.location.reload();
  };
  return (
    <dialog ref={dialog} class="help" aria-labelledby="key-title" onClose={() => { keyDialog.value = false; }}>
      <div class="help-head">
        <h2 id="key-title">{t("key.title")}</h2>
        <button type="button" class="tool" aria-label={t("app.close")} onClick={() => { keyDialog.value = false; }}>
          <Icon name="close" />
        </button>
      </div>
      <form onSubmit={(event) => { event.preventDefault(); use(typed); }}>
        <label class="key-label">{t("key.label")}
          <input class="field" type="password" name="key" autocomplete="off" spellcheck={false} placeholder="tw_…" required
            value={typed} onInput={(event) => setTyped(event.currentTarget.value)} />
        </label>
        <p class="quiet">{t("key.hint")}</p>
        <div class="view-tools dialog-tools">
          {apiKey.value && <button type="button" class="button" onClick={() => use("")}>{t("key.forget")}</button>}
          <button type="submit" class="button primary">{t("key.use")}</button>
        </div>
      </form>
    </dialog>
  );
}
