import { chooseSlugs } from "../preflight/read_functions.ts";
import { readCodes } from "../read_codes.ts";
import { ReleaseError } from "../release_error.ts";
import type { ReleaseContext } from "../release_context.ts";
import { explainCli } from "../run_cli.ts";
import type { Step } from "../run_steps.ts";

async function readVersions({ management, target }: ReleaseContext) {
  const live = await management.listFunctions(target.ref);
  return new Map(
    live.filter(({ status }) => status === "ACTIVE")
      .map(({ slug, version }) => [slug, version]),
  );
}

/** What another release replaced while this one got here isn't replaced by what may be older. */
function requireUnchanged(
  { facts: { liveVersions }, target }: ReleaseContext,
  { slugs, live }: { slugs: readonly string[]; live: ReadonlyMap<string, number> },
): void {
  if (liveVersions === null) return;
  const moved = slugs.filter((slug) => live.has(slug) && live.get(slug) !== liveVersions[slug]);
  if (moved.length === 0) return;
  throw new ReleaseError(
    "refused",
    `Cannot deploy the functions of "${target.ref}": ${moved.join(", ")} changed since this ` +
      "release began; another one may be running",
  );
}

const chosen = ({ facts, options }: ReleaseContext) => chooseSlugs(facts.slugs, options.functions);

/**
 * The CLI uploads each one's bundle and then switches to all that arrived: what didn't arrive stays as
 * it was, and the two get on with each other, since the schema is the same.
 */
export const functions: Step<ReleaseContext> = {
  name: "functions",
  async plan(context) {
    const live = await readVersions(context);
    const words = chosen(context).map((slug) => `${slug} (now ${live.get(slug) ?? "none"})`);
    return `would deploy ${words.join(", ")}`;
  },
  async run(context) {
    const { journal, save, runCli, target, tell, checkout, unpackCode } = context;
    const slugs = chosen(context);
    const before = await readVersions(context);
    requireUnchanged(context, { slugs, live: before });
    // What the first attempt found is what was live; a later one sees its own.
    const found = Object.keys(journal.functionsBefore ?? {});
    const first = slugs.filter((slug) => before.has(slug) && !found.includes(slug));
    journal.codesBefore = { ...journal.codesBefore, ...await readCodes(context, first) };
    journal.functionsBefore = {
      ...Object.fromEntries(slugs.map((slug) => [slug, before.get(slug) ?? null])),
      ...journal.functionsBefore,
    };
    await save();
    tell(`uploading ${slugs.length}: ${slugs.join(", ")}`);
    await using code = await unpackCode(checkout);
    const result = await runCli(
      ["functions", "deploy", ...slugs, "--use-api", `--remote=${target.ref}`],
      { cwd: code.folder },
    );
    const after = await readVersions(context);
    if (!result.success) {
      const moved = slugs.filter((slug) => after.get(slug) !== before.get(slug));
      // Half of a release: whoever comes next knows by it whose those versions are.
      const ours = moved.flatMap((slug) => {
        const version = after.get(slug);
        return version === undefined ? [] : [[slug, version] as const];
      });
      journal.functionsAfter = { ...journal.functionsAfter, ...Object.fromEntries(ours) };
      await save();
      throw new ReleaseError(
        "failed",
        `Cannot deploy the functions: ${explainCli(result)} ` +
          `(${moved.length === 0 ? "none of them changed" : `changed: ${moved.join(", ")}`})`,
      );
    }
    const absent = slugs.filter((slug) => !after.has(slug));
    if (absent.length > 0) {
      throw new ReleaseError("failed", `Cannot find ${absent.join(", ")} among what is live`);
    }
    const deployed = Object.fromEntries(slugs.map((slug) => [slug, after.get(slug)!]));
    journal.functionsAfter = { ...journal.functionsAfter, ...deployed };
    await save();
    return slugs.map((slug) => `${slug} v${after.get(slug)}`).join(", ");
  },
  async holds(context) {
    const { functionsAfter } = context.journal;
    if (functionsAfter === null) return false;
    const live = await readVersions(context);
    return chosen(context).every((slug) =>
      functionsAfter[slug] !== undefined && live.get(slug) === functionsAfter[slug]
    );
  },
};
