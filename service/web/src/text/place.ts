/** Where a clause stands, as people say it: 三 › 3. */
import { t } from "../i18n";

export function label(part: string): string {
  const paragraph = /^¶(\d+)(?:#\d+)?$/.exec(part);
  return paragraph ? t("clause.paragraph", { n: paragraph[1] ?? "" }) : part;
}

export function pathText(path: string[]): string {
  return path.map(label).join(" › ");
}
