/** A JSON schema, or any part of one. */
export type Schema = { [keyword: string]: unknown };

/** Keywords that say nothing about whether a value is valid. */
const SILENT = new Set([
  "description",
  "title",
  "example",
  "examples",
  "deprecated",
  "default",
  "readOnly",
  "writeOnly",
  "discriminator",
  "nullable",
  "xml",
  "externalDocs",
]);

const isSchema = (value: unknown): value is Schema =>
  value !== null && typeof value === "object" && !Array.isArray(value);
const schemas = (value: unknown): Schema[] => Array.isArray(value) ? value.filter(isSchema) : [];

/**
 * Turns a schema of an OpenAPI 3.0 document into JSON schema that refuses unknown properties and
 * chooses among alternatives by their telling property (`provider`, `type`), so that a mistake is
 * reported where it is and not as "none of 20 matches". `resolve` finds what a `$ref` names.
 *
 * Three habits of NestJS's generator are read as what they mean: `type: object` beside an `enum` of
 * strings is the enum; items that are a bare `type: object` are of any type; an `enum` beside
 * `type: array` is that of the items.
 */
export function convertSchema(source: Schema, resolve: (reference: string) => Schema): Schema {
  const convert = (schema: Schema) => convertSchema(schema, resolve);
  if (typeof source["$ref"] === "string") return { $ref: source["$ref"] };

  const alternatives = schemas(source["oneOf"] ?? source["anyOf"]);
  if (alternatives.length > 0) {
    return allowNull(source, chooseAlternative(source, alternatives, convert, resolve));
  }
  const parts = schemas(source["allOf"]);
  if (parts.length === 1 && parts[0] !== undefined) return allowNull(source, convert(parts[0]));
  if (parts.length > 1) return allowNull(source, convert(mergeParts(source, parts, resolve)));

  const result: Schema = {};
  for (const [keyword, value] of Object.entries(source)) {
    if (!SILENT.has(keyword)) result[keyword] = value;
  }
  if (isSchema(source["properties"])) {
    result["properties"] = Object.fromEntries(
      Object.entries(source["properties"]).map(([name, value]) => [name, convert(value as Schema)]),
    );
    result["type"] ??= "object";
    result["additionalProperties"] ??= false;
  }
  if (isSchema(source["additionalProperties"])) {
    result["additionalProperties"] = convert(source["additionalProperties"]);
  }
  if (isSchema(source["items"])) {
    const { items } = source;
    const bare = items["type"] === "object" &&
      Object.keys(items).every((key) => key === "type" || SILENT.has(key));
    result["items"] = bare ? {} : convert(items);
  }
  if (Array.isArray(source["enum"])) {
    if (source["type"] === "array") delete result["enum"];
    if (source["type"] === "object") delete result["type"];
    if (source["enum"].length === 0) return { not: {} };
  }
  if (typeof source["pattern"] === "string") {
    result["pattern"] = source["pattern"].replace(/^\/(.*)\/[a-z]*$/s, "$1");
  }
  return allowNull(source, result);
}

function allowNull(source: Schema, schema: Schema): Schema {
  return source["nullable"] === true ? { anyOf: [schema, { type: "null" }] } : schema;
}

function mergeParts(source: Schema, parts: Schema[], resolve: (reference: string) => Schema) {
  const whole: Schema = { type: "object" };
  const properties: Schema = {};
  const required: unknown[] = [];
  for (const part of [...parts, { ...source, allOf: [] }]) {
    const schema = typeof part["$ref"] === "string" ? resolve(part["$ref"]) : part;
    Object.assign(properties, schema["properties"]);
    if (Array.isArray(schema["required"])) required.push(...schema["required"]);
  }
  return { ...whole, properties, required: [...new Set(required)] };
}

function chooseAlternative(
  source: Schema,
  alternatives: Schema[],
  convert: (schema: Schema) => Schema,
  resolve: (reference: string) => Schema,
): Schema {
  const converted = alternatives.map(convert);
  const named = alternatives.map((alternative) =>
    typeof alternative["$ref"] === "string" ? resolve(alternative["$ref"]) : alternative
  );
  const property = tellingProperty(source, named);
  if (property === null) return { anyOf: converted };

  const byValue = new Map<string, Schema[]>();
  for (const [index, alternative] of named.entries()) {
    for (const value of valuesOf(alternative, property)) {
      byValue.set(value, [...(byValue.get(value) ?? []), converted[index] ?? {}]);
    }
  }
  const isRequired = named.every((alternative) =>
    Array.isArray(alternative["required"]) && alternative["required"].includes(property)
  );
  return {
    type: "object",
    allOf: [
      ...[...byValue].map(([value, choices]) => ({
        if: { properties: { [property]: { const: value } }, required: [property] },
        then: choices.length === 1 ? choices[0] : { anyOf: choices },
      })),
      {
        if: { required: [property] },
        then: { properties: { [property]: { enum: [...byValue.keys()] } } },
        else: isRequired ? { required: [property] } : { anyOf: converted },
      },
    ],
  };
}

function tellingProperty(source: Schema, alternatives: Schema[]): string | null {
  const { discriminator } = source;
  const declared = isSchema(discriminator) ? [String(discriminator["propertyName"])] : [];
  const candidates = [...declared, "provider", "type"];
  return candidates.find((name) =>
    alternatives.every((alternative) => valuesOf(alternative, name).length > 0)
  ) ?? null;
}

function valuesOf(schema: Schema, property: string): string[] {
  const properties = isSchema(schema["properties"]) ? schema["properties"] : {};
  const definition = properties[property];
  const values = isSchema(definition) ? definition["enum"] : undefined;
  return Array.isArray(values) ? values.map(String) : [];
}
