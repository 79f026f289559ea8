import type { AssistantBody } from "../../ports.ts";

/**
 * The paths (`model.messages.0.content`) at which what exists differs from what is wanted.
 *
 * What the provider adds is no difference: members that are not wanted, such as its defaults, and
 * further `toolIds`, unless they are ours. Nor are `headers` that it hides; shown with another value
 * they are one. A knowledge base that asks our webhook is one where it isn't wanted.
 */
export function compareAssistant(
  desired: AssistantBody,
  actual: { [field: string]: unknown },
  { unwantedToolIds = [] }: { unwantedToolIds?: readonly string[] } = {},
): string[] {
  const paths = compareMembers(desired, actual, []);
  const leftOver = isObject(desired.model) && isObject(actual.model)
    ? listLeftOver(desired, actual.model, unwantedToolIds)
    : [];
  return [...paths, ...leftOver.filter((path) => !paths.includes(path))];
}

function listLeftOver(
  { model: wanted, server }: AssistantBody,
  model: { [name: string]: unknown },
  unwantedToolIds: readonly string[],
): string[] {
  const { toolIds, knowledgeBase } = model;
  const asked = isObject(knowledgeBase) ? knowledgeBase.server : undefined;
  const isOurs = isObject(asked) && isObject(server) && asked.url === server.url;
  return [
    ...(Array.isArray(toolIds) && toolIds.some((id) => unwantedToolIds.includes(id))
      ? ["model.toolIds"]
      : []),
    ...(isOurs && isObject(wanted) && wanted.knowledgeBase === undefined
      ? ["model.knowledgeBase"]
      : []),
  ];
}

/** The top-level fields of such paths: the unit in which Vapi replaces. */
export function listTopFields(paths: string[]): string[] {
  return [...new Set(paths.map((path) => path.split(".", 1)[0] ?? path))];
}

/** Whether the provider keeps to itself what it sends along to our webhook. */
export function hidesHeaders(actual: { [field: string]: unknown }): boolean {
  const headers = isObject(actual.server) ? actual.server.headers : undefined;
  return !isObject(headers) || Object.values(headers).every(isMasked);
}

const HEADERS = new Set(["server.headers", "model.knowledgeBase.server.headers"]);

function compareMembers(
  desired: { [name: string]: unknown },
  actual: unknown,
  path: string[],
): string[] {
  const found = isObject(actual) ? actual : {};
  return Object.entries(desired).flatMap(([name, value]) =>
    compareValue(value, found[name], [...path, name])
  );
}

function compareValue(desired: unknown, actual: unknown, path: string[]): string[] {
  const here = [path.join(".")];
  if (desired === null || desired === undefined) {
    return actual === null || actual === undefined ? [] : here;
  }
  const place = path.join(".");
  if (HEADERS.has(place) && isObject(desired)) return compareHeaders(desired, actual, path);
  if (place === "model.toolIds") return includesAll(actual, desired) ? [] : here;
  // Vapi gives no order to what it sends.
  if (place === "serverMessages") {
    return includesAll(actual, desired) && includesAll(desired, actual) ? [] : here;
  }
  if (Array.isArray(desired)) {
    if (!Array.isArray(actual) || actual.length !== desired.length) return here;
    return desired.flatMap((item, index) =>
      compareValue(item, actual[index], [...path, String(index)])
    );
  }
  if (isObject(desired)) {
    return isObject(actual) ? compareMembers(desired, actual, path) : here;
  }
  return desired === actual ? [] : here;
}

function compareHeaders(
  desired: { [name: string]: unknown },
  actual: unknown,
  path: string[],
): string[] {
  if (!isObject(actual) || Object.values(actual).every(isMasked)) return [];
  const shown = new Map(Object.entries(actual).map(([name, value]) => [name.toLowerCase(), value]));
  return Object.entries(desired)
    .filter(([name, value]) => {
      const found = shown.get(name.toLowerCase());
      return found !== value && !isMasked(found);
    })
    .map(([name]) => [...path, name].join("."));
}

/** A value that the provider shows as `***…` or dots. */
function isMasked(value: unknown): boolean {
  return typeof value === "string" && /\*{3}|•{3}|\.{4}|\[redacted\]/i.test(value);
}

function includesAll(whole: unknown, part: unknown): boolean {
  return Array.isArray(part) &&
    (part.length === 0 || Array.isArray(whole) && part.every((item) => whole.includes(item)));
}

function isObject(value: unknown): value is { [name: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
