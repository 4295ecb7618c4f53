import { useEffect, useRef } from "preact/hooks";
import { t } from "../../i18n";
import { Icon } from "../../ui/Icon";

interface SearchBoxProps { value: string; onType: (query: string) => void; onSubmit: () => void }

export function SearchBox({ value, onType, onSubmit }: SearchBoxProps) {
  const box = useRef<HTMLInputElement>(null);
  const composing = useRef(false);
  useEffect(() => { if (!value) box.current?.focus(); }, []);
  return (
    <form class="ask" role="search" onSubmit={(event) => { event.preventDefault(); onSubmit(); }}>
      <label class="offscreen" for="q">{t("search.label")}</label>
      <Icon name="search" />
      <input
        id="q" ref={box} type="search" value={value} maxLength={2000} autocomplete="off" spellcheck={false}
        enterkeyhint="search" placeholder={t("search.placeholder")}
        // half-typed pinyin is not a query
        onCompositionStart={() => { composing.current = true; }}
        onCompositionEnd={(event) => { composing.current = false; onType(event.currentTarget.value); }}
        onInput={(event) => { if (!composing.current) onType(event.currentTarget.value); }}
      />
      <kbd class="ask-key" aria-hidden="true">/</kbd>
      <button type="submit" class="button primary">{t("search.go")}</button>
    </form>
  );
}
