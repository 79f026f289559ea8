import assert from "node:assert/strict";
import { createTool } from "../../../../../scripts/local/simulators/vapi/schemas/tools.ts";
import type { Json, JsonObject } from "../../ports.ts";
import { prepareCall } from "../tools/call_tool.ts";
import { listPhoneTools } from "../tools/list_phone_tools.ts";
import { isToolName, type ToolName, TOOLS } from "../tools/registry.ts";
import type { Tool, ToolContext } from "../tools/tool.ts";
import { renderTools } from "./render_tools.ts";

const server = { url: "https://u", headers: { "X-Vapi-Secret": "s" } };
const ALL = Object.keys(TOOLS).filter(isToolName);

type Schema = JsonObject & { properties: { [name: string]: JsonObject }; required?: string[] };
type Rendered = JsonObject & {
  function: { name: ToolName; description: string; parameters: Schema };
};
const render = (...names: ToolName[]) => renderTools(names, server) as Rendered[];

const context: ToolContext = {
  now: Date.UTC(2026, 10, 23, 10),
  channel: "voice",
  settings: {
    business_hours: {},
    time_zone: "UTC",
    language: "en",
    transfer_number: null,
    enabled_tools: [],
  },
  person: { contactId: "c", phoneNumber: "+250788123456" },
  whatsappConnected: true,
  newId: () => crypto.randomUUID(),
};

Deno.test("a function is what Vapi's document wants, answered by our webhook", () => {
  assert.deepEqual(render("take_message"), [{
    type: "function",
    async: false,
    function: {
      name: "take_message",
      description: TOOLS.take_message.description,
      parameters: {
        type: "object",
        properties: {
          message: { type: "string", description: "What the staff should know" },
          caller_name: { type: "string", description: "Who the message is from" },
          callback_number: {
            type: "string",
            description: "Where to call back, if it is another number than the one being used",
          },
          urgent: { type: "boolean", description: "Whether it can't wait" },
          confirmed: {
            type: "boolean",
            description:
              "true only after the caller has said yes to what was read back to them; leave it out the first time",
          },
        },
        required: ["message"],
      },
    },
    server,
  }]);
  for (const tool of render(...ALL)) createTool.parse(tool);
});

Deno.test("what writes takes confirmed, and nothing else does", () => {
  for (const { function: { name, parameters } } of render(...ALL)) {
    const tool: Tool = TOOLS[name];
    assert.equal(Object.hasOwn(parameters.properties, "confirmed"), tool.confirm !== undefined);
    assert.ok(!parameters.required?.includes("confirmed"), name);
  }
});

/** A value as a model would make it of a schema; `all` fills what may be left out as well. */
function fill(schema: JsonObject, all: boolean): Json {
  const { type, enum: values, format, pattern } = schema;
  switch (type) {
    case "object": {
      const { properties, required = [] } = schema as Schema;
      return Object.fromEntries(
        Object.entries(properties).filter(([name]) => all || required.includes(name))
          .map(([name, value]) => [name, fill(value, all)]),
      );
    }
    case "array":
      return [fill(schema.items as JsonObject, all)];
    case "boolean":
      return true;
    case "number":
    case "integer":
      return 1;
  }
  if (Array.isArray(values)) return values[0] ?? null;
  if (format === "uuid") return "11111111-1111-4111-8111-111111111111";
  if (format === "date") return "2026-11-24";
  if (pattern === "^[A-Z]{3}$") return "RWF";
  if (typeof pattern === "string") return "10:30";
  return "some words";
}

/** A price or a state: which of them doesn't matter to a schema. */
const WANTS_MORE: ToolName[] = ["update_listing"];

Deno.test("whatever fits what is offered is understood by tool-calls", () => {
  for (const { function: { name, parameters } } of render(...listPhoneTools([], null))) {
    for (const all of [true, false]) {
      if (!all && WANTS_MORE.includes(name)) continue;
      const given = fill(parameters, all) as JsonObject;
      const call = prepareCall({ name, arguments: given }, context);
      assert.ok(call.ok, `${name} ${JSON.stringify(given)}: ${call.ok ? "" : call.error}`);
    }
  }
});

Deno.test("what is offered is what tool-calls answers, for each role and whatever is enabled", () => {
  const enabled: string[][] = [[], ["take_message"], ["hand_over"], ["nonsense"], ALL];
  for (const role of ["inbound", "outbound"] as const) {
    for (const enabled_tools of enabled) {
      const where = { ...context, role, settings: { ...context.settings, enabled_tools } };
      const answered = ALL.filter((name) => {
        const call = prepareCall({ name, arguments: {} }, where);
        return call.ok || call.error.startsWith("The arguments");
      });
      const names = listPhoneTools(enabled_tools, role);
      assert.deepEqual(answered, names);
      assert.deepEqual(render(...names).map((tool) => tool.function.name), names);
    }
  }
  // Whatever the registry has is for the phone or says that it isn't.
  assert.deepEqual(ALL.filter((name) => !listPhoneTools([], null).includes(name)), ["hand_over"]);
});
