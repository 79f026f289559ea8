import type * as z from "zod";

/** An answer in the shape of Meta's Graph API; callers decide on `code`. */
export class GraphError extends Error {
  override readonly name = "GraphError";
  constructor(
    readonly status: number,
    readonly code: number,
    message: string,
    readonly extra: { error_subcode?: number; details?: string } = {},
  ) {
    super(message);
  }
}

export function graphBody(error: GraphError) {
  const { details, ...extra } = error.extra;
  return {
    error: {
      message: error.message,
      type: "OAuthException",
      code: error.code,
      ...extra,
      ...(details === undefined ? {} : { error_data: { messaging_product: "whatsapp", details } }),
      fbtrace_id: `A${crypto.randomUUID().replaceAll("-", "").slice(0, 22)}`,
    },
  };
}

export const badToken = () =>
  new GraphError(401, 190, "Invalid OAuth access token - Cannot parse access token");

/** What Meta says both of an unknown id and of one that the token may not see. */
export const unknownObject = (method: string, id: string) =>
  new GraphError(
    400,
    100,
    `Unsupported ${method.toLowerCase()} request. Object with ID '${id}' does not exist, ` +
      "cannot be loaded due to missing permissions, or does not support this operation",
    { error_subcode: 33 },
  );

/** The Graph error of an injected status. */
export function injectedError(status: number): GraphError {
  const [code, message] = INJECTED[status] ?? [status >= 500 ? 2 : 100, "(#100) Invalid parameter"];
  return new GraphError(status, code, message);
}

const INJECTED: Record<number, [code: number, message: string]> = {
  401: [190, "Error validating access token: Session has expired"],
  403: [10, "(#10) Application does not have permission for this action"],
  429: [130429, "(#130429) Rate limit hit"],
  500: [131000, "(#131000) Something went wrong"],
  503: [2, "(#2) Service temporarily unavailable"],
};

/** The first mistake of a message: an unknown key, something missing, or a value out of range. */
export function parameterError(issues: readonly z.core.$ZodIssue[]): GraphError {
  const issue = closest(issues);
  const path = issue.path.map(String).join("']['");
  const name = path === "" ? "body" : `param['${path}']`;
  if (issue.code === "unrecognized_keys") {
    const on = issue.path.length === 0 ? "the request" : `${name}`;
    return new GraphError(400, 100, "(#100) Invalid parameter", {
      details: `Unexpected key "${issue.keys[0]}" on ${on}.`,
    });
  }
  if (issue.code === "invalid_type" && issue.message.includes("received undefined")) {
    return new GraphError(400, 131008, "(#131008) Required parameter is missing", {
      details: `${name} is required.`,
    });
  }
  return new GraphError(400, 131009, "(#131009) Parameter value is not valid", {
    details: `${name}: ${issue.message}.`,
  });
}

function closest(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue {
  const [issue] = issues;
  if (issue === undefined) throw new Error("a failed validation has at least one issue");
  if (issue.code !== "invalid_union" || issue.errors.length === 0) return issue;
  const branch = issue.errors.reduce((best, next) => next.length < best.length ? next : best);
  const inner = closest(branch);
  return { ...inner, path: [...issue.path, ...inner.path] };
}
