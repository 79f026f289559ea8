import assert from "node:assert/strict";
import { AGENT_ROLES } from "../../ports.ts";
import { findAgent } from "../agents/registry.ts";
import { FLAGGED_AGENTS } from "../rollout/parse_flags.ts";
import { listPhoneTools } from "./list_phone_tools.ts";
import { isToolName, TOOLS } from "./registry.ts";

const MIGRATIONS = new URL("../../../../migrations/", import.meta.url);

Deno.test("each role has its tools where nothing is enabled, else what is, in the registry's order", () => {
  const order = Object.keys(TOOLS);
  for (const role of AGENT_ROLES) {
    const names = listPhoneTools([], role);
    assert.deepEqual(names, order.filter((name) => isToolName(name) && names.includes(name)));
    assert.ok(names.includes("take_message") && names.includes("book_appointment"), role);
    assert.deepEqual(listPhoneTools(["search_listings", "x", "take_message"], role), [
      "take_message",
      "search_listings",
    ]);
  }
  assert.ok(listPhoneTools([], "inbound").includes("create_listing"));
  assert.ok(!listPhoneTools([], "outbound").includes("create_listing"));
});

Deno.test("the templates speak of tools that an assistant of their role has", async () => {
  for (const language of ["english", "french"]) {
    const [file] = [...Deno.readDirSync(MIGRATIONS)].filter(({ name }) =>
      name.endsWith(`_add_${language}_agent_templates.sql`)
    );
    const text = await Deno.readTextFile(new URL(file!.name, MIGRATIONS));
    const templates = text.split(/^\($/m).slice(1);
    assert.equal(templates.length, 4);
    for (const template of templates) {
      const role = AGENT_ROLES.find((name) => template.includes(`'${name}'`))!;
      const named = [...template.matchAll(/["«]\s?([a-z]+(?:_[a-z]+)+)\s?["»]/g)].map(([, name]) =>
        name!
      );
      assert.ok(named.includes("book_appointment") && named.length > 2);
      for (const name of named) {
        assert.ok(isToolName(name), name);
        assert.ok(listPhoneTools([], role).includes(name), `${role} ${name}`);
      }
    }
  }
});

Deno.test("no agent in chat has a tool that only a call can do", () => {
  for (const name of FLAGGED_AGENTS) {
    for (const tool of findAgent(name).tools) {
      assert.ok(
        !["take_message", "send_whatsapp_follow_up", "transfer_to_person"].includes(tool),
        `${name} ${tool}`,
      );
    }
  }
});
