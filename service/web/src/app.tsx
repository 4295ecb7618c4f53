import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { t } from "./i18n";
import { view, type View } from "./router";
import { Header } from "./ui/Header";
import { Help } from "./ui/Help";
import { KeyDialog } from "./ui/KeyDialog";
import { Loading } from "./ui/Notice";
import { Toast } from "./ui/toast";
import { ReadView } from "./views/read/ReadView";
import { SearchView } from "./views/search/SearchView";

type Shown = ComponentType;

/** Search and reading come at once; the other views when they are first opened. */
const LATER: Partial<Record<View, () => Promise<Shown>>> = {
  draft: () => import("./views/draft/DraftView").then((found) => found.DraftView),
  basket: () => import("./views/basket/BasketView").then((found) => found.BasketView),
  requirements: () => import("./views/requirements/RequirementsView").then((found) => found.RequirementsView),
  compare: () => import("./views/compare/CompareView").then((found) => found.CompareView),
  overview: () => import("./views/overview/OverviewView").then((found) => found.OverviewView),
  quality: () => import("./views/quality/QualityView").then((found) => found.QualityView),
  judging: () => import("./views/judging/JudgingView").then((found) => found.JudgingView),
  library: () => import("./views/library/LibraryView").then((found) => found.LibraryView),
};
const ready: Partial<Record<View, Shown>> = { search: SearchView, read: ReadView };

function Current({ name }: { name: View }) {
  const [, shown] = useState<View | null>(null);
  const Ready = ready[name];
  useEffect(() => {
    if (ready[name]) return;
    void LATER[name]?.().then((found) => {
      ready[name] = found;
      shown(name);
    });
  }, [name]);
  return Ready ? <Ready /> : <Loading />;
}

export function App() {
  const name = view.value;
  useEffect(() => {
    document.title = `${t(`nav.${name}`)} · 条文 Tiaowen`;
  });
  return (
    <>
      <a class="skip" href="#main">{t("app.skip")}</a>
      <Header />
      <main id="main" data-view={name} tabIndex={-1}>
        <Current name={name} />
      </main>
      <Help />
      <KeyDialog />
      <Toast />
    </>
  );
}
