import * as z from "zod";
import {
  BEGIN,
  END,
  readManagedBlock,
  removeManagedBlock,
} from "../managed_prompt/managed_block.ts";
import {
  type AgentChange,
  BEHAVIOR_COLUMNS,
  type BehaviorChanges,
  type BehaviorColumn,
  FIELD_NAMES,
} from "./behavior_columns.ts";
import { VALUE_SCHEMAS } from "./behavior_values.ts";

/** The name that the caller used for each column, for errors that are found later. */
export type UsedNames = Partial<Record<BehaviorColumn, string>>;
export type BehaviorInput = {
  changes: BehaviorChanges;
  names: { inbound?: UsedNames; outbound?: UsedNames };
  /** Of what isn't stored as it was given. */
  notices: BehaviorNotice[];
};
/** What was stored, or will be heard, otherwise than it was asked for. */
export type BehaviorNotice = { field: string; detail: string };

type Given = { change: AgentChange; names: UsedNames; cut: boolean };

/** The founder's words have a length, whatever of ours is among them. */
const promptSchema = z.string().superRefine((prompt, context) => {
  const words = VALUE_SCHEMAS.system_prompt.safeParse(keepOwnWords(prompt));
  for (const { message } of words.error?.issues ?? []) {
    context.addIssue({ code: "custom", message });
  }
});
const fields = Object.fromEntries(
  BEHAVIOR_COLUMNS.flatMap((column) => {
    const schema = column === "system_prompt" ? promptSchema : VALUE_SCHEMAS[column];
    return FIELD_NAMES[column].map((name) => [name, schema.nullable().optional()]);
  }),
);
const outboundOnly = Object.fromEntries(
  FIELD_NAMES.vapi_phone_number_id.map((name) => [
    name,
    z.undefined("is not a known field of the inbound agent, only of the outbound one").optional(),
  ]),
);

const readAgent = (value: Record<string, unknown>, context: z.RefinementCtx): Given => {
  const change: AgentChange = { set: {}, reset: [] };
  const names: UsedNames = {};
  for (const column of BEHAVIOR_COLUMNS) {
    const [name, ...others] = FIELD_NAMES[column].filter((name) => value[name] !== undefined);
    if (name === undefined) continue;
    const other = others.find((other) => value[other] !== value[name]);
    if (other !== undefined) {
      context.addIssue({
        code: "custom",
        path: [other],
        message: `must not differ from ${name}, which is the same field`,
      });
    }
    names[column] = name;
    if (value[name] === null) change.reset.push(column);
    else Object.assign(change.set, { [column]: value[name] });
  }
  refuseHalfVoice(change, names, context);
  const { system_prompt: prompt } = change.set;
  const words = prompt === undefined ? undefined : keepOwnWords(prompt);
  if (words !== undefined) change.set.system_prompt = words;
  return { change: keepPairs(change), names, cut: words !== prompt };
};

/**
 * The body of `POST /behavior`: what to change of which agent. Absent is unchanged, `null` goes back
 * to the default, any of a field's names is accepted. Says which columns change to what, for
 * `update_agent_behavior`, and what the caller called them.
 */
export const behaviorSchema: z.ZodType<BehaviorInput> = z.strictObject({
  inbound: z.strictObject({ ...fields, ...outboundOnly }).transform(readAgent).optional(),
  outbound: z.strictObject(fields).transform(readAgent).optional(),
}).transform((given, context) => {
  const input: BehaviorInput = { changes: {}, names: {}, notices: [] };
  for (const role of ["inbound", "outbound"] as const) {
    const agent = given[role];
    if (agent === undefined || Object.keys(agent.names).length === 0) continue;
    input.changes[role] = agent.change;
    input.names[role] = agent.names;
    if (!agent.cut) continue;
    input.notices.push({
      field: `${role}.${agent.names.system_prompt}`,
      detail: `The block from ${BEGIN} to ${END} isn't stored: it is written anew at each sync`,
    });
  }
  // An unknown field alone is told by its name.
  if (Object.keys(input.changes).length === 0 && context.issues.length === 0) {
    context.addIssue({
      code: "custom",
      message: "must have at least one field to change, in inbound or outbound",
    });
  }
  return input;
});

/** The default of the one goes with that of the other alone. */
function refuseHalfVoice(change: AgentChange, names: UsedNames, context: z.RefinementCtx): void {
  const pairs = [["voice", "voice_provider"], ["voice_provider", "voice"]] as const;
  for (const [given, other] of pairs) {
    const name = names[other];
    if (change.set[given] === undefined || !change.reset.includes(other) || !name) continue;
    context.addIssue({
      code: "custom",
      path: [name],
      message: `must not be null where ${names[given]} has a value: give both or reset both`,
    });
  }
}

/** A voice and its provider go back together: one without the other may not exist. */
function keepPairs(change: AgentChange): AgentChange {
  const pair: BehaviorColumn[] = ["voice", "voice_provider"];
  const missing = pair.filter((column) => !(column in change.set));
  return missing.some((column) => change.reset.includes(column)) && missing.length === 2
    ? { ...change, reset: [...new Set([...change.reset, ...pair])] }
    : change;
}

/** A prompt copied from Vapi has our block in it, which isn't the founder's. */
function keepOwnWords(prompt: string): string {
  return readManagedBlock(prompt) === null ? prompt : removeManagedBlock(prompt);
}
