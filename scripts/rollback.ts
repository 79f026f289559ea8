import { join } from "node:path";
import { parseArgs } from "node:util";
import { printError, printLine } from "./local/print_line.ts";
import { REPOSITORY } from "./local/repository.ts";
import { StackError } from "./local/stack_error.ts";
import { holdWayBack } from "./release/hold_way_back.ts";
import { listenForInterrupt } from "./release/listen_for_interrupt.ts";
import { listJournals } from "./release/journal.ts";
import { createManagement } from "./release/management/create_management.ts";
import { createOps } from "./release/ops/create_ops.ts";
import { requireSameEnvironment } from "./release/open_release.ts";
import { readTarget, TARGET_HELP, TARGET_OPTIONS } from "./release/read_target.ts";
import { ReleaseError } from "./release/release_error.ts";
import { disableService } from "./release/rollback/disable_service.ts";
import { dropConstraint } from "./release/rollback/drop_constraint.ts";
import { lowerRollout } from "./release/rollback/lower_rollout.ts";
import { redeployCode } from "./release/rollback/redeploy_code.ts";
import { listRestoreSteps } from "./release/rollback/restore_steps.ts";
import { returnToLegacy } from "./release/rollback/return_to_legacy.ts";
import type { RollbackContext, Signature } from "./release/rollback/rollback_context.ts";
import { runCli } from "./release/run_cli.ts";
import { targetValues } from "./release/write_command.ts";

/** What each kind does, and what to data: printed before it does anything. */
const KINDS = {
  quick: {
    does: "everybody is outside the rollout from their next message on",
    toData: "nothing",
  },
  full: {
    does: "the service is switched off: agents are silent, conversations end",
    toData: "nothing; messages are stored, and forwarded where there is an older service",
  },
  code: {
    does: "the functions of an earlier release are deployed again",
    toData: "nothing; the database stays as it is, migrations only add",
  },
  constraint: {
    does: "one constraint that refuses rows is dropped",
    toData: "nothing; rows that it would refuse can come from then on",
  },
  legacy: {
    does: "the older functions are deployed again, and Meta's webhook is pointed at them",
    toData: "nothing; what the older service stores is its own",
  },
  restore: {
    does: "code and database of a moment before, one step at a time",
    toData: "WHAT CAME SINCE THE BACKUP IS LOST, by step 5 alone",
  },
} as const;
type Kind = keyof typeof KINDS;

const HELP = `Goes back. Says beforehand what it does to data; only restore does anything to it.
Each may be run again: what is so already is left alone.

  deno task rollback quick --project-ref <ref> --reason <why>
  deno task rollback full --project-ref <ref> --reason <why>
  deno task rollback code --project-ref <ref> [--to <tag>] [--functions a,b]
  deno task rollback constraint <name> --project-ref <ref> [--confirm]
  deno task rollback legacy --project-ref <ref> --meta-app-id <id> [--webhook <function>]
  deno task rollback restore --project-ref <ref> --reason <why> [--step <n> --confirm]

${
  Object.entries(KINDS)
    .map(([kind, { does, toData }]) =>
      `  ${kind.padEnd(12)} ${does}\n${" ".repeat(15)}data: ${toData}`
    )
    .join("\n")
}

  --reason <why>          kept in the history, with who it was (--actor, your login name)
  --to <tag>              a tag, a version of supabase/releases.json, a release's id, or a commit;
                          without it what was live before the newest release from here, where
                          that is known for sure
  --functions <a,b>       these alone; of legacy, without it those that were archived and the older
                          product's webhooks, never one of ours
  --confirm               does it (constraint, and a step of restore); without it it is only shown
  --source <folder>       of the older functions, one folder each, with what they share beside them;
                          without it the branch archive/legacy-webhooks
  --meta-app-id <id>      our app at Meta, or META_APP_ID
  --webhook <function>    the older one that Meta's deliveries are for
  --callback-url <url>    points Meta there, and deploys nothing: the way forward again
  --dump <file>           of restore: a backup by pg_dump --format custom (deno task deploy --backup)
  --step <n>              of restore: which one to run
  --force                 goes on although a release or another rollback of the project is under way:
                          for an incident in which it hangs; quick and full wait for nobody anyway

${TARGET_HELP}

quick and full go by ops, and by the database itself where ops doesn't answer. legacy needs
WHATSAPP_APP_SECRET and LEGACY_WA_VERIFY_TOKEN (or WA_VERIFY_TOKEN, which alone is the one for our
own address), in the environment file or set here. Ctrl-C ends what runs and leaves no file of a secret;
rows of a restore that isn't finished stay as they were. Exits 1 when it didn't go back.
`;

type Surroundings = {
  print: (line: string) => void;
  read?: (name: string) => string | undefined;
  fetch?: typeof globalThis.fetch;
  /** The checkout whose history earlier code is in. */
  folder?: string;
  /** A person's wish to stop. */
  signal?: AbortSignal | undefined;
};

