import { ARCHIVE_BRANCH, findArchive, readArchived } from "../legacy/archive_sources.ts";
import { createMetaApp, type MetaApp } from "../meta/create_meta_app.ts";
import { readFunctions } from "../preflight/read_functions.ts";
import { ReleaseError } from "../release_error.ts";
import { withWorktree } from "../with_worktree.ts";
import { writeCommand } from "../write_command.ts";
import { findArchived, withSource } from "./find_older.ts";
import { type OlderFunction, redeployFolders } from "./redeploy_folders.ts";
import type { RollbackContext } from "./rollback_context.ts";

export type LegacyReturn = {
  /** A folder with the functions' sources, one folder each; null is the archive's branch. */
  source: string | null;
  /** Which of them; null is those that are known as the older product's. */
  functions: string[] | null;
  /** The one that Meta's deliveries are for. */
  webhook: string | null;
  /** Where Meta is pointed instead of that one's address. */
  callbackUrl: string | null;
  metaAppId: string | null;
  /** The options that say which project, for the command that goes forward again. */
  about: Readonly<Record<string, string | undefined>>;
};

/**
 * `legacy`: the older functions again, then Meta's webhook on them. Meta asks the address for its
 * handshake before it moves, so that a function that isn't there leaves it where it is. With an address
 * alone nothing is deployed: so the webhook is pointed back at ours, whose handshake is by our own token.
 *
 * @throws ReleaseError
 */
export async function returnToLegacy(
  context: RollbackContext,
  { source, functions, webhook, callbackUrl, metaAppId, about }: LegacyReturn,
): Promise<void> {
  const { target, print } = context;
  const app = openMetaApp(context, metaAppId);
  const ours = `${target.projectUrl}/functions/v1/unified-webhook`;
  const isOurs = callbackUrl === ours || callbackUrl?.startsWith(`${ours}/`);
  const verifyToken = requireSecret(context, [
    ...(isOurs ? [] : ["LEGACY_WA_VERIFY_TOKEN"]),
    "WA_VERIFY_TOKEN",
  ]);
  let url = callbackUrl;
  if (url === null) {
    const slug = await deploySources(context, { source, functions, webhook });
    url = `${target.projectUrl}/functions/v1/${slug}`;
  }
  const before = await app.readWebhook();
  if (before?.callbackUrl === url && before.isActive) {
    print(`Meta delivers to ${url}, as before`);
    return;
  }
  await app.registerWebhook({ callbackUrl: url, verifyToken });
  print(`Meta delivers to ${url}, and no longer to ${before?.callbackUrl ?? "nobody"}`);
  if (isOurs) return;
  const values = { ...about, "meta-app-id": metaAppId ?? undefined };
  const forward = { ...values, "callback-url": `${ours}/whatsapp` };
  print(`forward again: ${writeCommand("rollback legacy", forward)}`);
}

function openMetaApp(context: RollbackContext, metaAppId: string | null): MetaApp {
  if (metaAppId === null) {
    throw new ReleaseError(
      "missing",
      "Cannot find our app at Meta: give --meta-app-id (https://developers.facebook.com/apps)",
    );
  }
  const { target, read, fetch } = context;
  const find = (name: string) => target.secrets[name] || read(name)?.trim() || null;
  return createMetaApp({
    appId: metaAppId,
    appSecret: requireSecret(context, ["WHATSAPP_APP_SECRET"]).split(",")[0]!.trim(),
    graphUrl: find("WHATSAPP_GRAPH_URL") ?? "https://graph.facebook.com",
    version: find("WHATSAPP_GRAPH_VERSION") ?? "v26.0",
  }, fetch);
}

/** The first of these that is set, in the environment file or here. @throws ReleaseError `missing` */
function requireSecret({ target, read }: RollbackContext, names: string[]): string {
  for (const name of names) {
    const value = target.secrets[name] || read(name)?.trim();
    if (value) return value;
  }
  throw new ReleaseError(
    "missing",
    `Cannot point Meta's webhook: ${names.join(" or ")} is in no environment file, nor set here`,
  );
}

/** @returns the slug that Meta's deliveries are for */
async function deploySources(
  context: RollbackContext,
  { source, functions, webhook }: Pick<LegacyReturn, "source" | "functions" | "webhook">,
): Promise<string> {
  const { folder, management, target } = context;
  const archived = await readArchived({ folder });
  const own = (await readFunctions(folder)).map(({ slug }) => slug);
  const deploy = async (older: OlderFunction[]) => {
    const slug = chooseWebhook(older.map((one) => one.slug), webhook);
    await redeployFolders(context, older);
    return slug;
  };
  if (source !== null) {
    const live = await management.listFunctions(target.ref);
    return await withSource({ source, functions, archived, own, live }, deploy);
  }
  const commit = await findArchive({ folder });
  if (commit === null) {
    throw new ReleaseError(
      "not_found",
      `Cannot find the older functions: there is no branch ${ARCHIVE_BRANCH} here ` +
        `(git fetch origin ${ARCHIVE_BRANCH}:${ARCHIVE_BRANCH}), and no --source was given`,
    );
  }
  return await withWorktree(
    { folder, commit },
    async (worktree) => await deploy(await findArchived({ worktree, archived, functions, own })),
  );
}

/** Before anything is deployed. @throws ReleaseError `invalid` */
function chooseWebhook(slugs: string[], webhook: string | null): string {
  const slug = webhook ?? (slugs.length === 1 ? slugs[0]! : null);
  if (slug !== null && slugs.includes(slug)) return slug;
  throw new ReleaseError(
    "invalid",
    `Cannot point Meta at "${slug ?? "one of several"}": --webhook is one of ${slugs.join(", ")}`,
  );
}
