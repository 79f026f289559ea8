/**
 * One decision, "is this person inside at 50 %?", beside unleash-client, GrowthBook and OpenFeature's
 * in-memory provider: the same people, in one process, rounds in turns. Also asks whether we agree with
 * Unleash about who is inside, and about the buckets of a million people. Goal: at least 8 times as many
 * decisions a second as unleash-client and as GrowthBook. Exits with 1 where we disagree or it is missed.
 *
 *   deno run -A bench/flags/main.ts [--rounds 9]
 */
import { createRequire } from "node:module";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { REPOSITORY } from "../../scripts/local/repository.ts";
import { printLine } from "../../scripts/local/print_line.ts";
import { bucketOf } from "../../supabase/functions/_shared/domain/rollout/bucket.ts";
import {
  evaluateFlags,
  UNIFIED_SERVICE_GROUP,
} from "../../supabase/functions/_shared/domain/rollout/evaluate_flags.ts";
import { SAFE_FLAGS } from "../../supabase/functions/_shared/domain/rollout/parse_flags.ts";
import { prepareContenders } from "../ingest/run_contender.ts";
import { createContenders } from "./contenders.ts";

const { values } = parseArgs({
  options: { rounds: { type: "string", default: "9" } },
});
const PEOPLE = 20_000;
const PERCENT = 50;
const LEAST_MILLISECONDS = 200;
const GOAL_TIMES = 8;
const GOAL_AGAINST = ["unleash-client", "GrowthBook"];
const ORG = "11111111-1111-4111-8111-111111111111";

await prepareContenders();
const require = createRequire(
  join(REPOSITORY, ".local", "bench", "package.json"),
);
const people = Array.from(
  { length: PEOPLE },
  (_, person) => String(250_788_000_000 + person * 31),
);
const flags = {
  ...SAFE_FLAGS,
  unifiedServiceEnabled: true,
  unifiedServiceRolloutPercent: PERCENT,
};
const ours = (person: string) => evaluateFlags(flags, { rolloutKey: person, orgId: ORG }).inside;
const { contenders, close } = await createContenders(require, {
  group: UNIFIED_SERVICE_GROUP,
  percent: PERCENT,
});

/** Decisions a second, over whole rounds of the people until enough time has passed to tell. */
async function measure(
  decide: (person: string) => boolean | Promise<boolean>,
): Promise<{ rate: number; inside: number }> {
  const isAsynchronous = decide(people[0]!) instanceof Promise;
  const began = performance.now();
  let inside = 0;
  let decisions = 0;
  let elapsed = 0;
  while (elapsed < LEAST_MILLISECONDS) {
    inside = 0;
    if (isAsynchronous) {
      for (const person of people) if (await decide(person)) inside += 1;
    } else {
      for (const person of people) if (decide(person)) inside += 1;
    }
    decisions += people.length;
    elapsed = performance.now() - began;
  }
  return { rate: decisions / elapsed * 1_000, inside };
}

const all = [{ name: "switchboard", decide: ours }, ...contenders];
const rates = new Map(all.map(({ name }) => [name, [] as number[]]));
const insides = new Map<string, number>();
for (let round = -2; round < Number(values.rounds); round += 1) {
  for (const { name, decide } of all) {
    const { rate, inside } = await measure(decide);
    insides.set(name, inside);
    // Two to warm up.
    if (round >= 0) rates.get(name)!.push(rate);
  }
}

const median = (numbers: number[]) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!;
const own = rates.get("switchboard")!;
const times = new Map<string, number>();
for (const { name } of all) {
  const theirs = rates.get(name)!;
  const ratios = own.map((rate, round) => rate / theirs[round]!);
  times.set(name, median(ratios));
  printLine(
    `${name.padEnd(24)} ${(median(theirs) / 1e6).toFixed(3).padStart(8)} M/s   ` +
      `${insides.get(name)} of ${PEOPLE} inside   ` +
      `ours ${median(ratios).toFixed(1)}x, worst round ${Math.min(...ratios).toFixed(1)}x`,
  );
}

const isFast = GOAL_AGAINST.every((name) => (times.get(name) ?? 0) >= GOAL_TIMES);
printLine(
  `at least ${GOAL_TIMES}x ${GOAL_AGAINST.join(" and ")}, median of the rounds: ${
    isFast ? "met" : "missed"
  }`,
);
const isInsideAlike = insides.get("switchboard") === insides.get("unleash-client");
if (!isInsideAlike) printLine("other people are inside than Unleash's client has there");

const { normalizedStrategyValue } = require(
  "unleash-client/lib/strategy/util.js",
);
let different = 0;
for (let person = 0; person < 1_000_000; person += 1) {
  const key = String(250_700_000_000 + person * 97);
  const theirs = normalizedStrategyValue(key, UNIFIED_SERVICE_GROUP);
  if (bucketOf(UNIFIED_SERVICE_GROUP, key) !== theirs) different += 1;
}
printLine(
  `of 1,000,000 people ${different} are in another bucket than Unleash's client puts them in`,
);
close();
// unleash-client keeps timers of its own.
Deno.exit(isFast && isInsideAlike && different === 0 ? 0 : 1);
