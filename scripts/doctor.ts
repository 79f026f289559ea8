import { parseArgs, parseEnv } from "node:util";
import { checkClock } from "./doctor/check_clock.ts";
import { checkEnvironment } from "./doctor/check_environment.ts";
import { checkFunctions } from "./doctor/check_functions.ts";
import { checkMetaWebhook } from "./doctor/check_meta_webhook.ts";
import { checkMigrations } from "./doctor/check_migrations.ts";
import { checkLock, checkPackages, readPackages } from "./doctor/check_packages.ts";
import { checkReadiness } from "./doctor/check_readiness.ts";
import { checkProjectSecrets } from "./doctor/check_secrets.ts";
import { checkTools, readToolVersions } from "./doctor/check_tools.ts";
import { checkTree } from "./doctor/check_tree.ts";
import { checkWorkspaces } from "./doctor/check_workspaces.ts";
import { fail, type Finding } from "./doctor/finding.ts";
import type { ReleasedProject } from "./doctor/project.ts";
import { printError, printLine } from "./local/print_line.ts";
import { REPOSITORY } from "./local/repository.ts";
import { createManagement } from "./release/management/create_management.ts";
import { createOps } from "./release/ops/create_ops.ts";
import { readTree } from "./release/preflight/confirm_tests.ts";
import { readTarget, TARGET_HELP, TARGET_OPTIONS } from "./release/read_target.ts";
import { ReleaseError } from "./release/release_error.ts";
import { targetValues, writeCommand } from "./release/write_command.ts";

const HELP = `Says what is missing, and how to get it. Changes nothing.

  deno task doctor                              this checkout
  deno task doctor --env-file <file>            a file of the functions' variables
  deno task doctor --project-ref <ref> …        a live project

${TARGET_HELP}

  --meta-app-id <id>      our app at Meta, or META_APP_ID; without it what an organization is
                          subscribed to

Of a live project: functions, secrets by name, migrations, readiness of each function, the clock
(pg_cron, vault, heartbeats), where Meta delivers, whether stored credentials are still valid, and
whether assistants and numbers at Vapi call us. Prints a line for each check: ok, MISSING, note (worth
knowing), or skipped (what to give so that it can be looked at). Exits 1 when something is missing.
`;

type Surroundings = {
  print: (line: string) => void;
  fetch?: typeof globalThis.fetch;
  folder?: string;
  read?: (name: string) => string | undefined;
};

/** Runs what the arguments ask for. Answers whether nothing required is missing. */
export async function diagnose(
  args: string[],
  {
    print,
    fetch = globalThis.fetch,
    folder = REPOSITORY,
    read = (name) => Deno.env.get(name),
  }: Surroundings,
): Promise<boolean> {
  const { values } = parseArgs({
    args,
    options: {
      ...TARGET_OPTIONS,
      "meta-app-id": { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    print(HELP.trimEnd());
    return true;
  }
  if (values["project-ref"] !== undefined) {
    const target = await readTarget(values, { read, usesDatabase: false });
    const { secretKey, projectUrl } = target;
    const project: Omit<ReleasedProject, "metaAppId"> = {
      target,
      management: createManagement(target, fetch),
      ops: secretKey === null ? null : createOps({ projectUrl, secretKey }, fetch),
      folder,
      deployCommand: writeCommand("deploy", targetValues(target, values)),
      fetch,
      read,
    };
    const file = Object.keys(target.secrets).length === 0
      ? []
      : checkEnvironment(target.secrets, target.environment);
    return show(
      [
        ...file,
        ...await checkProject(
          project,
          values["meta-app-id"] ?? (read("META_APP_ID")?.trim() || null),
        ),
      ],
      print,
    );
  }
  if (values["env-file"] !== undefined) {
    const { env } = values;
    if (env !== "staging" && env !== "production") {
      throw new ReleaseError("invalid", `Cannot check "${env}": --env is staging or production`);
    }
    const file = parseEnv(await readFile(values["env-file"])) as Record<string, string>;
    return show(checkEnvironment(file, env), print);
  }
  return show(await checkCheckout(folder), print);
}

async function checkCheckout(folder: string): Promise<Finding[]> {
  const [versions, packages, lock, tree] = await Promise.all([
    readToolVersions(),
    readPackages(folder),
    Deno.readTextFile(`${folder}/deno.lock`).catch(() => null),
    readTree(folder).then(({ changes }) => changes, () => null),
  ]);
  return [
    ...checkTools(versions),
    ...checkPackages(packages),
    ...checkLock(packages, lock),
    ...checkTree(tree),
  ];
}

async function checkProject(
  project: Omit<ReleasedProject, "metaAppId">,
  givenAppId: string | null,
): Promise<Finding[]> {
  let metaAppId = givenAppId;
  const workspaces = await guard("credentials", async () => {
    const report = await checkWorkspaces(project);
    metaAppId ??= report.metaAppId;
    return report.findings;
  });
  const whole: ReleasedProject = { ...project, metaAppId };
  const groups = await Promise.all([
    guard("functions", () => checkFunctions(whole)),
    guard("secrets", () => checkProjectSecrets(whole)),
    guard("migrations", () => checkMigrations(whole)),
    guard("ready", () => checkReadiness(whole)),
    guard("cron", () => checkClock(whole)),
    guard("meta webhook", () => checkMetaWebhook(whole)),
  ]);
  return [...groups.flat(), ...workspaces];
}

/** One check that can't be made keeps no other from being made. */
async function guard(check: string, run: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await run();
  } catch (error) {
    const cure = "this check couldn't be made; the others were";
    return [fail(check, (error as Error).message, cure)];
  }
}

async function readFile(path: string): Promise<string> {
  return await Deno.readTextFile(path).catch((error: Error) => {
    throw new ReleaseError("missing", `Cannot read "${path}": ${error.message}`);
  });
}

const WORDS = { passed: "ok", failed: "MISSING", advised: "note", skipped: "skipped" } as const;

function show(findings: readonly Finding[], print: (line: string) => void): boolean {
  for (const { check, state, detail, cure } of findings) {
    print(`${WORDS[state].padEnd(8)} ${check}: ${detail}`);
    if (cure !== undefined) print(`${" ".repeat(9)}→ ${cure}`);
  }
  const count = (state: Finding["state"]) =>
    findings.filter((finding) => finding.state === state).length;
  print(
    `${count("passed")} ok, ${count("failed")} missing, ${count("advised")} to know, ` +
      `${count("skipped")} skipped`,
  );
  return count("failed") === 0;
}

if (import.meta.main) {
  try {
    if (!await diagnose(Deno.args, { print: printLine })) Deno.exit(1);
  } catch (error) {
    printError((error as Error).message);
    Deno.exit(1);
  }
}
