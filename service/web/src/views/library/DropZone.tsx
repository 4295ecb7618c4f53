import { useRef, useState } from "preact/hooks";
import { t } from "../../i18n";
import { Icon } from "../../ui/Icon";
import { upload } from "./work";

const FORMATS = ".docx,.pdf,.html,.htm,.txt,.md";

export function DropZone({ busy, ended }: { busy: boolean; ended: () => void }) {
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const take = (files: FileList | null | undefined) => {
    if (files?.length && !busy) void upload([...files], ended);
  };
  return (
    <div class="drop" data-over={over}
      onDragOver={(event) => { event.preventDefault(); setOver(true); }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => { event.preventDefault(); setOver(false); take(event.dataTransfer?.files); }}>
      <Icon name="upload" />
      <p>{t("library.drop")}{" "}
        <button type="button" class="link" disabled={busy} onClick={() => input.current?.click()}>{t("library.choose")}</button>
      </p>
      <p class="quiet">{t("library.formats")}</p>
      <input ref={input} type="file" hidden multiple accept={FORMATS} aria-label={t("library.choose")}
        onChange={(event) => { take(event.currentTarget.files); event.currentTarget.value = ""; }} />
    </div>
  );
}
