import { Hono } from "hono";
import * as z from "zod";
import { findObject, readBody } from "./context.ts";
import type { VapiVariables } from "./context.ts";
import { NestError, nestMessages } from "./nest_error.ts";
import { insertObject, patchObject } from "./store.ts";
import type { VapiAccount, VapiObject } from "./store.ts";

const EXTENSIONS = "txt pdf docx doc csv md tsv yaml json xml log".split(" ");

const purpose = z.enum(["assistant", "composer-attachment", "knowledge-base-v2"]);
const upload = z.strictObject({
  file: z.instanceof(File, { error: "file should not be empty" }),
  purpose: purpose.optional(),
  metadata: z.string().max(4096).optional(),
});
const list = z.strictObject({ purpose });
const update = z.strictObject({ name: z.string().min(1).max(40).optional() });

/** `/file`. A new file is `processing` as often as it is looked at, up to the account's `filePolls`. */
export function fileRoutes() {
  const app = new Hono<VapiVariables>();
  app.post("/", async (c) => {
    const form = await c.req.formData().catch(() => null);
    if (form === null) throw new NestError(400, "Multipart: Boundary not found");
    const parsed = upload.safeParse(Object.fromEntries(form));
    if (!parsed.success) throw new NestError(400, nestMessages(parsed.error.issues));
    const created = storeFile(c.get("account"), parsed.data, new URL(c.req.url).origin);
    return c.json(created, 201);
  });
  app.get("/", (c) => {
    const { purpose } = parseList(c.req.query());
    const account = c.get("account");
    const files = [...account.files.values()].filter((file) => file["purpose"] === purpose);
    return c.json(files.toReversed().map((file) => advanceFile(account, file)));
  });
  app.get("/:id", (c) => c.json(advanceFile(c.get("account"), findObject(c, "files"))));
  app.patch("/:id", async (c) => {
    const fields = await readBody(c, update);
    return c.json(patchObject(c.get("account"), "files", findObject(c, "files"), fields));
  });
  app.delete("/:id", (c) => {
    const object = findObject(c, "files");
    c.get("account").files.delete(object.id);
    return c.json(object);
  });
  return app;
}

/** A list names a purpose and has no pages. */
function parseList(query: Record<string, string>): z.output<typeof list> {
  const parsed = list.safeParse(query);
  if (!parsed.success) throw new NestError(400, nestMessages(parsed.error.issues));
  return parsed.data;
}

function storeFile(
  account: VapiAccount,
  { file, purpose, metadata }: z.output<typeof upload>,
  origin: string,
): VapiObject {
  const extension = file.name.split(".").at(-1)?.toLowerCase() ?? "";
  if (!EXTENSIONS.includes(extension)) {
    throw new NestError(400, `File type .${extension} is not supported`);
  }
  if (file.size === 0) throw new NestError(400, "File is empty");
  const failed = account.failFiles > 0;
  if (failed) account.failFiles -= 1;
  const stored = insertObject(account, "files", {
    object: "file",
    status: "processing",
    name: file.name.slice(0, 40),
    originalName: file.name,
    bytes: file.size,
    mimetype: file.type,
    ...(purpose === undefined ? {} : { purpose }),
    ...(metadata === undefined ? {} : { metadata: parseMetadata(metadata) }),
  });
  stored["url"] = `${origin}/file/${stored.id}`;
  account.pendingFiles.set(stored.id, {
    polls: account.filePolls,
    outcome: failed ? "failed" : "done",
  });
  return stored;
}

function parseMetadata(metadata: string): unknown {
  try {
    return JSON.parse(metadata);
  } catch {
    throw new NestError(400, ["metadata must be a json string"]);
  }
}

function advanceFile(account: VapiAccount, file: VapiObject): VapiObject {
  if (file["status"] !== "processing") return file;
  const pending = account.pendingFiles.get(file.id) ?? { polls: 0, outcome: "done" };
  if (pending.polls > 0) {
    pending.polls -= 1;
    return file;
  }
  account.pendingFiles.delete(file.id);
  return patchObject(account, "files", file, { status: pending.outcome });
}
