import type { Difference } from "../api/types";

/** A precedent against the draft: what it adds, what it lacks; numbers boxed. */
export function Diff({ parts, lang }: { parts: Difference[]; lang?: string }) {
  return (
    <p class="diff" lang={lang}>
      {parts.map((part, at) => {
        const box = part.number ? "number" : undefined;
        if (part.op === "equal") return <span key={at} class={box}>{part.source}</span>;
        return (
          <span key={at}>
            {part.draft && <del class={box}>{part.draft}</del>}
            {part.source && <ins class={box}>{part.source}</ins>}
          </span>
        );
      })}
    </p>
  );
}
