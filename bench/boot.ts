/**
 * What a cold start pays for: the size of each function's code as the Supabase CLI uploads it and
 * as it loads, and the time from the start of its process to its first answer, beside a bare Hono
 * function in the same rounds. Once packed into one file, as the platform packs it at a deployment;
 * and once as it was uploaded, where Deno finds and resolves each file, those that load later too.
 *
 *   deno run -A bench/boot.ts [--rounds 15]
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createKeys, PUBLISHABLE_KEY, SECRET_KEY } from "../scripts/local/create_keys.ts";
import { findFunctionDeno } from "../scripts/local/find_binary.ts";
import { functionEnvironment, splitEnvironment } from "../scripts/local/function_environment.ts";
import { deployCheckout } from "../scripts/local/management/deploy_checkout.ts";
import { startManagement } from "../scripts/local/management/start_management.ts";
import { printLine } from "../scripts/local/print_line.ts";
import { openProcessRegistry } from "../scripts/local/process_registry.ts";
import { FUNCTIONS_FOLDER, REPOSITORY } from "../scripts/local/repository.ts";
import { listFunctions } from "../scripts/local/start_functions.ts";
import { openBundler } from "./boot/bundle_function.ts";
import { type Candidate, measureBoot } from "./boot/measure_boot.ts";
import { prepareContenders } from "./ingest/run_contender.ts";

/** Of minified code that loads before the first request. */
const EAGER_LIMIT_BYTES = 400_000;
/** Of the median of `unified-webhook`, packed, to that of the bare function. */
const BOOT_LIMIT = 2;
const FIRST = "unified-webhook";
const BARE = "bare Hono";
const NOWHERE = "http://127.0.0.1:1";
const BARE_CODE = `import { Hono } from "hono";
const app = new Hono();
app.get("*", (c) => c.json({ status: "healthy" }));
Deno.serve(app.fetch);
`;

const kilobytes = (bytes: number) => `${(bytes / 1_000).toFixed(0).padStart(5)} KB`;
const milliseconds = (value: number) => `${value.toFixed(0).padStart(4)} ms`;
const verdict = (isMet: boolean) => isMet ? "met" : "missed";
const inOrder = (times: number[] = []) => times.toSorted((one, other) => one - other);
const medianOf = (times: number[] = []) => inOrder(times)[Math.floor(times.length / 2)] ?? NaN;

/** Runs all in turns; the first round compiles and isn't counted. */
async function runRounds(
  candidates: Candidate[],
  { rounds, deno, runtime }: { rounds: number; deno: string; runtime: string },
): Promise<Map<string, number[]>> {
  const times = new Map<string, number[]>(
    candidates.map(({ name }) => [name, []]),
  );
  for (let round = 0; round <= rounds; round++) {
    for (const candidate of candidates) {
      const time = await measureBoot(candidate, { deno, runtime });
      if (round > 0) times.get(candidate.name)?.push(time);
    }
  }
  return times;
}

function report(title: string, times: Map<string, number[]>): void {
  printLine(`\n${title}`);
  const bare = medianOf(times.get(BARE));
  for (const [name, measured] of times) {
    const [best = NaN, worst = NaN] = [
      inOrder(measured)[0],
      inOrder(measured).at(-1),
    ];
    printLine(
      `  ${name.padEnd(16)} median ${milliseconds(medianOf(measured))}   best ` +
        `${milliseconds(best)}   worst ${milliseconds(worst)}   ` +
        `${(medianOf(measured) / bare).toFixed(2)} of the bare one`,
    );
  }
}

