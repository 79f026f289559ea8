import assert from "node:assert/strict";
import * as z from "zod";
import { AppError, type FieldError } from "../errors.ts";
import { parseWith } from "./parse_with.ts";

const schema = z.strictObject({
  name: z.string().max(5, "must have at most 5 characters"),
  count: z.int().optional(),
  roles: z.array(z.enum(["inbound", "outbound"])).optional(),
  nested: z.strictObject({ flag: z.boolean() }).optional(),
});

function errorsOf(value: unknown): FieldError[] {
  try {
    parseWith(schema, value, "save the agent");
    return [];
  } catch (error) {
    assert.ok(error instanceof AppError);
    assert.equal(error.code, "invalid_input");
    assert.match(error.message, /^Cannot save the agent: /);
    return error.errors;
  }
}

Deno.test("what fits the schema is returned", () => {
  assert.deepEqual(parseWith(schema, { name: "Ada" }, "save the agent"), { name: "Ada" });
});

Deno.test("each bad field has one entry", async (test) => {
  const cases: [string, unknown, FieldError[]][] = [
    ["a missing one", {}, [{ field: "name", detail: "is required" }]],
    ["one of another type", { name: 5 }, [{ field: "name", detail: "must be a string" }]],
    ["null", { name: null }, [{ field: "name", detail: "must be a string" }]],
    ["its own message", { name: "Charles" }, [{
      field: "name",
      detail: "must have at most 5 characters",
    }]],
    ["an unknown one", { name: "Ada", nmae: "x" }, [{
      field: "nmae",
      detail: "is not a known field",
    }]],
    ["two unknown ones", { name: "Ada", a: 1, b: 2 }, [
      { field: "a", detail: "is not a known field" },
      { field: "b", detail: "is not a known field" },
    ]],
    ["one inside", { name: "Ada", nested: { flag: "yes", x: 1 } }, [
      { field: "nested.flag", detail: "must be true or false" },
      { field: "nested.x", detail: "is not a known field" },
    ]],
    ["a fraction", { name: "Ada", count: 1.5 }, [
      { field: "count", detail: "must be a whole number" },
    ]],
    ["a list that is none", { name: "Ada", roles: "inbound" }, [
      { field: "roles", detail: "must be a list" },
    ]],
    ["one of a list", { name: "Ada", roles: ["inbound", "sideways"] }, [
      { field: "roles.1", detail: "must be one of inbound, outbound" },
    ]],
    ["no object", [], [{ field: "", detail: "must be an object" }]],
    ["null itself", null, [{ field: "", detail: "must be an object" }]],
    ["several", { count: "1" }, [
      { field: "name", detail: "is required" },
      { field: "count", detail: "must be a number" },
    ]],
  ];
  for (const [name, value, expected] of cases) {
    await test.step(name, () => {
      const byField = (first: FieldError, second: FieldError) =>
        first.field < second.field ? -1 : 1;
      assert.deepEqual(errorsOf(value).sort(byField), expected.sort(byField));
    });
  }
});

Deno.test("a message of the schema's own is kept", () => {
  const own = z.object({
    role: z.enum(["inbound"], { error: "must be a role we know" }),
    phone: z.string("must be a phone number"),
  });
  assert.throws(() => parseWith(own, { role: "x" }, "save"), (error) => {
    assert.ok(error instanceof AppError);
    assert.deepEqual(error.errors, [
      { field: "role", detail: "must be a role we know" },
      { field: "phone", detail: "must be a phone number" },
    ]);
    return true;
  });
});

Deno.test("a size out of bounds is told in plain words", () => {
  const sizes = z.object({
    name: z.string().min(2),
    text: z.string().max(1),
    code: z.string().length(3),
    roles: z.array(z.string()).min(1),
    tags: z.array(z.string()).max(2),
    few: z.number().min(1),
    many: z.number().max(9),
    positive: z.number().positive(),
    whole: z.int(),
  });
  const value = {
    name: "a",
    text: "ab",
    code: "ab",
    roles: [],
    tags: ["a", "b", "c"],
    few: 0,
    many: 10,
    positive: 0,
    whole: 2 ** 60,
  };
  assert.throws(() => parseWith(sizes, value, "save"), (error) => {
    assert.ok(error instanceof AppError);
    assert.deepEqual(Object.fromEntries(error.errors.map(({ field, detail }) => [field, detail])), {
      name: "must have at least 2 characters",
      text: "must have at most 1 character",
      code: "must have exactly 3 characters",
      roles: "must have at least 1 entry",
      tags: "must have at most 2 entries",
      few: "must be at least 1",
      many: "must be at most 9",
      positive: "must be more than 0",
      whole: `must be at most ${Number.MAX_SAFE_INTEGER}`,
    });
    return true;
  });
});

Deno.test("a missing choice is required", () => {
  const choice = z.object({ role: z.enum(["inbound"]), kind: z.union([z.string(), z.number()]) });
  assert.throws(() => parseWith(choice, {}, "save"), (error) => {
    assert.ok(error instanceof AppError);
    assert.deepEqual(error.errors.map(({ detail }) => detail), ["is required", "is required"]);
    return true;
  });
});

Deno.test("no entry quotes what was sent", () => {
  const text = JSON.stringify(errorsOf({ name: "hunter2-secret", roles: ["hunter2-secret"] }));
  assert.ok(!text.includes("hunter2"));
});

Deno.test("a flood of unknown fields is cut", () => {
  const value = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`x${index}`, 1]));
  assert.equal(errorsOf({ name: "Ada", ...value }).length, 50);
});
