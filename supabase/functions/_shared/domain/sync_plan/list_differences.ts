import type { DriftDifference } from "../../ports_voice_agents.ts";
import { listFunctions } from "./match_tools.ts";

/** Prompts are long, and people compare them at their beginning. */
const LONGEST_VALUE = 1_000;

/** Paths at which two assistants differ, with both values. Headers, which are secrets, have none. */
export function listDifferences(
  applied: { [field: string]: unknown },
  actual: { [field: string]: unknown },
  paths: string[],
): DriftDifference[] {
  return paths.map((field) => {
    const isSecret = /(^|\.)server\.headers(\.|$)/.test(field);
    return isSecret ? { field, applied: null, actual: null } : {
      field,
      applied: show(readPath(applied, field)),
      actual: show(readPath(actual, field)),
    };
  });
}

function readPath(value: unknown, path: string): unknown {
  for (const name of path.split(".")) {
    if (typeof value !== "object" || value === null) return null;
    const found = listFunctions(value).find((each) => each.name === name);
    if (found !== undefined) {
      value = found.tool;
      continue;
    }
    value = (value as { [name: string]: unknown })[name];
  }
  return value ?? null;
}

/** A value small enough for a row and an alert, and free of headers. */
function show(value: unknown): unknown {
  if (typeof value === "string") return shorten(value);
  if (typeof value !== "object" || value === null) return value;
  const text = JSON.stringify(value, (name, part) => name === "headers" ? undefined : part);
  return text.length <= LONGEST_VALUE ? JSON.parse(text) : shorten(text);
}

function shorten(text: string): string {
  return text.length <= LONGEST_VALUE ? text : `${text.slice(0, LONGEST_VALUE)}…`;
}
