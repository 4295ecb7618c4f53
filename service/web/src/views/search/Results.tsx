import { useEffect, useRef, useState } from "preact/hooks";
import type { SearchAnswer } from "../../api/types";
import { count, t } from "../../i18n";
import { go } from "../../router";
import { toggle } from "../../state/basket";
import { copyCited } from "../../text/copy";
import { useKeys } from "../../ui/keyboard";
import { Notice } from "../../ui/Notice";
import { Card, cardAddress } from "./Card";
import { LowConfidence, isLow } from "./LowConfidence";
import { PAGE, type Wanted } from "./request";

interface ResultsProps { answer: SearchAnswer; search: Wanted; onMore: (limit: number) => void }

export function Results({ answer, search, onMore }: ResultsProps) {
  const [at, setAt] = useState(-1);
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => setAt(-1), [answer.query]);

  const move = (by: number) => {
    const cards = [...(list.current?.querySelectorAll<HTMLElement>(".card") ?? [])];
    // a card that has just been given the focus may not have been drawn as the current one yet
    const focused = cards.findIndex((card) => card === document.activeElement);
    const next = Math.min(cards.length - 1, Math.max(0, (focused >= 0 ? focused : at) + by));
    setAt(next);
    const card = cards[next];
    card?.focus({ preventScroll: true });
    card?.scrollIntoView({ block: "nearest" });
  };
  const current = () => answer.hits[Math.max(0, at)];
  const withCurrent = (act: (hit: SearchAnswer["hits"][number]) => void) => () => {
    const hit = current();
    if (hit) act(hit);
  };
  const enter = () => {
    const focused = document.activeElement;
    if (focused?.matches(".card")) withCurrent((hit) => go(cardAddress(hit)))();
    else if (focused instanceof HTMLElement) focused.click();
  };
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    c: withCurrent((hit) => void copyCited([hit])),
    x: withCurrent(toggle),
    Enter: enter,
  });

  if (answer.hits.length === 0) {
    return <Notice title={t("search.empty")}><p>{t("search.nothing")}</p></Notice>;
  }
  const more = Math.min(PAGE, 100 - answer.hits.length, answer.total - answer.hits.length);
  return (
    <section class="results" aria-label={t("search.results")}>
      <div class="results-head">
        <p role="status">{t(answer.total - answer.beyond === 1 ? "search.total.one" : "search.total", { n: count(answer.total - answer.beyond) })}{answer.beyond > 0 && <span class="quiet"> · {t("search.beyond", { n: count(answer.beyond) })}</span>}</p>
        <Legend />
      </div>
      {isLow(answer) && <LowConfidence search={search} />}
      <ol class="cards" ref={list}>
        {answer.hits.map((hit, index) => (
          <li key={hit.clause_id}>
            <Card hit={hit} current={index === at} onFocus={() => setAt(index)} low={isLow(answer)} />
          </li>
        ))}
      </ol>
      {more > 0 && search.limit < 100 && (
        <button type="button" class="button more" onClick={() => onMore(search.limit + PAGE)}>{t("app.more", { n: more })}</button>
      )}
    </section>
  );
}

function Legend() {
  return (
    <p class="legend" aria-label={t("search.legend")}>
      <mark data-match="word">{t("search.legend.word")}</mark>
      <mark data-match="meaning">{t("search.legend.meaning")}</mark>
      <span class="passage">{t("search.legend.passage")}</span>
    </p>
  );
}
