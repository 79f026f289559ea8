import type { StackFile } from "../../scripts/local/stack_file.ts";

/**
 * The stack that `deno task test` started for these tests; read anew on each call, because the
 * processes' ids change when they restart.
 */
export function readStack(): StackFile {
  const path = Deno.env.get("SWITCHBOARD_STACK");
  if (path === undefined) {
    throw new Error(
      'Cannot find the stack: run these tests with "deno task test integration" (or e2e, faults), ' +
        "or set SWITCHBOARD_STACK to .local/dev/stack.json while deno task dev runs",
    );
  }
  return JSON.parse(Deno.readTextFileSync(path)) as StackFile;
}
