import type { Database } from "../../../scripts/local/open_database.ts";
import { createMetaApp } from "../../../scripts/release/meta/create_meta_app.ts";
import type { Shell } from "./open_shell.ts";
import { deployOlder, holdForAWeek, OLDER_FUNCTION, plantListings } from "./plant_older_product.ts";

/** What has happened before some commands are run, and what they say when they did their work. */
export type Occasion = { of: RegExp; before?: () => Promise<void>; says: RegExp };

type Place = {
  shell: Shell;
  folder: string;
  database: Database;
  projectUrl: string;
  secrets: Record<string, string>;
  ref: string;
  organization: string;
  metaAppId: string;
};

/** The runbook's "Meta": in a form of Meta's own. */
async function registerWebhook({ projectUrl, secrets, metaAppId }: Place): Promise<void> {
  const app = createMetaApp({
    appId: metaAppId,
    appSecret: secrets["WHATSAPP_APP_SECRET"] ?? "",
    graphUrl: secrets["WHATSAPP_GRAPH_URL"] ?? "",
    version: "v26.0",
  });
  await app.registerWebhook({
    callbackUrl: `${projectUrl}/functions/v1/unified-webhook/whatsapp`,
    verifyToken: secrets["WA_VERIFY_TOKEN"] ?? "",
  });
}

/** Each is met once by the page: a command that went from it takes its occasion along. */
export function listOccasions(place: Place): Occasion[] {
  const { shell, folder, database, ref, organization } = place;
  return [
    {
      of: /retire_legacy\.ts .*--confirm/,
      async before() {
        await deployOlder(shell, folder, ref);
        await holdForAWeek(database, organization);
        await registerWebhook(place);
      },
      says: new RegExp(`^deleted +${OLDER_FUNCTION} `, "m"),
    },
    {
      of: /import_listings\.ts .*--product/,
      before: () => plantListings(database),
      says: /^completed pass 1 of public\.products$/m,
    },
    { of: /rollback code/, says: /^\d+ functions answer$/m },
    { of: /rollback legacy/, says: new RegExp(`Meta delivers to .*/${OLDER_FUNCTION}`) },
  ];
}
