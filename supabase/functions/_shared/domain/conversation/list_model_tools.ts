import * as z from "zod";
import type { JsonObject } from "../../ports.ts";
import type { ModelTool } from "../../ports_model.ts";

type Described = { description: string; input: z.ZodType };

/** Tools as a model is offered them; names that aren't in the registry are left out. */
export function listModelTools(
  registry: { readonly [name: string]: Described },
  names: readonly string[],
): ModelTool[] {
  return names.filter((name) => Object.hasOwn(registry, name)).map((name) => {
    const { description, input } = registry[name]!;
    return { name, description, input_schema: describeInput(input) };
  });
}

/** JSON Schema of what a schema takes, without the address of JSON Schema itself. */
function describeInput(input: z.ZodType): JsonObject {
  const { $schema: _, ...schema } = z.toJSONSchema(input, { io: "input", unrepresentable: "any" });
  return schema as JsonObject;
}
