/**
 * Whole turns, every provider answering at once, on a stack of its own: from a delivery to the answer
 * at the provider, alone and at so many messages a second; calls of the database a turn and where its
 * time goes; a handoff's own time, and how many texts are understood a second.
 *
 *   deno run -A bench/turn.ts [--messages 200] [--rates 0,10,25,50,100] [--seconds 5]
 */
import { parseArgs } from "node:util";
import { withTestStack } from "../scripts/local/checks/with_test_stack.ts";
import { measureClassifications, measureDecisions } from "./turn/measure_decisions.ts";

const { values } = parseArgs({
  options: {
    messages: { type: "string", default: "200" },
    rates: { type: "string", default: "0,10,25,50,100" },
    seconds: { type: "string", default: "5" },
  },
});

await measureDecisions();
await measureClassifications();
await withTestStack(
  { engine: "postgres", functions: "checkout", signal: AbortSignal.timeout(600_000) },
  async (stack) => {
    Deno.env.set("SWITCHBOARD_STACK", stack.path);
    const { measureLoad } = await import("./turn/measure_load.ts");
    const { measureStages } = await import("./turn/measure_stages.ts");
    await measureStages(Number(values.messages));
    await measureLoad(values.rates.split(",").map(Number), Number(values.seconds));
    return [];
  },
);
