import { language, t } from "../i18n";
import { href, view, type View } from "../router";
import { basket } from "../state/basket";
import { apiKey, keyDialog } from "../state/key";
import { nextTheme, theme } from "../state/theme";
import { helpShown } from "./Help";
import { Icon } from "./Icon";

const LINKS: View[] = ["search", "draft", "requirements", "compare", "overview", "quality", "library"];
const THEME_ICON = { auto: "auto", light: "sun", dark: "moon" } as const;

export function Header() {
  return (
    <header class="top">
      <a class="brand" href={href("search")} aria-label="条文 Tiaowen">
        <span class="seal" aria-hidden="true">条文</span>
      </a>
      <nav class="nav" aria-label={t("nav.label")}>
        {LINKS.map((name) => (
          <a key={name} href={href(name)} aria-current={view.value === name ? "page" : undefined}>
            {t(`nav.${name}`)}
          </a>
        ))}
      </nav>
      <div class="tools">
        <a class="tool basket-link" href={href("basket")} aria-current={view.value === "basket" ? "page" : undefined}>
          <Icon name="basket" />
          <span class="tool-name">{t("nav.basket")}</span>
          {basket.value.length > 0 && <span class="count">{basket.value.length}</span>}
        </a>
        <button type="button" class="tool" lang={language.value === "zh" ? "en" : "zh-Hans"}
          onClick={() => { language.value = language.value === "zh" ? "en" : "zh"; }}>
          {t("app.language")}
        </button>
        <button type="button" class="tool" onClick={nextTheme}
          aria-label={t("app.theme", { theme: t(`theme.${theme.value}`) })}
          title={t("app.theme", { theme: t(`theme.${theme.value}`) })}>
          <Icon name={THEME_ICON[theme.value]} />
        </button>
        <button type="button" class="tool" aria-label={t("key.title")} title={t("key.title")} data-on={apiKey.value ? "true" : undefined}
          onClick={() => { keyDialog.value = true; }}>
          <Icon name="lock" />
        </button>
        <button type="button" class="tool keys-tool" aria-label={t("app.keys")} title={t("app.keys")}
          onClick={() => { helpShown.value = true; }}>
          <Icon name="keys" />
        </button>
      </div>
    </header>
  );
}