const { values } = parseArgs({
  options: { rounds: { type: "string", default: "15" } },
});
const rounds = Number(values.rounds);
const folder = join(REPOSITORY, ".local", `bench-${Deno.pid}`);
await Deno.mkdir(folder, { recursive: true });
await prepareContenders();
const keys = await createKeys(folder);
const env = functionEnvironment({
  url: NOWHERE,
  keys,
  secretKey: SECRET_KEY,
  publishableKey: PUBLISHABLE_KEY,
  ownsSigningKey: true,
  simulators: {
    vapi: NOWHERE,
    twilio: NOWHERE,
    graph: NOWHERE,
    gemini: NOWHERE,
  },
  overrides: {},
});
const { platformVariables, secrets } = splitEnvironment(env);
const registry = await openProcessRegistry(folder);
const { path: deno, version } = await findFunctionDeno();
const management = await startManagement({
  folder,
  databaseUrl: "postgres://nobody@127.0.0.1:1/none",
  projectUrl: NOWHERE,
  platform: platformVariables,
  deno,
  registry,
  tokens: keys,
});
const bundler = openBundler(join(REPOSITORY, ".local", "bench"));
try {
  await deployCheckout(management, { secrets, folder });
  const names = await listFunctions();
  const live = management.state.functions().filter(({ row }) => names.includes(row.slug));
  let largest = 0;
  for (const { row, bundle } of live) {
    const size = await bundler.measure(row.slug);
    largest = Math.max(largest, size.eager);
    printLine(
      `${row.slug.padEnd(16)} uploaded ${kilobytes(bundle.bytes)} in ${bundle.files.length} files` +
        `   minified: eager ${kilobytes(size.eager)} of ${size.modules} modules,` +
        ` later ${kilobytes(size.lazy)}   (` +
        size.largest.map(([owner, bytes]) => `${owner} ${kilobytes(bytes).trim()}`).join(", ") +
        ")",
    );
  }
  printLine(
    `${verdict(largest <= EAGER_LIMIT_BYTES)}: no function loads more than ` +
      `${kilobytes(largest).trim()} eagerly, of ${kilobytes(EAGER_LIMIT_BYTES).trim()} allowed`,
  );

  const packed = join(management.uploads, "packed");
  const plain = join(management.uploads, "plain");
  for (const one of [packed, plain]) {
    await Deno.mkdir(one, { recursive: true });
    await Deno.writeTextFile(
      join(one, "deno.json"),
      '{ "importMap": "./import_map.json" }',
    );
    await Deno.copyFile(
      join(FUNCTIONS_FOLDER, "_shared", "import_map.json"),
      join(one, "import_map.json"),
    );
  }
  await Deno.writeTextFile(join(plain, "bare.ts"), BARE_CODE);
  await bundler.pack(join(plain, "bare.ts"), join(packed, "bare.js"));
  for (const name of names) {
    await bundler.pack(bundler.entryOf(name), join(packed, `${name}.js`));
  }
  const bare = { name: BARE, path: "/", importMap: "deno.json", env: {} };
  const asked = (slug: string) => ({
    name: slug,
    path: `/${slug}/health?live=1`,
    env,
  });
  const tools = { rounds, deno, runtime: management.runtime };
  const packedTimes = await runRounds([
    { ...bare, folder: packed, entrypoint: "bare.js" },
    ...names.map((name) => ({
      ...asked(name),
      folder: packed,
      entrypoint: `${name}.js`,
      importMap: "deno.json",
    })),
  ], tools);
  report(`packed: ${rounds} rounds in turns on Deno ${version}`, packedTimes);
  const uploadedTimes = await runRounds([
    { ...bare, folder: plain, entrypoint: "bare.ts" },
    ...live.map(({ row, bundle: { folder, entrypoint, importMap } }) => ({
      ...asked(row.slug),
      folder,
      entrypoint,
      importMap,
    })),
  ], tools);
  report("as uploaded, file by file", uploadedTimes);

  const ratio = medianOf(packedTimes.get(FIRST)) /
    medianOf(packedTimes.get(BARE));
  printLine(
    `\n${verdict(ratio <= BOOT_LIMIT)}: ${FIRST} boots in ${ratio.toFixed(2)} times a bare Hono ` +
      `function, of ${BOOT_LIMIT} allowed`,
  );
} finally {
  await bundler.close();
  await management.stop();
  await registry.close();
  await Deno.remove(folder, { recursive: true });
}
