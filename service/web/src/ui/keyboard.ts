/** Single-key commands; never while someone is writing or a dialog is open. */
import { useEffect, useRef } from "preact/hooks";
import { go, href, view } from "../router";
import { helpShown } from "./Help";

type Commands = Partial<Record<string, () => void>>;

function writing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

export function useKeys(commands: Commands): void {
  const latest = useRef(commands);
  latest.current = commands;
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      if (writing(event.target) || document.querySelector("dialog[open]")) return;
      const command = latest.current[event.key];
      if (!command) return;
      event.preventDefault();
      command();
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, []);
}

window.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || writing(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  if (event.key === "?") helpShown.value = true;
  if (event.key === "/") {
    event.preventDefault();
    if (view.value !== "search") go(href("search"));
    requestAnimationFrame(() => document.querySelector<HTMLInputElement>("#q")?.select());
  }
});
