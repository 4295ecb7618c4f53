import { useEffect, useRef, useState } from "preact/hooks";
import { useData } from "../../api/use";
import { t } from "../../i18n";
import { go, href, place } from "../../router";
import { Trouble } from "../../ui/Notice";
import { Facets } from "./Facets";
import { Results } from "./Results";
import { SearchBox } from "./SearchBox";
import { Welcome } from "./Welcome";
import { addressOf, ask, wanted, type Wanted } from "./request";

/** How long a pause in typing means "answer now", in milliseconds. */
const PAUSE = 160;

export function SearchView() {
  const search = wanted(place.value.params);
  const [typed, setTyped] = useState(search.query);
  const timer = useRef(0);
  const settled = useRef(true); // whether the next typed query deserves its own step back
  const toFirst = useRef(false); // whether the keyboard goes to the first result once it is there
  const found = useData(search.query ? JSON.stringify(search) : null, (signal) => ask(search, signal));

  useEffect(() => setTyped((now) => (now.trim() === search.query ? now : search.query)), [search.query]);
  useEffect(() => () => window.clearTimeout(timer.current), []);

  const show = (next: Wanted, { replace = false } = {}) => {
    window.clearTimeout(timer.current);
    go(href("search", addressOf(next)), { replace });
  };
  const now = (query: string) => {
    const next = query.trim();
    if (next === search.query) return;
    show({ ...search, query: next, limit: 0 }, { replace: !settled.current });
    settled.current = false;
  };
  const typing = (query: string) => {
    setTyped(query);
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => now(query), PAUSE);
  };
  const submit = () => {
    now(typed);
    settled.current = true;
    toFirst.current = true;
    focusFirst();
  };
  const focusFirst = () => {
    if (!toFirst.current || found.data?.query !== search.query) return;
    toFirst.current = false;
    document.querySelector<HTMLElement>(".card")?.focus();
  };
  useEffect(focusFirst, [found.data]);
  const choose = (next: Wanted) => {
    settled.current = true;
    show({ ...next, limit: 0 });
  };

  return (
    <div class="search" data-asked={search.query !== ""}>
      <h1 class="offscreen">{t("nav.search")}</h1>
      <SearchBox value={typed} onType={typing} onSubmit={submit} />
      {!search.query && <Welcome onPick={(query) => { setTyped(query); now(query); settled.current = true; }} />}
      {search.query && found.problem && <Trouble problem={found.problem} again={found.again} />}
      {search.query && !found.problem && found.data && (
        <div class="search-body" aria-busy={found.loading}>
          <Facets answer={found.data} search={search} onChoose={choose} />
          <Results answer={found.data} search={search} onMore={(limit) => show({ ...search, limit }, { replace: true })} />
        </div>
      )}
    </div>
  );
}
