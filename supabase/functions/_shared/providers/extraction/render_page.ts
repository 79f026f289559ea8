/** A run of text on a page; `ends` where a line does. Heights and places are in points. */
export type PlacedText = { text: string; ends: boolean; height: number; y: number };

type Line = { text: string; height: number; y: number };

const LONGEST_HEADING = 120;

/** A page as Markdown: what is set larger than its text is a heading, a gap begins a paragraph. */
export function renderPage(items: PlacedText[]): string {
  const lines = joinLines(items);
  const body = findBodyHeight(lines);
  let page = "";
  let before: (Line & { level: number }) | null = null;
  for (const line of lines) {
    const level = findLevel(line, body);
    const apart = before !== null &&
      (level !== before.level || Math.abs(before.y - line.y) > 1.7 * Math.max(line.height, 1));
    // A heading on two lines is one.
    const goesOn = before !== null && !apart && level > 0;
    const mark = level > 0 && !goesOn ? `${"#".repeat(level)} ` : "";
    page += `${before === null ? "" : apart ? "\n\n" : goesOn ? " " : "\n"}${mark}${line.text}`;
    before = { ...line, level };
  }
  return page;
}

function joinLines(items: PlacedText[]): Line[] {
  const lines: Line[] = [];
  let text = "";
  let height = 0;
  let y = 0;
  const end = () => {
    const clean = text.replace(/\s+/g, " ").trim();
    if (clean !== "") lines.push({ text: clean, height, y });
    text = "";
    height = 0;
  };
  for (const item of items) {
    if (item.text.trim() !== "") {
      if (height === 0) y = item.y;
      height = Math.max(height, item.height);
    }
    text += item.text;
    if (item.ends) end();
  }
  end();
  return lines;
}

/** The height that most characters of the page have. */
function findBodyHeight(lines: Line[]): number {
  const characters = new Map<number, number>();
  for (const { text, height } of lines) {
    const rounded = Math.round(height * 2) / 2;
    characters.set(rounded, (characters.get(rounded) ?? 0) + text.length);
  }
  return [...characters].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 0;
}

function findLevel({ text, height }: Line, body: number): 0 | 1 | 2 {
  if (body === 0 || text.length > LONGEST_HEADING || !/\p{L}/u.test(text)) return 0;
  if (height >= body * 1.6) return 1;
  return height >= body * 1.2 ? 2 : 0;
}
