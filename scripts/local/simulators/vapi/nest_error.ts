import type * as z from "zod";

const REASONS: Record<number, string> = {
  400: "Bad Request",
  401: "Unauthorized",
  402: "Payment Required",
  403: "Forbidden",
  404: "Not Found",
  409: "Conflict",
  413: "Payload Too Large",
  429: "Too Many Requests",
  500: "Internal Server Error",
  502: "Bad Gateway",
  503: "Service Unavailable",
};

/** An answer in the shape of NestJS, which Vapi is written with. */
export class NestError extends Error {
  override readonly name = "NestError";
  constructor(readonly status: number, readonly text: string | string[]) {
    super(Array.isArray(text) ? text.join("; ") : text);
  }
}

export function nestBody(status: number, message: string | string[]) {
  return { message, error: REASONS[status] ?? "Error", statusCode: status };
}

const TYPES: Record<string, string> = {
  string: "a string",
  number: "a number conforming to the specified constraints",
  boolean: "a boolean value",
  array: "an array",
  object: "an object",
  record: "an object",
};

/** What class-validator would say of the same mistakes, one sentence each. */
export function nestMessages(issues: readonly z.core.$ZodIssue[], prefix: string[] = []): string[] {
  return issues.flatMap((issue) => messagesOf(issue, [...prefix, ...issue.path.map(String)]));
}

function messagesOf(issue: z.core.$ZodIssue, path: string[]): string[] {
  const name = path.join(".");
  const parent = path.slice(0, -1).map((segment) => `${segment}.`).join("");
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) =>
        `${path.map((segment) => `${segment}.`).join("")}property ${key} should not exist`
      );
    case "invalid_type":
      return [`${name === "" ? "body" : name} must be ${TYPES[issue.expected] ?? issue.expected}`];
    case "invalid_value":
      return [`${name} must be one of the following values: ${issue.values.join(", ")}`];
    case "too_big":
      return [
        issue.origin === "string"
          ? `${name} must be shorter than or equal to ${issue.maximum} characters`
          : `${name} must not be greater than ${issue.maximum}`,
      ];
    case "too_small":
      return [
        issue.origin === "string"
          ? `${name} must be longer than or equal to ${issue.minimum} characters`
          : `${name} must not be less than ${issue.minimum}`,
      ];
    case "invalid_format":
      if (issue.format === "uuid") return [`${name} must be a UUID`];
      if (issue.format === "url") return [`${name} must be a URL address`];
      if (issue.format === "datetime") return [`${name} must be a valid ISO 8601 date string`];
      return [`${parent}${issue.message}`];
    case "invalid_union": {
      if ("options" in issue && Array.isArray(issue.options)) {
        return [`${name} must be one of the following values: ${issue.options.join(", ")}`];
      }
      if (issue.errors.length === 0) return [`${name} is not valid`];
      const closest = issue.errors.reduce((best, errors) =>
        errors.length < best.length ? errors : best
      );
      return nestMessages(closest, path);
    }
    default:
      return [`${parent}${issue.message}`];
  }
}
