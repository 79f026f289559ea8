import assert from "node:assert/strict";
import * as z from "zod";
import { LANGUAGES } from "../session/service_menu.ts";
import { TOOLS } from "../tools/registry.ts";
import type { Tool } from "../tools/tool.ts";
import { ARGUMENT_WORDS, nameArgument, nameValue } from "./argument_words.ts";
import { showCall } from "./show_call.ts";

type Schema = {
  properties?: { [name: string]: Schema };
  items?: Schema;
  anyOf?: Schema[];
  enum?: string[];
  format?: string;
};

/** Every argument that can be written to a person: names of places and ids are none. */
function list(schema: Schema, name = ""): { name: string; values: string[] }[] {
  const { properties, items, anyOf } = schema;
  if (properties !== undefined) {
    return Object.entries(properties).flatMap(([key, each]) =>
      list(each, key === "name" && name !== "" ? name : key)
    );
  }
  if (items !== undefined) return list(items, name);
  if (anyOf !== undefined) return anyOf.flatMap((each) => list(each, name));
  return schema.format === "uuid" ? [] : [{ name, values: schema.enum ?? [] }];
}

Deno.test("whatever a model may write is asked in words of every language", () => {
  let seen = 0;
  for (const tool of Object.values(TOOLS) as Tool[]) {
    if (tool.confirm === undefined) continue;
    const schema = z.toJSONSchema(tool.input, { io: "input", unrepresentable: "any" }) as Schema;
    for (const { name, values } of list(schema)) {
      if (name === "attributes" || name === "details") continue;
      assert.ok(Object.hasOwn(ARGUMENT_WORDS, name), `"${name}" has no words`);
      for (const value of values) {
        for (const language of LANGUAGES) {
          const shown = nameValue(name, value, language);
          assert.ok(!shown.includes("_"), `${name} ${value} ${language}`);
          if (language === "rw") assert.notEqual(shown, value, `${name} ${value}`);
          seen += 1;
        }
      }
    }
  }
  assert.ok(seen > 80, `${seen} were seen`);
});

Deno.test("a question shows no name that only machines know", () => {
  const input = { domain: "jobs", side: "offer", title: "Umushoferi", place: { name: "Huye" } };
  assert.equal(
    showCall("Umushoferi\n\nMbitangaze?", { input, title: null, language: "rw" }),
    "Serivisi: Akazi\nItangazo: Bitangwa\nAhantu: Huye\nUmushoferi\n\nMbitangaze?",
  );
  assert.equal(nameArgument("years_of_work", "en"), "years of work", "but for what it makes up");
  assert.equal(nameValue("category", "toString", "en"), "toString");
});
