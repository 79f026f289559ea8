import { printLine } from "../../scripts/local/print_line.ts";
import { controlSimulator } from "../../tests/support/control_simulator.ts";
import { readStack } from "../../tests/support/read_stack.ts";
import {
  createWhatsappTenant,
  deliver,
  writeDelivery,
  writeMessage,
} from "../../tests/support/whatsapp.ts";
import { readCpu, showCpu } from "./read_cpu.ts";
import { showTimes, sortTimes } from "./show_times.ts";

type Tenant = Awaited<ReturnType<typeof createWhatsappTenant>>;
type Sent = { sent_at: string; body: { to: string } };

/** A message comes when it comes: who is slow is not spared the next one. */
const LONGEST_WAIT_MILLISECONDS = 20_000;
let people = 0;

/** One message after the other is the rate 0. */
export async function measureLoad(rates: readonly number[], seconds: number): Promise<void> {
  const tenant = await createWhatsappTenant();
  printLine(
    "from a delivery's first byte to its answer's request at the provider; " +
      "the goal is p50 25 ms, p99 150 ms at 500 a second",
  );
  await measureRate(tenant, { rate: 0, total: 20 });
  for (const rate of rates) {
    const total = rate === 0 ? 100 : rate * seconds;
    const before = await readCpu();
    const { delivered, times, calls, took } = await measureRate(tenant, { rate, total });
    const name = rate === 0 ? "one at a time" : `${rate} a second`;
    printLine(
      `  ${name.padEnd(15)} ${showTimes(sortTimes(times))}; ${delivered} taken, ` +
        `${times.length} answered (${
          Math.round(times.length / took)
        }/s), ${calls} calls of the database each`,
    );
    printLine(`  ${"".padEnd(15)} CPU a message ${showCpu(before, await readCpu(), total)}`);
  }
}

async function measureRate(
  tenant: Tenant,
  { rate, total }: { rate: number; total: number },
) {
  const began = new Map<string, number>();
  const gateway = `${readStack().url}/__gateway`;
  await (await fetch(gateway, { method: "DELETE" })).body?.cancel();
  const start = performance.now();
  let delivered = 0;
  const say = async () => {
    const from = String(250_700_000_000 + (people += 1));
    began.set(from, Date.now());
    const { status } = await deliver(
      writeDelivery(tenant.phoneNumberId, { messages: [writeMessage({ from, text: "menu" })] }),
    );
    if (status === 200) delivered += 1;
    return from;
  };
  const sending: Promise<string>[] = [];
  for (let index = 0; index < total; index += 1) {
    if (rate === 0) {
      const from = await say();
      await readAnswers(tenant, (answered) => answered.has(from));
      continue;
    }
    const due = start + index * 1000 / rate;
    const early = due - performance.now();
    if (early > 1) await new Promise((resolve) => setTimeout(resolve, early));
    sending.push(say());
  }
  await Promise.all(sending);
  const answered = await readAnswers(
    tenant,
    (all) => [...began.keys()].filter((from) => all.has(from)).length >= delivered,
  );
  const ends = [...began.keys()].flatMap((from) => answered.get(from) ?? []);
  const { counts } = await (await fetch(gateway)).json() as { counts: { [route: string]: number } };
  const rpcs = Object.entries(counts).filter(([route]) => route.includes("/rpc/"));
  return {
    delivered,
    times: [...began].flatMap(([from, at]) => {
      const sent = answered.get(from);
      return sent === undefined ? [] : [sent - at];
    }),
    calls: (rpcs.reduce((sum, [, count]) => sum + count, 0) / total).toFixed(2),
    took: (Math.max(...ends) - Math.min(...began.values())) / 1000,
  };
}

/** When the provider was asked to send to whom. */
async function readAnswers(
  { accounts }: Tenant,
  isDone: (answered: Map<string, number>) => boolean,
): Promise<Map<string, number>> {
  const until = performance.now() + LONGEST_WAIT_MILLISECONDS;
  for (;;) {
    const { messages } = await controlSimulator<{ messages: Sent[] }>("graph", "GET", {
      path: `state?account=${accounts.whatsapp.businessAccountId}`,
    });
    const answered = new Map(messages.map(({ sent_at, body }) => [body.to, Date.parse(sent_at)]));
    if (isDone(answered) || performance.now() > until) return answered;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
