import assert from "node:assert/strict";
import { readDevOptions } from "./dev.ts";
import { StackError } from "./local/stack_error.ts";

const CASES = [
  { args: [], expected: { engine: "postgres", reset: false, port: 54_321 } },
  { args: ["--engine", "pglite"], expected: { engine: "pglite", reset: false, port: 54_321 } },
  { args: ["--docker"], expected: { engine: "docker", reset: false, port: 54_331 } },
  {
    args: ["--reset", "--port=4000"],
    expected: { engine: "postgres", reset: true, port: 4_000 },
  },
  { args: ["--help"], expected: "help" },
];

for (const { args, expected } of CASES) {
  Deno.test(`dev ${args.join(" ")}`, () => assert.deepEqual(readDevOptions(args), expected));
}

const REFUSED = [
  { args: ["--engine", "mysql"], reason: /engine "mysql"/ },
  { args: ["--engine", "docker", "--port", "0"], reason: /port "0"/ },
  { args: ["--port", "http"], reason: /port "http"/ },
  { args: ["--fast"], reason: /--fast/ },
];

for (const { args, reason } of REFUSED) {
  Deno.test(`dev ${args.join(" ")} is refused in one line`, () => {
    assert.throws(() => readDevOptions(args), (error: StackError) => {
      assert.match(error.message, reason);
      assert.equal(error.message.includes("\n"), false);
      return error instanceof StackError;
    });
  });
}
