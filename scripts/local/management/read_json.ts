import * as z from "zod";
import { ManagementError } from "./management_error.ts";

/** A request's body as its published schema has it. Throws ManagementError 400. */
export async function readJson<Schema extends z.ZodType>(
  request: Request,
  schema: Schema,
): Promise<z.output<Schema>> {
  const value = await request.json().catch(() => {
    throw new ManagementError(400, "Expected a body of JSON");
  });
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ManagementError(400, `${issue?.path.join(".") || "body"}: ${issue?.message}`);
}
