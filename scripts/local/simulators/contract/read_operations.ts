import { convertSchema } from "./convert_schema.ts";
import type { Schema } from "./convert_schema.ts";

/** One operation of an OpenAPI document, its body schemas by media type. */
export type Operation = {
  name: string;
  method: string;
  matches: (path: string) => boolean;
  queryNames: Set<string>;
  bodyRequired: boolean;
  bodies: Record<string, Schema>;
};

export type Contract = { operations: Operation[]; components: Schema };

type Parameter = { name?: string; in?: string };
type PathItem = Record<string, {
  parameters?: Parameter[];
  requestBody?: { required?: boolean; content?: Record<string, { schema?: Schema }> };
}>;

const METHODS = new Set(["get", "post", "put", "patch", "delete"]);

/** Reads the operations of an OpenAPI 3 document. Throws when the value is not one. */
export function readOperations(document: unknown): Contract {
  const { openapi, paths, components } = (document ?? {}) as {
    openapi?: unknown;
    paths?: Record<string, PathItem>;
    components?: { schemas?: Record<string, Schema> };
  };
  if (typeof openapi !== "string" || !openapi.startsWith("3.") || typeof paths !== "object") {
    throw new Error("it is not an OpenAPI 3 document");
  }
  const schemas = components?.schemas ?? {};
  const resolve = (reference: string): Schema => {
    const name = reference.replace("#/components/schemas/", "");
    const schema = schemas[name];
    if (schema === undefined) throw new Error(`it refers to "${reference}", which it lacks`);
    return schema;
  };
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).filter(([method]) => METHODS.has(method)).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      matches: matcher(path),
      queryNames: new Set(
        (operation.parameters ?? []).filter((parameter) => parameter.in === "query")
          .map((parameter) => String(parameter.name)),
      ),
      bodyRequired: operation.requestBody?.required ?? false,
      bodies: Object.fromEntries(
        Object.entries(operation.requestBody?.content ?? {}).map(([type, { schema }]) => [
          type,
          convertSchema(schema ?? {}, resolve),
        ]),
      ),
    }))
  );
  const converted = Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [name, convertSchema(schema, resolve)]),
  );
  return { operations, components: { schemas: converted } };
}

function matcher(template: string): (path: string) => boolean {
  const pattern = template.split("/").map((segment) =>
    /^\{.+\}$/.test(segment) ? "[^/]+" : segment.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
  ).join("/");
  const expression = new RegExp(`^${pattern}/?$`);
  return (path) => expression.test(path);
}
