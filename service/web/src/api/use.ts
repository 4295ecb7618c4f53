/** Data of a view: asked anew when its key changes, the old answer kept on screen meanwhile. */
import { useEffect, useRef, useState } from "preact/hooks";
import { Problem } from "./client";

export interface Loaded<T> {
  data: T | null;
  problem: Problem | null;
  loading: boolean;
  again: () => void;
}

export function useData<T>(key: string | null, ask: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const [state, setState] = useState<Omit<Loaded<T>, "again">>({ data: null, problem: null, loading: key !== null });
  const [round, setRound] = useState(0);
  const latest = useRef(ask);
  latest.current = ask;
  useEffect(() => {
    if (key === null) {
      setState({ data: null, problem: null, loading: false });
      return;
    }
    const abort = new AbortController();
    setState((was) => ({ ...was, loading: true }));
    latest.current(abort.signal).then(
      (data) => { if (!abort.signal.aborted) setState({ data, problem: null, loading: false }); },
      (error: unknown) => {
        if (abort.signal.aborted) return;
        const problem = error instanceof Problem ? error : new Problem(0, "unexpected", "", "");
        setState((was) => ({ ...was, problem, loading: false }));
      },
    );
    return () => abort.abort();
  }, [key, round]);
  return { ...state, again: () => setRound((count) => count + 1) };
}
