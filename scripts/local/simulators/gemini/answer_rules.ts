import * as z from "zod";

/**
 * What the simulated model does when a rule's conditions all hold: the first rule that fits answers.
 * Regular expressions are matched without regard to case.
 */
export const ruleSchema = z.strictObject({
  when: z.strictObject({
    /** The last thing that a person wrote. */
    text: z.string().optional(),
    /** Anything in the whole request: instructions, history, results. */
    anywhere: z.string().optional(),
    /** What the function returned that was called last; a rule without it fits only before. */
    result: z.string().optional(),
    model: z.string().optional(),
    /** Whether the answer has to be an object by a schema. */
    object: z.boolean().optional(),
  }).default({}),
  then: z.union([
    z.strictObject({ text: z.string() }),
    z.strictObject({
      calls: z.array(z.strictObject({
        name: z.string(),
        args: z.record(z.string(), z.unknown()).default({}),
      })).min(1),
    }),
    z.strictObject({ object: z.unknown() }),
    /** A candidate that was cut or withheld: `MAX_TOKENS`, `SAFETY`. */
    z.strictObject({ finishReason: z.string(), text: z.string().default("") }),
    /** No candidate at all. */
    z.strictObject({ blockReason: z.string() }),
  ]),
  times: z.int().min(1).optional(),
});

export type Rule = z.output<typeof ruleSchema>;
export type Then = Rule["then"];

/** What a rule may look at. */
export type Asked = {
  text: string;
  /** Null until a function was called in this turn. */
  result: string | null;
  anywhere: string;
  model: string;
  object: boolean;
};

export function createRules() {
  let rules: (Rule & { hits: number })[] = [];

  return {
    add(added: Rule[]): void {
      rules.push(...added.map((rule) => ({ ...rule, hits: 0 })));
    },
    list: () => rules,
    clear(): number {
      const { length } = rules;
      rules = [];
      return length;
    },
    /** Uses up one of a rule's times. */
    find(asked: Asked): Then | null {
      const found = rules.find((rule) => isUsable(rule) && fits(rule, asked));
      if (found === undefined) return null;
      found.hits += 1;
      return found.then;
    },
  };
}

const isUsable = ({ times, hits }: Rule & { hits: number }) => times === undefined || hits < times;

function fits({ when }: Rule, asked: Asked): boolean {
  if (when.object !== undefined && when.object !== asked.object) return false;
  if (when.model !== undefined && when.model !== asked.model) return false;
  if (when.text !== undefined && !matches(when.text, asked.text)) return false;
  if (when.anywhere !== undefined && !matches(when.anywhere, asked.anywhere)) return false;
  if (when.result === undefined) return asked.result === null;
  return asked.result !== null && matches(when.result, asked.result);
}

const matches = (pattern: string, text: string) => new RegExp(pattern, "iu").test(text);
