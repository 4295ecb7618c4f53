/** Topics in an order in which those that share documents stand side by side. */
import type { Topic } from "../../api/types";

/** The cosine of two topics' clauses by document, 0 to 1. */
export function kinship(one: Topic, other: Topic): number {
  const dot = Object.entries(one.documents).reduce((sum, [doc, number]) => sum + number * (other.documents[doc] ?? 0), 0);
  return dot / (length(one) * length(other) || 1);
}

function length(topic: Topic): number {
  return Math.hypot(...Object.values(topic.documents));
}

/** The largest first, after each the nearest of those left. */
export function beside(topics: Topic[]): Topic[] {
  const left = [...topics];
  const order: Topic[] = left.splice(0, 1);
  while (left.length > 0) {
    const last = order[order.length - 1] as Topic;
    const near = left.reduce((best, topic, at) => (kinship(last, topic) > kinship(last, left[best] as Topic) ? at : best), 0);
    order.push(...left.splice(near, 1));
  }
  return order;
}
