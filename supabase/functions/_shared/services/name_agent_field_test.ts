import { deepEqual } from "node:assert/strict";
import { FIELD_NAMES } from "../domain/behavior/behavior_columns.ts";
import { nameAgentField, nameAgentFields } from "./name_agent_field.ts";

Deno.test("a column has the name that a request uses first", () => {
  const columns = Object.keys(FIELD_NAMES) as (keyof typeof FIELD_NAMES)[];
  deepEqual(columns.map(nameAgentField), columns.map((column) => FIELD_NAMES[column][0]));
  deepEqual(nameAgentFields({ template_id: null, max_call_duration: 60 }), {
    templateId: null,
    maxDurationSeconds: 60,
  });
});
