/** Whether there is room for side columns. */
import { signal } from "@preact/signals";

function follows(query: string) {
  const media = window.matchMedia(query);
  const value = signal(media.matches);
  media.addEventListener("change", () => { value.value = media.matches; });
  return value;
}

export const wide = follows("(min-width: 60rem)");
export const wider = follows("(min-width: 78rem)");
