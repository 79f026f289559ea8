import * as z from "zod";
import type { Ops } from "../ops/create_ops.ts";
import { ReleaseError } from "../release_error.ts";

export const canarySchema = z.object({
  code: z.literal("ready"),
  phone_number_id: z.string(),
  business_account_id: z.string(),
  display_phone_number: z.string(),
  from: z.string(),
  text: z.string(),
});

const readSchema = z.object({
  code: z.literal("read"),
  answered: z.boolean(),
  is_switched_off: z.boolean(),
  delivery: z.object({ wamid: z.string() }).nullable(),
  turn: z.object({ state: z.string(), error: z.string().nullable() }).nullable(),
  sink: z.array(z.object({ state: z.string(), error: z.string().nullable() })),
  milliseconds: z.number().nullable(),
});

const POLL_MILLISECONDS = 500;

/** Whom the canary's delivery is to be for. @throws ReleaseError */
export async function ensureCanary(ops: Ops): Promise<z.infer<typeof canarySchema>> {
  const parsed = canarySchema.safeParse(await ops.callRpc("ensure_canary_organization", {}));
  if (parsed.success) return parsed.data;
  throw new ReleaseError("failed", "Cannot find the canary: the answer isn't understood");
}

/**
 * Waits until the canary's message was answered and the answer ended in the sink.
 * @returns it in words
 * @throws ReleaseError `failed`, with how far it came
 */
export async function proveReply(
  { ops, clock, pause }: {
    ops: Ops;
    clock(): number;
    pause(milliseconds: number): Promise<void>;
  },
  { wamid, limitMilliseconds }: { wamid: string; limitMilliseconds: number },
): Promise<string> {
  const started = clock();
  for (;;) {
    const parsed = readSchema.safeParse(await ops.callRpc("read_canary", { wamid }));
    if (!parsed.success) {
      throw new ReleaseError("failed", "Cannot follow the canary: the answer isn't understood");
    }
    const { answered, is_switched_off, delivery, turn, sink, milliseconds } = parsed.data;
    if (answered) return `answered into the sink after ${milliseconds} ms`;
    // Nobody is answered then: that it is stored and left alone is what is right.
    if (is_switched_off && turn?.state === "ignored") return "stored; the service is SWITCHED OFF";
    if (clock() - started >= limitMilliseconds) {
      const reason = delivery === null
        ? "it wasn't stored"
        : turn?.error ?? sink.find(({ error }) => error !== null)?.error ??
          `its turn is "${turn?.state}", ${sink.length} messages in the sink`;
      throw new ReleaseError("failed", `Cannot see an answer to the canary: ${reason}`);
    }
    await pause(POLL_MILLISECONDS);
  }
}
