import type { ReleaseContext } from "../release_context.ts";
import { requireOps } from "../require_ops.ts";
import { proveHealth } from "./prove_health.ts";

/** The live functions of this checkout that don't become ready in time. */
export async function listUnready(
  context: ReleaseContext,
  { limitMilliseconds }: { limitMilliseconds: number },
): Promise<string[]> {
  const { target, facts, management } = context;
  const { secretKey } = requireOps(context);
  const live = (await management.listFunctions(target.ref)).map(({ slug }) => slug);
  const looks = await Promise.all(
    facts.slugs.filter((slug) => live.includes(slug)).map((slug) =>
      proveHealth(
        { projectUrl: target.projectUrl, secretKey, slug, version: null, limitMilliseconds },
        context,
      ).then(() => [], () => [slug])
    ),
  );
  return looks.flat();
}
