import type { Context } from "hono";
import * as z from "zod";
import { NestError, nestMessages } from "./nest_error.ts";
import type { Collection, VapiAccount, VapiObject } from "./store.ts";

export type VapiVariables = { Variables: { account: VapiAccount } };
export type VapiContext = Context<VapiVariables>;

/** A JSON body above this is refused with 413. */
const JSON_LIMIT_BYTES = 1024 * 1024;

/** Reads and validates a JSON body. Throws `NestError` 400 or 413. */
export async function readBody<Schema extends z.ZodType>(
  c: VapiContext,
  schema: Schema,
): Promise<z.output<Schema>> {
  const text = await c.req.text();
  if (new TextEncoder().encode(text).byteLength > JSON_LIMIT_BYTES) {
    throw new NestError(413, "request entity too large");
  }
  if (!(c.req.header("content-type") ?? "").startsWith("application/json")) {
    throw new NestError(400, "content-type must be application/json");
  }
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (error) {
    throw new NestError(400, (error as SyntaxError).message);
  }
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw new NestError(400, nestMessages(parsed.error.issues));
  return parsed.data;
}

const NAMES: Record<Collection, string> = {
  assistants: "Assistant",
  phoneNumbers: "Phone number",
  tools: "Tool",
  files: "File",
  calls: "Call",
};

/** The object that the path's `:id` names. Throws `NestError` 400 or 404. */
export function findObject(c: VapiContext, collection: Collection): VapiObject {
  const id = c.req.param("id") ?? "";
  if (!z.uuid().safeParse(id).success) throw new NestError(400, ["id must be a UUID"]);
  const object = c.get("account")[collection].get(id);
  if (object === undefined) {
    throw new NestError(404, `${NAMES[collection]} with id ${id} does not exist`);
  }
  return object;
}

/** Refuses a reference to an object that the account doesn't have. Throws `NestError` 400. */
export function requireReference(
  account: VapiAccount,
  collection: Collection,
  field: string,
  id: string | null | undefined,
): void {
  if (id === undefined || id === null || account[collection].has(id)) return;
  throw new NestError(400, `${field} ${id} does not exist`);
}
