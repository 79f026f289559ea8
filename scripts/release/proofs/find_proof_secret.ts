import { ReleaseError } from "../release_error.ts";
import type { Target } from "../read_target.ts";
import type { PROOF_SECRETS } from "../preflight/check_secrets.ts";

type Read = (name: string) => string | undefined;

/**
 * The value that a webhook is proven with: the environment file's, or this process's. The project
 * itself tells none.
 * @throws ReleaseError `missing`
 */
export function findProofSecret(
  { secrets }: Pick<Target, "secrets">,
  name: (typeof PROOF_SECRETS)[number],
  read: Read = (name) => Deno.env.get(name),
): string {
  const value = secrets[name] ?? read(name)?.trim();
  // Several, the newest first: any of them verifies.
  const [newest] = name === "WHATSAPP_APP_SECRET" ? value?.split(",") ?? [] : [value];
  if (newest?.trim()) return newest.trim();
  throw new ReleaseError(
    "missing",
    `Cannot prove the webhook without ${name}: put it into the environment file, or set it here`,
  );
}
