import * as z from "zod";
import { AppError, type FieldError } from "../errors.ts";

const MAX_ERRORS = 50;

const TYPE_NAMES: Partial<Record<string, string>> = {
  string: "a string",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: "an object",
  record: "an object",
  array: "a list",
};

/**
 * Validates what a caller sent. `action` completes "Cannot …", e.g. "save the workspace".
 *
 * @throws AppError `invalid_input` with one entry per bad field, unknown fields named.
 */
export function parseWith<T>(schema: z.ZodType<T>, value: unknown, action: string): T {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  const errors = listFieldErrors(result.error);
  const reason = errors.length === 1
    ? describe(errors[0]!)
    : `${errors.length} fields are not valid`;
  throw new AppError("invalid_input", `Cannot ${action}: ${reason}`, {
    errors: errors.slice(0, MAX_ERRORS),
  });
}

function describe({ field, detail }: FieldError): string {
  return field === "" ? `the body ${detail}` : `${field} ${detail}`;
}

function listFieldErrors(error: z.ZodError): FieldError[] {
  const byField = new Map<string, FieldError>();
  for (const issue of error.issues) {
    for (const entry of toFieldErrors(issue)) {
      if (!byField.has(entry.field)) byField.set(entry.field, entry);
    }
  }
  return [...byField.values()];
}

function toFieldErrors(issue: z.core.$ZodIssue): FieldError[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      field: join([...issue.path, key]),
      detail: "is not a known field",
    }));
  }
  return [{ field: join(issue.path), detail: describeIssue(issue) }];
}

/** A message that the schema's author wrote is kept; zod's own speak of types and of input. */
function describeIssue(issue: z.core.$ZodIssue): string {
  const missing = issue.input === undefined && issue.path.length > 0;
  const size = describeSize(issue);
  if (size !== null && /^Too (?:small|big)/.test(issue.message)) return size;
  if (!/^Invalid (?:input|option)/.test(issue.message)) return issue.message;
  if (missing && issue.code !== "custom") return "is required";
  if (issue.code === "invalid_type") {
    return `must be ${TYPE_NAMES[issue.expected] ?? issue.expected}`;
  }
  if (issue.code === "invalid_value") {
    return `must be one of ${issue.values.map(String).join(", ")}`;
  }
  return issue.message;
}

const UNITS: Partial<Record<string, [one: string, several: string]>> = {
  string: ["character", "characters"],
  array: ["entry", "entries"],
  set: ["entry", "entries"],
  object: ["field", "fields"],
  record: ["field", "fields"],
};

/** @returns null where the issue is not about a size */
function describeSize(issue: z.core.$ZodIssue): string | null {
  if (issue.code !== "too_small" && issue.code !== "too_big") return null;
  const limit = issue.code === "too_small" ? issue.minimum : issue.maximum;
  const units = UNITS[issue.origin];
  if (units !== undefined) {
    const bound = issue.exact ? "exactly" : issue.code === "too_small" ? "at least" : "at most";
    return `must have ${bound} ${limit} ${units[Number(limit) === 1 ? 0 : 1]}`;
  }
  if (issue.inclusive === false) {
    return `must be ${issue.code === "too_small" ? "more" : "less"} than ${limit}`;
  }
  return `must be ${issue.code === "too_small" ? "at least" : "at most"} ${limit}`;
}

function join(path: readonly PropertyKey[]): string {
  return path.map(String).join(".").slice(0, 200);
}
