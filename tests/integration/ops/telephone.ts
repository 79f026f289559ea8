import { callFunction } from "../../support/call_function.ts";
import { controlSimulator } from "../../support/control_simulator.ts";
import { readStack } from "../../support/read_stack.ts";
import { deliver, eventually, writeDelivery, writeMessage } from "../../support/whatsapp.ts";
import type { OpsTenant } from "./support.ts";

export const runWorker = (kind: string) =>
  callFunction("worker/run", { apiKey: readStack().secret_key, body: { kind } });

/** What the person's telephone shows, in the order in which WhatsApp took it. */
export async function readTelephone({ accounts }: OpsTenant, phone: string): Promise<string[]> {
  const { messages } = await controlSimulator<
    { messages: { body: { to?: string } & Record<string, unknown> }[] }
  >("graph", "GET", { path: `state?account=${accounts.whatsapp.businessAccountId}` });
  return messages.filter(({ body }) => body.to === phone).map(({ body }) => JSON.stringify(body));
}

/** Lets the worker send, until the telephone shows what is waited for. */
export function untilTelephone(
  tenant: OpsTenant,
  phone: string,
  isThere: (shown: string[]) => boolean,
): Promise<string[]> {
  return eventually(async () => {
    await runWorker("send_outbox");
    return await readTelephone(tenant, phone);
  }, isThere);
}

/** A signed delivery of what somebody says. */
export const say = (tenant: OpsTenant, phone: string, text: string) =>
  deliver(
    writeDelivery(tenant.phoneNumberId, { messages: [writeMessage({ from: phone, text })] }),
  );
