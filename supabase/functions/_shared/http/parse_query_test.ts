import { deepEqual, equal } from "node:assert/strict";
import { Hono } from "hono";
import * as z from "zod";
import { AppError, type FieldError } from "../errors.ts";
import type { AppEnvironment } from "./context.ts";
import { NO_PARAMETERS, parseQuery } from "./parse_query.ts";

const schema = z.strictObject({ dry_run: z.enum(["true", "false"]).default("false") });

async function parse(query: string, wanted: z.ZodType = schema): Promise<unknown> {
  const app = new Hono<AppEnvironment>();
  app.get("/", (context) => {
    try {
      return Response.json(parseQuery(wanted, context, "save"));
    } catch (error) {
      return Response.json(error instanceof AppError ? error.errors : String(error));
    }
  });
  return await (await app.request(`/${query}`)).json();
}

const refused = (field: string, detail: string): FieldError[] => [{ field, detail }];
const CASES: [string, unknown][] = [
  ["", { dry_run: "false" }],
  ["?dry_run=true", { dry_run: "true" }],
  ["?dryRun=true", refused("dryRun", "is not a known field")],
  ["?dry_run=true&dry_run=false", refused("dry_run", "must be given once")],
  ["?dry_run=true&dry_run=true", refused("dry_run", "must be given once")],
  ["?dry_run=yes", refused("dry_run", "must be one of true, false")],
  ["?__proto__=1", refused("__proto__", "is not a known field")],
];
for (const [query, expected] of CASES) {
  Deno.test(`parseQuery: "${query}"`, async () => deepEqual(await parse(query), expected));
}

Deno.test("parseQuery: a route without parameters takes none", async () => {
  deepEqual(await parse("", NO_PARAMETERS), {});
  deepEqual(
    await parse("?dry_run=true", NO_PARAMETERS),
    refused("dry_run", "is not a known field"),
  );
  equal(NO_PARAMETERS.safeParse({}).success, true);
});
