import * as z from "zod";

/** Who changes something and why, as the history is to say it. */
export const signature = {
  reason: z.string().trim().min(3, "must say why, in three characters or more").max(1_000),
  /** Operators share a secret key: the history has no other name of them. */
  actor: z.string().trim().regex(/^[\w .@+-]{1,100}$/, "must be a name").optional(),
};

export function nameActor(actor: string | undefined): string {
  return actor === undefined ? "operator" : `operator:${actor}`;
}
