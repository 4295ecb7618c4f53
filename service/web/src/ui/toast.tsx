import { signal } from "@preact/signals";

const message = signal("");
let timer = 0;

/** Say something briefly; screen readers hear it too. */
export function toast(text: string): void {
  message.value = text;
  window.clearTimeout(timer);
  timer = window.setTimeout(() => { message.value = ""; }, 2600);
}

export function Toast() {
  return (
    <div class="toast" role="status" aria-live="polite" data-shown={message.value !== ""}>
      {message.value}
    </div>
  );
}