const OPTIONS = {
  ...TARGET_OPTIONS,
  reason: { type: "string" },
  actor: { type: "string" },
  to: { type: "string" },
  functions: { type: "string" },
  confirm: { type: "boolean", default: false },
  source: { type: "string" },
  webhook: { type: "string" },
  "callback-url": { type: "string" },
  "meta-app-id": { type: "string" },
  dump: { type: "string" },
  step: { type: "string" },
  force: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;
type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>["values"];

/** Does what the arguments say. Throws ReleaseError or StackError: one clear sentence. */
export async function rollback(
  args: string[],
  {
    print,
    read = (name) => Deno.env.get(name),
    fetch = globalThis.fetch,
    folder = REPOSITORY,
    signal,
  }: Surroundings,
): Promise<void> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: OPTIONS });
  const [given, ...rest] = positionals;
  if (values.help || given === undefined) return print(HELP.trimEnd());
  if (!(given in KINDS) || rest.length !== (given === "constraint" ? 1 : 0)) {
    throw new ReleaseError("invalid", `Cannot understand "${positionals.join(" ")}" (see --help)`);
  }
  const kind = given as Kind;
  // In an incident nothing holds up what goes by ops alone.
  const usesDatabase = kind !== "quick" && kind !== "full";
  const target = await readTarget(values, { read, usesDatabase });
  if (usesDatabase) {
    const localFolder = join(folder, ".local");
    requireSameEnvironment(await listJournals(localFolder, target.ref), target, localFolder);
  }
  const { secretKey, projectUrl } = target;
  const context: RollbackContext = {
    target,
    management: createManagement(target, fetch),
    ops: secretKey === null ? null : createOps({ projectUrl, secretKey }, fetch),
    folder,
    runCli: (args, options) => runCli(target, args, { signal, ...options }),
    fetch,
    read,
    print,
    signal,
  };
  print(`${kind} of ${target.ref}: ${KINDS[kind].does}`);
  print(`data       ${KINDS[kind].toData}`);
  const work = () => run(kind, { context, values, name: rest[0] ?? "" });
  if (!isHeld(kind, values)) return await work();
  const isForced = values.force === true;
  await holdWayBack({ folder, target, isForced, tell: print }, work);
}

/**
 * A release that is under way would deploy over it, and the other way round. What stops harm, which
 * switching off is in a restore too, waits for nobody.
 */
function isHeld(kind: Kind, { step, confirm }: Values): boolean {
  if (kind === "restore") return confirm === true && step !== undefined && Number(step) !== 1;
  return kind === "code" || kind === "legacy";
}

async function run(
  kind: Kind,
  { context, values, name }: { context: RollbackContext; values: Values; name: string },
): Promise<void> {
  const functions = values.functions?.split(",").map((slug) => slug.trim()).filter(Boolean) ?? null;
  switch (kind) {
    case "quick":
      return await lowerRollout(context, readSignature(values, context.read));
    case "full":
      return await disableService(context, readSignature(values, context.read));
    case "code":
      return await redeployCode(context, { to: values.to ?? null, functions });
    case "constraint":
      return await dropConstraint(context, { name, isConfirmed: values.confirm === true });
    case "legacy":
      return await returnToLegacy(context, {
        source: values.source ?? null,
        functions,
        webhook: values.webhook ?? null,
        callbackUrl: values["callback-url"] ?? null,
        metaAppId: values["meta-app-id"] ?? (context.read("META_APP_ID")?.trim() || null),
        about: targetValues(context.target, values),
      });
    case "restore":
      return await restore(context, values);
  }
}

function readSignature(values: Values, read: RollbackContext["read"]): Signature {
  const reason = values.reason?.trim();
  if (!reason) throw new ReleaseError("missing", "Cannot go back without --reason (see --help)");
  return { reason, actor: values.actor ?? read("USER") ?? "rollback" };
}

/** Shows every step; runs the one that is named, where it is confirmed. */
async function restore(context: RollbackContext, values: Values): Promise<void> {
  const steps = listRestoreSteps(context, {
    to: values.to ?? null,
    dump: values.dump ?? null,
    signature: readSignature(values, context.read),
    about: targetValues(context.target, values),
  });
  const { print } = context;
  const number = values.step === undefined ? null : Number(values.step);
  if (number !== null && steps[number - 1] === undefined) {
    throw new ReleaseError(
      "invalid",
      `Cannot run step "${values.step}": there are 1 to ${steps.length}`,
    );
  }
  for (const [place, { title, toData, command }] of steps.entries()) {
    if (number !== null && number !== place + 1) continue;
    print(`[${place + 1}/${steps.length}] ${title}`);
    print(`      data    ${toData}`);
    print(`      run     ${command}`);
  }
  if (number === null) {
    return print("Nothing was done: run them in order with --step <n> --confirm");
  }
  if (!values.confirm) return print("Nothing was done: add --confirm");
  await steps[number - 1]!.run(context);
  print(`step ${number} is done${number < steps.length ? `; then --step ${number + 1}` : ""}`);
}

if (import.meta.main) {
  try {
    const signal = listenForInterrupt("stopping what runs; once more ends it at once …");
    await rollback(Deno.args, { print: printLine, signal });
    // A signal that is listened to keeps the process.
    Deno.exit(0);
  } catch (error) {
    const isTold = error instanceof ReleaseError || error instanceof StackError ||
      error instanceof TypeError;
    printError(isTold ? error.message : String((error as Error).stack ?? error));
    Deno.exit(1);
  }
}
