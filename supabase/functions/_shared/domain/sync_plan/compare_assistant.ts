import type { AssistantBody } from "../../ports.ts";
import { listFunctions, listOthers, readWebhookUrl } from "./match_tools.ts";

/**
 * The paths (`model.messages.0.content`) at which what exists differs from what is wanted.
 *
 * What the provider adds is no difference: members that are not wanted, such as its defaults, and
 * further `toolIds` and `tools`, unless they are ours. Nor are `headers` that it hides; shown with
 * another value they are one. A knowledge base or a function that asks our webhook is one where it
 * isn't wanted. Functions are told by their names (`model.tools.take_message`): Vapi gives them no
 * order.
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
  desired: AssistantBody,
  { toolIds, knowledgeBase, tools }: { [name: string]: unknown },
  unwantedToolIds: readonly string[],
): string[] {
  const { model: wanted } = desired;
  const webhookUrl = readWebhookUrl(desired);
  const asked = isObject(knowledgeBase) ? knowledgeBase.server : undefined;
  const isOurs = isObject(asked) && webhookUrl !== null && asked.url === webhookUrl;
  return [
    ...(Array.isArray(toolIds) && toolIds.some((id) => unwantedToolIds.includes(id))
      ? ["model.toolIds"]
      : []),
    ...(isOurs && isObject(wanted) && wanted.knowledgeBase === undefined
      ? ["model.knowledgeBase"]
      : []),
    ...listLeftOverTools(tools, isObject(wanted) ? wanted.tools : undefined, webhookUrl),
  ];
}

/** Functions of ours that aren't wanted, or are there twice. */
function listLeftOverTools(tools: unknown, wanted: unknown, webhookUrl: string | null): string[] {
  const others = listOthers(tools, { wanted, webhookUrl });
  const names = new Set(listFunctions(wanted).map(({ name }) => name));
  const seen = new Set<string>();
  return listFunctions(tools).filter(({ name, tool }) => {
    const isFirst = !seen.has(name);
    seen.add(name);
    return !others.includes(tool) && !(isFirst && names.has(name));
  }).map(({ name }) => `model.tools.${name}`);
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

const HEADERS = new Set([
  "server.headers",
  "model.knowledgeBase.server.headers",
  "model.tools.server.headers",
]);

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
  if (place === "model.tools") return compareTools(desired, actual, path);
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

/** Of functions that differ their names; of all their headers, which are the same, one path. */
function compareTools(desired: unknown, actual: unknown, path: string[]): string[] {
  const place = path.join(".");
  const found = new Map(listFunctions(actual).reverse().map(({ name, tool }) => [name, tool]));
  const differing = listFunctions(desired).flatMap(({ name, tool }) => {
    const shown = found.get(name);
    const paths = shown === undefined ? [place] : compareMembers(tool, shown, path);
    const isHeader = (each: string) => each.startsWith(`${place}.server.headers`);
    return [
      ...paths.filter(isHeader),
      ...(paths.every(isHeader) ? [] : [`${place}.${name}`]),
    ];
  });
  return [...new Set(differing)];
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
