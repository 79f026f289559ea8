import { withTestStack } from "./scripts/local/checks/with_test_stack.ts";
await withTestStack({ engine: "postgres", signal: new AbortController().signal }, async (stack) => {
  const { code } = await new Deno.Command(Deno.execPath(), { args: ["test", "-A", "--no-check", ...Deno.args], env: { SWITCHBOARD_STACK: stack.path }, stdout: "inherit", stderr: "inherit" }).output();
  return [{ passed: 0, failed: code } as never];
});
