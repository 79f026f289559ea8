/**
 * One person's messages through whole turns, on a stack of its own, every provider answering at once:
 * delivered → answered at the provider, calls of the database a turn, and a handoff's own time.
 *
 *   deno run -A bench/turn.ts [--messages 200]
 */
import { parseArgs } from "node:util";
import { withTestStack } from "../scripts/local/checks/with_test_stack.ts";
import { printLine } from "../scripts/local/print_line.ts";
import { createConversation, write } from "../tests/in_memory/create_conversation.ts";

const { values } = parseArgs({ options: { messages: { type: "string", default: "200" } } });
const messages = Number(values.messages);

const show = (sorted: number[], share: number) =>
  `${(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(2)} ms`;
const sort = (times: number[]) => times.toSorted((one, other) => one - other);

/** Ours alone: the decision, the data in memory. */
async function measureDecisions(): Promise<void> {
  const plain: number[] = [];
  const handoffs: number[] = [];
  for (let round = 0; round < 300; round += 1) {
    const conversation = createConversation();
    const say = async (text: string) => {
      const began = performance.now();
      await conversation.say(write(text));
      return performance.now() - began;
    };
    await say("I want to sell my sofa");
    plain.push(await say("Brown leather, three seats"));
    const time = await say("I am looking for a plumber job in Kigali");
    if (conversation.decided.at(-1)?.events[0]?.handed_off_from !== "marketplace") {
      throw new Error("Cannot measure a handoff: there was none");
    }
    handoffs.push(time);
  }
  const [one, other] = [sort(plain.slice(50)), sort(handoffs.slice(50))];
  printLine(`an answer to a question, ours alone   p50 ${show(one, 0.5)}, p99 ${show(one, 0.99)}`);
  printLine(
    `a handoff, ours alone                 p50 ${show(other, 0.5)}, p99 ${show(other, 0.99)}`,
  );
}

/** From the delivery's first byte to the message's arrival at the (simulated) provider. */
async function measureTurns(): Promise<void> {
  const { createWhatsappTenant, deliver, eventually, writeDelivery, writeMessage } = await import(
    "../tests/support/whatsapp.ts"
  );
  const { queryDatabase } = await import("../tests/support/query_database.ts");
  const { readStack } = await import("../tests/support/read_stack.ts");
  const { orgId, phoneNumberId } = await createWhatsappTenant();
  const gateway = `${readStack().url}/__gateway`;
  const readSent = () =>
    queryDatabase<{ sent: number }>(
      `select count(*)::int as sent from public.outbound_messages
       where org_id = $1::text::uuid and state = 'sent'`,
      [orgId],
    );
  const texts = ["I need a plumber job in Kigali", "menu"];
  let expected = 0;
  const send = async (text: string) => {
    expected += 1;
    await deliver(writeDelivery(phoneNumberId, { messages: [writeMessage({ text })] }));
    await eventually(readSent, ([row]) => (row?.sent ?? 0) >= expected);
  };
  for (let warm = 0; warm < 10; warm += 1) await send(texts[warm % 2]!);
  await (await fetch(gateway, { method: "DELETE" })).body?.cancel();
  for (let sent = 0; sent < messages; sent += 1) await send(texts[sent % 2]!);
  const { counts } = await (await fetch(gateway)).json() as { counts: { [route: string]: number } };
  const rows = await queryDatabase<{ milliseconds: number }>(
    `select extract(epoch from reply.sent_at - message.created_at) * 1000 as milliseconds
     from public.inbound_messages as message
     join public.outbound_messages as reply
       on reply.org_id = message.org_id and reply.contact_id = message.contact_id
     where message.org_id = $1::text::uuid
       and reply.sequence = message.sequence
     order by message.sequence desc limit $2::text::int`,
    [orgId, String(messages)],
  );
  const times = sort(rows.map(({ milliseconds }) => Number(milliseconds)));
  if (times.length !== messages) {
    throw new Error(`Cannot measure ${messages} messages: ${times.length} were answered`);
  }
  printLine(
    `stored → recorded as sent             p50 ${show(times, 0.5)}, p99 ${show(times, 0.99)}`,
  );
  for (const [route, count] of Object.entries(counts)) {
    if (!route.includes("/rpc/")) continue;
    const name = route.replace("POST /rest/v1/rpc/", "").padEnd(37);
    printLine(`${name} ${(count / messages).toFixed(2)} a message`);
  }
}

await measureDecisions();
await withTestStack(
  { engine: "postgres", signal: AbortSignal.timeout(600_000) },
  async (stack) => {
    Deno.env.set("SWITCHBOARD_STACK", stack.path);
    await measureTurns();
    return [];
  },
);
