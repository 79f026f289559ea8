import { join } from "node:path";
import { parseArgs } from "node:util";
import { createDatabase } from "../supabase/functions/_shared/providers/supabase/create_database.ts";
import { checkMetaWebhook } from "./doctor/check_meta_webhook.ts";
import type { Project } from "./doctor/project.ts";
import { printError, printLine } from "./local/print_line.ts";
import { REPOSITORY } from "./local/repository.ts";
import { holdWayBack } from "./release/hold_way_back.ts";
import { listJournals } from "./release/journal.ts";
import { ARCHIVE_BRANCH } from "./release/legacy/archive_sources.ts";
import { findLegacyFunctions, judgeRetirement } from "./release/legacy/judge_retirement.ts";
import { readLegacyUse, retireFunctions } from "./release/legacy/retire_functions.ts";
import { createManagement } from "./release/management/create_management.ts";
import { requireSameEnvironment } from "./release/open_release.ts";
import { readTarget, TARGET_HELP, TARGET_OPTIONS } from "./release/read_target.ts";
import { ReleaseError } from "./release/release_error.ts";

const HELP =
  `Deletes the older product's functions once nobody needs them. Without --confirm it shows which there
are and what keeps them, and does nothing.

  deno run -A scripts/retire_legacy.ts --project-ref <ref> [--confirm] [--source <folder>]

${TARGET_HELP}

  --confirm               archive them, forget their addresses, delete them
  --meta-app-id <id>      ask Meta too: they stay unless its webhook is ours (needs WHATSAPP_APP_SECRET)
  --source <folder>       where their sources are, one folder each, with what they share beside them
                          (_shared, import_map.json); without it they are downloaded
  --actor <name>          who it is; your login name unless given
  --force                 goes on although a release or rollback of the project is under way

They go only when everybody has been inside the rollout for a week, by the history that the database
writes itself, nothing was given to them in that week, and within the last day somebody's message came
to us: Meta could still post to them directly. First their source, with all that it reaches, is
committed to the branch ${ARCHIVE_BRANCH} of this checkout (which stays as it is), once the
platform bundled it from there, and pushed to origin; then their addresses are taken out of
legacy_webhooks. None of our own functions is ever deleted. Cut off, it goes on when it is run again.
Exits 1 when it was refused.
`;

type Surroundings = {
  print: (line: string) => void;
  read?: (name: string) => string | undefined;
  /** The checkout that keeps the archive. */
  folder?: string;
};

/** Answers whether nothing stands in the way. Throws one clear sentence. */
export async function retireLegacy(
  args: string[],
  { print, read = (name) => Deno.env.get(name), folder = REPOSITORY }: Surroundings,
): Promise<boolean> {
  const { values } = parseArgs({
    args,
    options: {
      ...TARGET_OPTIONS,
      confirm: { type: "boolean", default: false },
      "meta-app-id": { type: "string" },
      source: { type: "string" },
      actor: { type: "string" },
      force: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    print(HELP.trimEnd());
    return true;
  }
  const target = await readTarget(values, { read });
  const localFolder = join(folder, ".local");
  requireSameEnvironment(await listJournals(localFolder, target.ref), target, localFolder);
  if (target.secretKey === null) {
    throw new ReleaseError(
      "missing",
      `Cannot ask "${target.ref}" who needs the older service: SUPABASE_SECRET_KEY is not set`,
    );
  }
  const management = createManagement(target);
  const database = createDatabase({
    supabaseUrl: target.projectUrl,
    secretKey: target.secretKey,
    timeoutMilliseconds: 10_000,
  });
  const hosts = [
    new URL(target.projectUrl).host,
    `${target.ref}.supabase.co`,
    `${target.ref}.functions.supabase.co`,
  ];

  const findReasons = async () => [
    ...judgeRetirement(await readLegacyUse(database)),
    ...await judgeMeta({
      target,
      management,
      ops: null,
      folder,
      metaAppId: values["meta-app-id"] ?? null,
      fetch,
      read,
    }),
  ];

  const use = await readLegacyUse(database);
  const live = await management.listFunctions(target.ref);
  const found = findLegacyFunctions({
    live: live.map(({ slug }) => slug),
    addresses: use.webhooks_ever,
    own: await listOwnFunctions(),
    hosts,
  });
  for (const slug of found.slugs) {
    const { version, updatedAt } = live.find((one) => one.slug === slug) ?? {};
    print(`legacy    ${slug} (version ${version}, deployed ${updatedAt})`);
  }
  for (const slug of found.ours) {
    print(`ours      ${slug}: is left alone, though legacy_webhooks named it`);
  }
  for (const address of found.elsewhere) print(`elsewhere ${address}: is not of this project`);
  const reasons = await findReasons();
  for (const reason of reasons) print(`kept      ${reason}`);
  if (use.dead_lettered > 0) {
    print(
      `note      ${use.dead_lettered} dead letters are for the older service alone (scripts/replay.ts)`,
    );
  }
  if (found.slugs.length === 0) {
    print("No function of the older product is deployed");
    return true;
  }
  if (reasons.length > 0) return false;
  if (!values.confirm) {
    print("Nothing was done: add --confirm");
    return true;
  }
  const ports = { target, management, database, findReasons, folder, print };
  await holdWayBack(
    { folder, target, isForced: values.force, tell: print },
    () =>
      retireFunctions(ports, {
        slugs: found.slugs,
        source: values.source ?? null,
        hosts,
        actor: values.actor ?? read("USER") ?? "retire_legacy",
      }),
  );
  return true;
}

/** What Meta says of where it delivers, where its app is given; whatever isn't certain keeps them. */
async function judgeMeta(project: Project): Promise<string[]> {
  if (project.metaAppId === null) return [];
  const findings = await checkMetaWebhook(project);
  return findings.filter(({ state }) => state !== "passed")
    .map(({ detail, cure }) => cure === undefined ? detail : `${detail} (${cure})`);
}

/** Those of config.toml, an alias included. */
async function listOwnFunctions(): Promise<string[]> {
  const text = await Deno.readTextFile(`${REPOSITORY}/supabase/config.toml`);
  return [...text.matchAll(/^\[functions\.([\w-]+)\]/gm)].map(([, slug = ""]) => slug);
}

if (import.meta.main) {
  try {
    if (!await retireLegacy(Deno.args, { print: printLine })) Deno.exit(1);
  } catch (error) {
    printError((error as Error).message);
    Deno.exit(1);
  }
}
