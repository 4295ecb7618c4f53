import { t } from "../../i18n";

/** Questions of the kinds people ask, in both scripts and in English. */
const EXAMPLES = ["家长什么时候可以进课堂", "听课不少于几节", "課後服務怎麼收費", "requirements for teaching open weeks"];

export function Welcome({ onPick }: { onPick: (query: string) => void }) {
  return (
    <section class="welcome">
      <p>{t("search.intro")}</p>
      <div class="examples">
        <span class="quiet">{t("search.try")}</span>
        {EXAMPLES.map((query) => (
          <button key={query} type="button" class="chip" onClick={() => onPick(query)}>{query}</button>
        ))}
      </div>
    </section>
  );
}
