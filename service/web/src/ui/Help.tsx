import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { t } from "../i18n";
import { Icon } from "./Icon";

export const helpShown = signal(false);
const KEYS = [
  ["/", "keys.slash"], ["j k", "keys.jk"], ["Enter", "keys.enter"],
  ["c", "keys.c"], ["x", "keys.x"], ["?", "keys.help"],
] as const;

export function Help() {
  const dialog = useRef<HTMLDialogElement>(null);
  const shown = helpShown.value;
  useEffect(() => {
    if (shown) dialog.current?.showModal();
    else dialog.current?.close();
  }, [shown]);
  return (
    <dialog ref={dialog} class="help" aria-labelledby="help-title" onClose={() => { helpShown.value = false; }}>
      <div class="help-head">
        <h2 id="help-title">{t("app.keys")}</h2>
        <button type="button" class="tool" aria-label={t("app.close")} onClick={() => { helpShown.value = false; }}>
          <Icon name="close" />
        </button>
      </div>
      <dl class="keys">
        {KEYS.map(([key, wording]) => (
          <div key={key}>
            <dt>{key.split(" ").map((one) => <kbd key={one}>{one}</kbd>)}</dt>
            <dd>{t(wording)}</dd>
          </div>
        ))}
      </dl>
    </dialog>
  );
}
