import * as z from "zod";
import type { JsonObject } from "../../ports.ts";
import { FLAGGED_AGENTS } from "../rollout/parse_flags.ts";
import { LANGUAGES } from "../session/service_menu.ts";

const task = z.object({
  agent: z.enum(FLAGGED_AGENTS),
  flow: z.string(),
  step: z.string(),
  data: z.record(z.string(), z.json()),
});

const memory = z.object({
  language: z.enum(LANGUAGES).nullable().catch(null),
  /** Answers to the waiting question that weren't understood. */
  failures: z.int().min(0).catch(0),
  /** Tasks put aside by a handoff, the last one first to come back to. */
  aside: z.array(task).catch([]),
  /** Who handed over to the current agent. */
  came_from: z.enum(FLAGGED_AGENTS).nullable().catch(null),
  /** The task that is asked about without a flow (`hybridFlows` off). */
  open: task.nullable().catch(null),
  /** The search that was made last: "no, 3 bedrooms" makes it again. */
  last: task.nullable().catch(null),
  /** What a language model wants to do, until the person says yes or no. */
  proposal: z.object({
    tool: z.string(),
    arguments: z.record(z.string(), z.json()),
    key: z.string(),
    question: z.string(),
  })
    .nullable().catch(null),
});

export type Task = Omit<z.output<typeof task>, "data"> & { data: JsonObject };
/** What a session remembers between turns beyond its own columns: `unified_sessions.context`. */
export type Memory = Omit<z.output<typeof memory>, "aside" | "open" | "last" | "proposal"> & {
  aside: Task[];
  open: Task | null;
  last: Task | null;
  proposal: { tool: string; arguments: JsonObject; key: string; question: string } | null;
};

/** More unfinished tasks than these are forgotten, the oldest first. */
export const MOST_ASIDE = 3;

/** Whatever an older version left there is read as far as it goes. */
export function readMemory(context: JsonObject): Memory {
  return memory.parse({
    language: null,
    failures: 0,
    aside: [],
    came_from: null,
    last: null,
    open: null,
    proposal: null,
    ...context,
  }) as Memory;
}

export function writeMemory(kept: Memory): JsonObject {
  return { ...kept, aside: kept.aside.slice(-MOST_ASIDE) } as unknown as JsonObject;
}
