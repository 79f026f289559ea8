/** What a page's type is called as a file; these are what can be read. */
const ENDING_OF_TYPE: Record<string, string> = {
  "text/html": "html",
  "application/xhtml+xml": "html",
  "text/plain": "txt",
  "text/markdown": "md",
  "text/csv": "csv",
  "text/tab-separated-values": "tsv",
  "application/json": "json",
  "application/yaml": "yaml",
  "application/xml": "xml",
  "text/xml": "xml",
  "application/pdf": "pdf",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
};

/**
 * A name for a page as a file: the last part of its path, or its host, with the ending of its type.
 * @returns null for a type that can't be read
 */
export function namePage(url: URL, contentType: string): string | null {
  const type = contentType.split(";")[0]!.trim().toLowerCase();
  const ending = ENDING_OF_TYPE[type];
  if (ending === undefined) return null;
  const last = url.pathname.split("/").filter((part) => part !== "").at(-1) ?? url.hostname;
  const name = decode(last).replace(/[^\p{L}\p{N}._ -]+/gu, "_").slice(0, 100);
  // Markdown is often served as plain text; its ending says more.
  const said = /\.(md|markdown|csv|tsv|yaml|yml|txt)$/i.test(name) && ending === "txt";
  return said || name.toLowerCase().endsWith(`.${ending}`) ? name : `${name}.${ending}`;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
