import { createHash } from "node:crypto";
import * as z from "zod";
import { AppError } from "../_shared/errors.ts";
import { createLoadShedder } from "../_shared/http/shed_load.ts";
import { parseWith } from "../_shared/http/parse_with.ts";
import { readJsonBody } from "../_shared/http/read_json_body.ts";
import { readRawBody } from "../_shared/http/read_raw_body.ts";
import type { DocumentChanges } from "../_shared/ports_documents.ts";
import { KNOWLEDGE_CATEGORIES } from "../_shared/ports_knowledge.ts";
import { type ContentInput, MAX_FILE_BYTES } from "../_shared/services/open_source.ts";

/** JSON writes a character in up to six bytes: the largest text fits whatever it holds. */
const MAX_JSON_BYTES = 2 * 1024 * 1024;
/** The fields beside the file, and what separates them. */
const MAX_FORM_BYTES = MAX_FILE_BYTES + 64 * 1024;
/** Whoever sends more than a file may be, but not absurdly more, is told so instead of cut off. */
const DISCARD_BYTES = 64 * 1024 * 1024;
/** Uploads held at once by an isolate until their text is read, each a few times its size in memory. */
const uploads = createLoadShedder({ limits: { upload: 4 } });

const LANGUAGE = "must be a language tag, such as en or pt-BR";
const fields = {
  title: z.string().trim().min(1, "must not be empty").max(200).optional(),
  category: z.enum(KNOWLEDGE_CATEGORIES).optional(),
  language: z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, LANGUAGE).optional(),
  active: z.boolean().optional(),
};
const jsonSchema = z.strictObject({
  ...fields,
  text: z.string().optional(),
  storage_path: z.string().min(1, "must not be empty").max(1_000).optional(),
  url: z.string().min(1, "must not be empty").max(2_000).optional(),
});
const formSchema = z.strictObject({
  ...fields,
  active: z.enum(["true", "false"]).transform((value) => value === "true").optional(),
});

export type DocumentBody = {
  input: { changes: DocumentChanges; content: ContentInput | null };
  /** Tells whether two bodies are the same. */
  hashed: unknown;
  /** Where it holds a place among the uploads, which must be given back. */
  leave?: () => void;
};

export function isForm(request: Request): boolean {
  return /^\s*multipart\/form-data\s*;/i.test(request.headers.get("content-type") ?? "");
}

/**
 * What is sent of a document: JSON with `text`, `storage_path` or `url`, or a form with a `file`,
 * and its title, category, language and whether it is active.
 * @throws AppError `invalid_input`, `payload_too_large`, `unsupported_media_type`, `unavailable`
 *   where too many uploads are being read already
 */
export async function readDocumentBody(request: Request, action: string): Promise<DocumentBody> {
  const type = request.headers.get("content-type") ?? "";
  if (isForm(request)) {
    const announced = Number(request.headers.get("content-length")) || MAX_FORM_BYTES;
    const leave = uploads.enter("upload", Math.min(announced, MAX_FORM_BYTES));
    try {
      return { ...await readForm(request, type, action), leave };
    } catch (error) {
      leave();
      throw error;
    }
  }
  const body = parseWith(
    jsonSchema,
    await readJsonBody(request, { maxBytes: MAX_JSON_BYTES }),
    action,
  );
  const { text, storage_path, url, ...changes } = body;
  const contents: ContentInput[] = [];
  if (text !== undefined) contents.push({ kind: "text", text });
  if (storage_path !== undefined) contents.push({ kind: "storage", path: storage_path });
  if (url !== undefined) contents.push({ kind: "url", url });
  if (contents.length > 1) {
    const detail = "must be the only one of text, storage_path and url";
    throw new AppError("invalid_input", `Cannot ${action}: its content is given more than once`, {
      errors: [{ field: "text", detail }],
    });
  }
  return { input: { changes: dropMissing(changes), content: contents[0] ?? null }, hashed: body };
}

async function readForm(request: Request, type: string, action: string): Promise<DocumentBody> {
  const bytes = await readRawBody(request, {
    maxBytes: MAX_FORM_BYTES,
    discardBytes: DISCARD_BYTES,
  });
  const form = await parseForm(bytes, type, action);
  const files = [...form].filter(([, value]) => typeof value !== "string");
  const others = [...form].filter(([, value]) => typeof value === "string");
  const changes = parseWith(formSchema, Object.fromEntries(others), action);
  const [name, file] = files[0] ?? [];
  if (files.length > 1 || name !== undefined && name !== "file") {
    throw refuseFile(action, 'must be one file, in the field "file"');
  }
  if (!(file instanceof File)) {
    return { input: { changes: dropMissing(changes), content: null }, hashed: changes };
  }
  const content = {
    kind: "file",
    bytes: new Uint8Array(await file.arrayBuffer()),
    file_name: file.name.slice(-200) || "document",
    mime_type: file.type.split(";")[0]?.trim() || null,
  } as const;
  if (content.bytes.byteLength > MAX_FILE_BYTES) {
    throw new AppError(
      "payload_too_large",
      `Cannot ${action}: "${content.file_name}" is larger than ${MAX_FILE_BYTES} bytes`,
      { extensions: { maxBytes: MAX_FILE_BYTES } },
    );
  }
  const hash = createHash("sha256").update(content.bytes).digest("hex");
  const hashed = { ...changes, file_name: content.file_name, file: hash };
  return { input: { changes: dropMissing(changes), content }, hashed };
}

async function parseForm(bytes: Uint8Array, type: string, action: string): Promise<FormData> {
  try {
    return await new Response(bytes as BodyInit, { headers: { "content-type": type } }).formData();
  } catch {
    throw new AppError("invalid_input", `Cannot ${action}: the form is malformed`);
  }
}

function refuseFile(action: string, detail: string): AppError {
  return new AppError("invalid_input", `Cannot ${action}: the file ${detail}`, {
    errors: [{ field: "file", detail }],
  });
}

function dropMissing(
  { title, category, language, active }: {
    [name in keyof DocumentChanges]?: DocumentChanges[name] | undefined;
  },
): DocumentChanges {
  return {
    ...(title === undefined ? {} : { title }),
    ...(category === undefined ? {} : { category }),
    ...(language === undefined ? {} : { language }),
    ...(active === undefined ? {} : { active }),
  };
}
