/** Texts cut into pieces for display. Offsets are code points, as in every answer of the API. */

export interface Mark { start: number; end: number; name: string }
export interface Piece { text: string; names: string[] }

/** Cut `text` wherever a mark begins or ends; each piece names the marks that cover it. */
export function pieces(text: string, marks: Mark[]): Piece[] {
  const characters = Array.from(text);
  const edges = new Set([0, characters.length]);
  for (const mark of marks) {
    edges.add(Math.min(mark.start, characters.length));
    edges.add(Math.min(mark.end, characters.length));
  }
  const cuts = [...edges].sort((a, b) => a - b);
  return cuts.slice(0, -1).map((start, at) => {
    const end = cuts[at + 1] ?? characters.length;
    return {
      text: characters.slice(start, end).join(""),
      names: marks.filter((mark) => mark.start <= start && end <= mark.end).map((mark) => mark.name),
    };
  });
}

/** The language tag that makes browsers choose glyphs of the right script. */
export function scriptLanguage(script: string): string {
  if (script === "traditional") return "zh-Hant";
  return script === "latin" ? "en" : "zh-Hans";
}
