import * as z from "zod";
import type { Database } from "../../../supabase/functions/_shared/providers/supabase/create_database.ts";
import type { Management } from "../management/create_management.ts";
import type { Target } from "../read_target.ts";
import { ReleaseError } from "../release_error.ts";
import { explainCli, runCli } from "../run_cli.ts";
import {
  archiveSource,
  findArchive,
  isWhole,
  pushArchive,
  readArchived,
} from "./archive_sources.ts";
import { copySource, findWiring } from "./gather_source.ts";
import { type LegacyUse, legacyUseSchema, readSlug } from "./judge_retirement.ts";
import { proveArchive } from "./prove_archive.ts";

export type RetirePorts = {
  target: Target;
  management: Pick<Management, "listFunctions" | "bundleFunction">;
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
 * Archives these functions once the platform bundled them from the archive alone, gives the archive to
 * origin, takes their addresses out of `legacy_webhooks` and deletes them, in this order: whatever it is cut
 * off by, nothing is deleted that can't be deployed again or still has an address. Done again, it goes on
 * with what is left.
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
  const { ref } = target;
  const live = (await management.listFunctions(ref)).find((one) => one.slug === slug);
  if (live === undefined) {
    throw new ReleaseError(
      "not_found",
      `Cannot archive "${slug}": it isn't deployed any more; run this again`,
    );
  }
  const ports = { management, ref, folder };
  const [tip, archived] = [await findArchive({ folder }), (await readArchived({ folder }))[slug]];
  const isKnown = tip !== null && isWhole(archived) && archived.ref === ref &&
    archived.version === live.version;
  // A source that is given is meant: it may have what the archive lacks.
  if (isKnown && source === null) {
    await proveArchive(ports, { slug, commit: tip, archived });
    print(`archived  ${slug} (version ${live.version}, before)`);
    return live.version;
  }
  const from = await Deno.makeTempDir({ prefix: "switchboard-legacy-" });
  try {
    if (source === null) await download(target, slug, from);
    else await copySource({ slug, source, into: from, live });
    const commit = await archiveSource(
      {
        slug,
        ref,
        version: live.version,
        verifyJwt: live.verifyJwt,
        ...await findWiring({ slug, root: from, live }),
        from,
      },
      {
        folder,
        prove: (commit, archived) => proveArchive(ports, { slug, commit, archived }),
      },
    );
    print(`archived  ${slug} (version ${live.version}) as ${commit.slice(0, 12)}`);
    return live.version;
  } finally {
    await Deno.remove(from, { recursive: true });
  }
}

/** With all that it was uploaded with, which the CLI writes beside its own folder. */
async function download(target: Target, slug: string, into: string): Promise<void> {
  await Deno.mkdir(`${into}/supabase`);
  const args = ["functions", "download", slug, "--use-api", `--remote=${target.ref}`];
  const result = await runCli(target, [...args, `--workdir=${into}`], { cwd: into });
  // Its own notes, of which project it asked.
  await Deno.remove(`${into}/supabase/.temp`, { recursive: true }).catch(() => {});
  if (result.success) return;
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
