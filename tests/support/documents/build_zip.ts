import { deflateRawSync } from "node:zlib";

export type ZipFile = { name: string; content: string | Uint8Array; encrypted?: boolean };

/** A ZIP archive. Checksums are left at zero, which no reader of ours looks at. */
export function buildZip(files: ZipFile[]): Uint8Array {
  const local: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const { name, content, encrypted = false } of files) {
    const plain = typeof content === "string" ? new TextEncoder().encode(content) : content;
    const packed = new Uint8Array(deflateRawSync(plain));
    const fields = numbers([
      [2, 20],
      [2, encrypted ? 1 : 0],
      [2, 8],
      [4, 0],
      [4, 0],
      [4, packed.byteLength],
      [4, plain.byteLength],
      [2, name.length],
      [2, 0],
    ]);
    const title = new TextEncoder().encode(name);
    const entry = concat(numbers([[4, 0x04034b50]]), fields, title, packed);
    local.push(entry);
    directory.push(concat(
      numbers([[4, 0x02014b50], [2, 20]]),
      fields,
      numbers([[2, 0], [2, 0], [2, 0], [4, 0], [4, offset]]),
      title,
    ));
    offset += entry.byteLength;
  }
  const listed = concat(...directory);
  const end = numbers([
    [4, 0x06054b50],
    [2, 0],
    [2, 0],
    [2, files.length],
    [2, files.length],
    [4, listed.byteLength],
    [4, offset],
    [2, 0],
  ]);
  return concat(...local, listed, end);
}

/** A Word document with the given body; `styles` are `[id, name]`. */
export function buildDocx(body: string, styles: [id: string, name: string][] = []): Uint8Array {
  const space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';
  const defined = styles.map(([id, name]) =>
    `<w:style w:type="paragraph" w:styleId="${id}"><w:name w:val="${name}"/></w:style>`
  );
  return buildZip([
    {
      name: "[Content_Types].xml",
      content: '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    },
    {
      name: "word/document.xml",
      content: `<w:document ${space}><w:body>${body}</w:body></w:document>`,
    },
    { name: "word/styles.xml", content: `<w:styles ${space}>${defined.join("")}</w:styles>` },
  ]);
}

/** `[width in bytes, value]`, little end first. */
function numbers(fields: [width: number, value: number][]): Uint8Array {
  return Uint8Array.from(
    fields.flatMap(([width, value]) =>
      Array.from({ length: width }, (_, index) => (value >>> (8 * index)) & 0xff)
    ),
  );
}

function concat(...parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.byteLength;
  }
  return whole;
}
