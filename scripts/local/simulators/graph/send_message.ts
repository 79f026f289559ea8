import { GraphError, parameterError } from "./graph_error.ts";
import { MESSAGE_TYPES, messageSchema, readReceipt } from "./message_schema.ts";
import type { GraphAccount } from "./store.ts";

/** Takes a message or a read receipt, and answers as Meta does. Throws `GraphError`. */
export function sendMessage(account: GraphAccount, phoneNumberId: string, body: unknown): unknown {
  if (body === null || typeof body !== "object" || Array.isArray(body)) {
    throw new GraphError(400, 100, "(#100) Invalid parameter", {
      details: "body must be an object.",
    });
  }
  const message = body as Record<string, unknown>;
  if (message["messaging_product"] !== "whatsapp") {
    throw new GraphError(400, 100, "(#100) The parameter messaging_product is required.");
  }
  if ("status" in message) return markRead(account, message);

  const type = message["type"] ?? "text";
  const schema = typeof type === "string" ? messageSchema(type) : null;
  if (schema === null) {
    const types = MESSAGE_TYPES.map((name) => name.toUpperCase()).join(", ");
    throw new GraphError(400, 100, `(#100) Param type must be one of {${types}} - got "${type}".`);
  }
  const parsed = schema.safeParse(message, { reportInput: false });
  if (!parsed.success) throw parameterError(parsed.error.issues);
  const recipient = String(message["to"] ?? message["recipient"]).replace(/^\+/, "");
  if (account.closed_windows.includes(recipient) && type !== "template") {
    throw new GraphError(400, 131047, "(#131047) Re-engagement message", {
      details: "More than 24 hours have passed since the customer last replied to this number.",
    });
  }
  const id = `wamid.${btoa(crypto.randomUUID())}`;
  account.messages.push({
    id,
    phone_number_id: phoneNumberId,
    sent_at: new Date().toISOString(),
    body: message,
  });
  const contact = "to" in message
    ? { input: message["to"], wa_id: recipient }
    : { input: recipient, user_id: recipient };
  return { messaging_product: "whatsapp", contacts: [contact], messages: [{ id }] };
}

function markRead(account: GraphAccount, message: Record<string, unknown>) {
  const parsed = readReceipt.safeParse(message);
  if (!parsed.success) throw parameterError(parsed.error.issues);
  account.read.push({
    message_id: parsed.data.message_id,
    typing: parsed.data.typing_indicator !== undefined,
    at: new Date().toISOString(),
  });
  return { success: true };
}
