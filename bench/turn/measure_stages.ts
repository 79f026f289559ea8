import { printLine } from "../../scripts/local/print_line.ts";
import { createDatabase } from "../../supabase/functions/_shared/providers/supabase/create_database.ts";
import { createInboxStore } from "../../supabase/functions/_shared/providers/supabase/inbox_store.ts";
import { parseDelivery } from "../../supabase/functions/_shared/providers/whatsapp/parse_delivery.ts";
import { runTurn, type TurnPorts } from "../../supabase/functions/_shared/services/run_turn.ts";
import { createTurnPorts } from "../../tests/support/create_turn_ports.ts";
import { readStack } from "../../tests/support/read_stack.ts";
import { createWhatsappTenant, writeDelivery, writeMessage } from "../../tests/support/whatsapp.ts";
import { showTimes, sortTimes } from "./show_times.ts";

const WARM_UP = 20;
/** The second one reads: it is one call more. */
const TEXTS = ["menu", "I need a plumber job in Kigali"];

/** Where the time of a turn goes: turns one after the other in this process, each call timed. */
export async function measureStages(messages: number): Promise<void> {
  const { phoneNumberId } = await createWhatsappTenant();
  const stack = readStack();
  const times = new Map<string, number[]>();
  const timed = <Given extends unknown[], Result>(
    name: string,
    call: (...given: Given) => Promise<Result>,
  ) =>
  async (...given: Given): Promise<Result> => {
    const began = performance.now();
    try {
      return await call(...given);
    } finally {
      times.set(name, [...times.get(name) ?? [], performance.now() - began]);
    }
  };
  const inbox = createInboxStore(createDatabase({
    supabaseUrl: stack.url,
    secretKey: stack.secret_key,
    timeoutMilliseconds: 20_000,
  }));
  const store = timed("store (before the 200)", inbox.ingestWhatsapp);
  const plain = createTurnPorts();
  const ports: TurnPorts = {
    ...plain,
    turns: {
      ...plain.turns,
      claimTurn: timed("claim", plain.turns.claimTurn),
      completeTurn: timed("complete", plain.turns.completeTurn),
    },
    outbox: { ...plain.outbox, recordSent: timed("record sent", plain.outbox.recordSent) },
    agentData: { readAgentData: timed("read (every other turn)", plain.agentData.readAgentData) },
    connectSender: async (sender, record) => {
      const connected = await timed("open credentials", plain.connectSender)(sender, record);
      return {
        ...connected,
        markRead: timed('"typing…" (beside it)', connected.markRead),
        send: timed("send", connected.send),
      };
    },
  };
  const turn = timed("the whole turn", (key: Parameters<typeof runTurn>[1]) => runTurn(ports, key));
  for (let sent = 0; sent < messages + WARM_UP; sent += 1) {
    if (sent === WARM_UP) times.clear();
    const body = new TextEncoder().encode(writeDelivery(phoneNumberId, {
      messages: [writeMessage({ text: TEXTS[sent % TEXTS.length]! })],
    }));
    const parsed = parseDelivery(body);
    const { turns } = await store([{ parsed, body, signature: "", signed_by: null }]);
    for (const key of turns) await turn(key);
  }
  printLine("a turn's calls, one turn at a time");
  for (const [name, each] of times) {
    printLine(`  ${name.padEnd(31)} ${showTimes(sortTimes(each))}`);
  }
  await measureGateway();
}

/** What a call costs that does next to nothing, through the gateway and without it. */
async function measureGateway(): Promise<void> {
  const stack = readStack();
  const ask = async (url: string, authorization: string) => {
    const began = performance.now();
    const answer = await fetch(url, { headers: { apikey: authorization } });
    await answer.body?.cancel();
    return performance.now() - began;
  };
  const through: number[] = [];
  const direct: number[] = [];
  for (let round = 0; round < 300; round += 1) {
    through.push(await ask(`${stack.url}/rest/v1/organizations?limit=0`, stack.secret_key));
    direct.push(await ask(`${stack.postgrest_url}/organizations?limit=0`, stack.secret_key));
  }
  printLine(`  an empty call by the gateway    ${showTimes(sortTimes(through, WARM_UP))}`);
  printLine(`  the same without the gateway    ${showTimes(sortTimes(direct, WARM_UP))}`);
}
