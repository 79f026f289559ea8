import { decodeText } from "./decode_text.ts";
import { unreadable } from "./unreadable.ts";

const DEEPEST = 400;

/**
 * The data of an XML document, a line each: `name: text`, and `name.attribute: value`.
 * @throws AppError `unreadable`, also where the document defines entities of its own
 */
export async function readXml(
  bytes: Uint8Array,
  { file_name, limit, tooLong }: { file_name: string; limit: number; tooLong: () => Error },
): Promise<string> {
  const { Parser } = await import("htmlparser2");
  const start = new TextDecoder("latin1").decode(bytes.subarray(0, 200));
  const declared = /^[^<]{0,3}<\?xml[^>]*?encoding\s*=\s*["']([\w-]+)/i.exec(start)?.[1];
  const xml = decodeText(bytes, file_name, declared);
  if (/<!ENTITY/i.test(xml)) throw unreadable(file_name, "it defines entities of its own");
  const lines: string[] = [];
  const names: string[] = [];
  let length = 0;
  let elements = 0;
  let text = "";
  const add = (line: string) => {
    length += line.length + 1;
    if (length > limit) throw tooLong();
    lines.push(line);
  };
  const flush = () => {
    const value = text.replace(/\s+/g, " ").trim();
    if (value !== "") add(`${names.at(-1) ?? "text"}: ${value}`);
    text = "";
  };
  const parser = new Parser({
    onopentag(name, attributes) {
      flush();
      elements++;
      if (names.push(name) > DEEPEST) throw unreadable(file_name, "it is nested too deep");
      for (const [attribute, value] of Object.entries(attributes)) {
        if (!attribute.startsWith("xmlns") && value.trim() !== "") {
          add(`${name}.${attribute}: ${value.replace(/\s+/g, " ").trim()}`);
        }
      }
    },
    ontext: (part) => void (text += part),
    onclosetag() {
      flush();
      names.pop();
    },
  }, { xmlMode: true, decodeEntities: true });
  parser.end(xml);
  if (elements === 0) throw unreadable(file_name, "it is no XML");
  return lines.join("\n");
}
