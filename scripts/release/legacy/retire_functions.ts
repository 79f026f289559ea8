import * as z from "zod";
import type { Database } from "../../../supabase/functions/_shared/providers/supabase/create_database.ts";
import type { Management } from "../management/create_management.ts";
import type { Target } from "../read_target.ts";
import { ReleaseError } from "../release_error.ts";
import { explainCli, runCli } from "../run_cli.ts";
import { archiveSource, pushArchive, readArchived } from "./archive_sources.ts";
import { type LegacyUse, legacyUseSchema, readSlug } from "./judge_retirement.ts";

export type RetirePorts = {
  target: Target;
  management: Pick<Management, "listFunctions">;
  database: Database;
  /** What keeps them at this moment, a sentence each. */
  findReasons: () => Promise<string[]>;
  /** The checkout whose branch is the archive. */
  folder: string;
  print: (line: string) => void;
};

export async function readLegacyUse(database: Database): Promise<LegacyUse> {
  return await database.callFunction("read_legacy_use", { days: 7 }, legacyUseSchema, {
    idempotent: true,
  });
}

/**
 * Archives these functions, gives the archive to origin, takes their addresses out of `legacy_webhooks`
 * and deletes them, in this order: whatever it is cut off by, nothing is deleted that isn't archived or still has an address.
 * Done again, it goes on with what is left.
 *
 * @throws ReleaseError
 */
export async function retireFunctions(
  ports: RetirePorts,
  { slugs, source, hosts, actor }: {
    slugs: string[];
    /** A folder with the functions' sources; null downloads them. */
    source: string | null;
    hosts: string[];
    actor: string;
  },
): Promise<void> {
  const { target, management, database, findReasons, folder, print } = ports;
  const versions = new Map<string, number>();
  for (const slug of slugs) versions.set(slug, await archive(ports, slug, source));
  print(
    await pushArchive({ folder })
      ? "pushed    the archive to origin"
      : "note      there is no origin: the archive is on this machine alone",
  );
  await forgetAddresses(database, { slugs, hosts, actor, print });

  for (const slug of slugs) {
    const live = (await management.listFunctions(target.ref)).find((one) => one.slug === slug);
    if (live === undefined) continue;
    const archived = (await readArchived({ folder }))[slug];
    if (live.version !== versions.get(slug) || archived?.version !== live.version) {
      throw new ReleaseError(
        "failed",
        `Cannot delete "${slug}": it was deployed again meanwhile (version ${live.version}); run this again`,
      );
    }
    const reasons = await findReasons();
    if (reasons.length > 0) {
      throw new ReleaseError("failed", `Cannot delete "${slug}": ${reasons.join("; ")}`);
    }
    const deleted = await runCli(target, ["functions", "delete", slug, `--remote=${target.ref}`]);
    if (!deleted.success) {
      throw new ReleaseError("failed", `Cannot delete "${slug}": ${explainCli(deleted)}`);
    }
    print(`deleted   ${slug} (version ${live.version})`);
  }
}

/** Answers the version that is archived now. */
async function archive(
  { target, management, folder, print }: RetirePorts,
  slug: string,
  source: string | null,
): Promise<number> {
  const live = (await management.listFunctions(target.ref)).find((one) => one.slug === slug);
  const archived = (await readArchived({ folder }))[slug];
  if (
    archived !== undefined && archived.ref === target.ref &&
    (live === undefined || archived.version === live.version)
  ) {
    print(`archived  ${slug} (version ${archived.version}, before)`);
    return archived.version;
  }
  if (live === undefined) {
    throw new ReleaseError("not_found", `Cannot archive "${slug}": it isn't deployed any more`);
  }
  const workFolder = await Deno.makeTempDir({ prefix: "switchboard-legacy-" });
  try {
    const from = source === null ? await download(target, slug, workFolder) : `${source}/${slug}`;
    await Deno.stat(from).catch(() => {
      throw new ReleaseError("missing", `Cannot archive "${slug}": there is no folder "${from}"`);
    });
    const commit = await archiveSource({ slug, ref: target.ref, version: live.version, from }, {
      folder,
    });
    print(`archived  ${slug} (version ${live.version}) as ${commit.slice(0, 12)}`);
    return live.version;
  } finally {
    await Deno.remove(workFolder, { recursive: true });
  }
}

async function download(target: Target, slug: string, workFolder: string): Promise<string> {
  await Deno.mkdir(`${workFolder}/supabase`);
  const args = ["functions", "download", slug, "--use-api", `--remote=${target.ref}`];
  const result = await runCli(target, [...args, `--workdir=${workFolder}`], { cwd: workFolder });
  if (result.success) return `${workFolder}/supabase/functions/${slug}`;
  throw new ReleaseError(
    "failed",
    `Cannot download "${slug}": ${explainCli(result)}; give its source with --source`,
  );
}

/** So that nobody is sent where nothing is, whatever becomes of the flags. */
async function forgetAddresses(
  database: Database,
  { slugs, hosts, actor, print }: {
    slugs: string[];
    hosts: string[];
    actor: string;
    print: (line: string) => void;
  },
): Promise<void> {
  const { webhooks, webhook_revision } = await readLegacyUse(database);
  if (webhooks === null) return;
  const keep = (address: string | null) => {
    const slug = address === null ? null : readSlug(address, hosts);
    return slug !== null && slugs.includes(slug) ? null : address;
  };
  const value = {
    default: keep(webhooks.default),
    agents: Object.fromEntries(
      Object.entries(webhooks.agents).map(([agent, address]) => [agent, keep(address)]),
    ),
  };
  if (JSON.stringify(value) === JSON.stringify(webhooks)) return;
  const { code } = await database.callFunction("change_app_config", {
    key: "legacy_webhooks",
    value,
    expected_revision: webhook_revision,
    actor,
    reason: `The older service is retired: ${slugs.join(", ")}`,
  }, z.object({ code: z.string() }));
  if (code === "conflict") {
    throw new ReleaseError(
      "failed",
      "Cannot change legacy_webhooks: somebody else just did; run this again",
    );
  }
  print("forgot    their addresses in legacy_webhooks");
}
