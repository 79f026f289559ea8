import { Ajv } from "ajv";
import type { ErrorObject, ValidateFunction } from "ajv";
import formats from "ajv-formats";
import type { LedgerEntry } from "../ledger.ts";
import { applyExceptions } from "./apply_exceptions.ts";
import { readOperations } from "./read_operations.ts";
import type { Contract, Operation } from "./read_operations.ts";

/** What of a ledger entry is judged; an entry of any simulator fits. */
export type RecordedRequest = Pick<
  LedgerEntry,
  "method" | "path" | "query" | "contentType" | "body"
>;

/** `where` is a JSON pointer into the body, or `query`; empty for the request as a whole. */
export type Violation = { operation: string; path: string; where: string; message: string };

/** Every way in which recorded requests break an OpenAPI document. Throws when it isn't one. */
export function checkRequests(document: unknown, requests: RecordedRequest[]): Violation[] {
  const contract = readOperations(document);
  const validators = createValidators(contract);
  return requests.flatMap((request) => {
    const operation = contract.operations.find((candidate) =>
      candidate.method === request.method && candidate.matches(request.path)
    );
    const at = (where: string, message: string): Violation => ({
      operation: operation?.name ?? `${request.method} ${request.path}`,
      path: request.path,
      where,
      message,
    });
    if (operation === undefined) return [at("", "the OpenAPI has no such operation")];
    const unknown = Object.keys(request.query).filter((name) => !operation.queryNames.has(name));
    return [
      ...unknown.map((name) => at("query", `unknown parameter "${name}"`)),
      ...checkBody(operation, request, validators).map(([where, message]) => at(where, message)),
    ];
  });
}

type Validators = (operation: Operation, mediaType: string) => ValidateFunction | null;

function createValidators(contract: Contract): Validators {
  const ajv = new Ajv({ allErrors: true, strict: false, logger: false, formats: { binary: true } });
  formats.default(ajv);
  const root = "contract";
  ajv.addSchema({ $id: root, components: contract.components });
  const compiled = new Map<string, ValidateFunction>();
  return (operation, mediaType) => {
    const schema = operation.bodies[mediaType];
    if (schema === undefined) return null;
    const key = `${operation.name} ${mediaType}`;
    const known = compiled.get(key);
    if (known !== undefined) return known;
    // References of a body point into the components that were added under the root's name.
    const text = JSON.stringify(schema).replaceAll('"$ref":"#/', `"$ref":"${root}#/`);
    const validate = ajv.compile(JSON.parse(text));
    compiled.set(key, validate);
    return validate;
  };
}

function checkBody(
  operation: Operation,
  request: RecordedRequest,
  validators: Validators,
): [where: string, message: string][] {
  if (request.body === null || request.body === undefined) {
    return operation.bodyRequired ? [["", "a body is required"]] : [];
  }
  if (Object.keys(operation.bodies).length === 0) return [["", "this operation takes no body"]];
  const mediaType = (request.contentType ?? "").split(";")[0]?.trim() ?? "";
  const validate = validators(operation, mediaType);
  if (validate === null) return [["", `content type "${mediaType}" is not accepted`]];
  if (validate(applyExceptions(operation.name, request.body))) return [];
  return explain(validate.errors ?? []);
}

/** Of the alternatives that all failed, only the whole is told, with the first reasons. */
function explain(errors: ErrorObject[]): [where: string, message: string][] {
  const telling = errors.filter((error) => error.keyword !== "if");
  const choices = telling.filter((error) => error.keyword === "anyOf");
  const isInside = (error: ErrorObject, choice: ErrorObject) =>
    error !== choice && `${error.instancePath}/`.startsWith(`${choice.instancePath}/`);
  const outside = telling.filter((error) => !choices.some((choice) => isInside(error, choice)));
  const lines = outside.map((error): [string, string] => {
    if (error.keyword !== "anyOf") return [error.instancePath, sentence(error)];
    const reasons = new Set(
      telling.filter((other) => isInside(other, error) && other.keyword !== "anyOf").map(sentence),
    );
    const text = [...reasons].slice(0, 3).join("; ");
    return [error.instancePath, `matches none of its alternatives (${text})`];
  });
  return lines.filter((line, index) =>
    lines.findIndex((other) => other[0] === line[0] && other[1] === line[1]) === index
  );
}

function sentence(error: ErrorObject): string {
  const { params } = error as { params: Record<string, unknown> };
  if (error.keyword === "additionalProperties") {
    return `unknown property "${params["additionalProperty"]}"`;
  }
  if (error.keyword === "enum" && Array.isArray(params["allowedValues"])) {
    const values = params["allowedValues"].map(String);
    const shown = values.slice(0, 8).join(", ");
    return `must be one of ${shown}${values.length > 8 ? `, … (${values.length} in all)` : ""}`;
  }
  return error.message ?? error.keyword;
}
