/** A file that the service makes, saved under a name. */
import { authorization } from "../state/key";
import { address, Problem, refusal } from "./client";
import { problemText } from "../ui/Notice";
import { toast } from "../ui/toast";

export async function download(path: string, name: string, body?: unknown): Promise<void> {
  try {
    const response = await fetch(address(path), body === undefined ? { headers: authorization() } : {
      method: "POST", headers: { ...authorization(), "content-type": "application/json" }, body: JSON.stringify(body),
    });
    if (!response.ok) throw await refusal(response);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await response.blob());
    link.download = name;
    link.click();
    window.setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  } catch (error) {
    toast(problemText(error instanceof Problem ? error : new Problem(0, "unreachable", "", "")));
  }
}
