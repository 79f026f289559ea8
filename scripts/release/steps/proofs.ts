import { findProofSecret } from "../proofs/find_proof_secret.ts";
import { proveHealth } from "../proofs/prove_health.ts";
import { ensureCanary, proveReply } from "../proofs/prove_reply.ts";
import {
  proveDelivery,
  proveHandshake,
  proveRefusals,
  writeCanaryDelivery,
} from "../proofs/prove_webhook.ts";
import { chooseSlugs } from "../preflight/read_functions.ts";
import { ReleaseError } from "../release_error.ts";
import { requireOps } from "../require_ops.ts";
import type { ReleaseContext } from "../release_context.ts";
import type { Step } from "../run_steps.ts";
import { nameRelease } from "../stamp_version.ts";

/** A new isolate takes seconds; what doesn't boot by then doesn't. For a first heartbeat it waits longer. */
const HEALTH_LIMIT_MILLISECONDS = 30_000;
const REPLY_LIMIT_MILLISECONDS = 30_000;

/** Every function of the checkout that is live; those of this release at its version. */
async function proveEveryHealth(context: ReleaseContext): Promise<number> {
  const { management, target, facts, options, checkout, tell } = context;
  const { secretKey } = requireOps(context);
  const live = (await management.listFunctions(target.ref)).map(({ slug }) => slug);
  const deployed = chooseSlugs(facts.slugs, options.functions);
  const slugs = facts.slugs.filter((slug) => live.includes(slug) || deployed.includes(slug));
  const results = await Promise.allSettled(slugs.map(async (slug) => {
    const words = await proveHealth({
      projectUrl: target.projectUrl,
      secretKey,
      slug,
      version: deployed.includes(slug) ? nameRelease(checkout) : null,
      limitMilliseconds: HEALTH_LIMIT_MILLISECONDS,
    }, context);
    tell(`${slug}: ${words}`);
  }));
  const reasons = results.filter((result) => result.status === "rejected")
    .map(({ reason }) => reason as Error);
  const [first] = reasons;
  if (first === undefined) return slugs.length;
  throw new ReleaseError("failed", reasons.map(({ message }) => message).join("\n"));
}

/** What is live is called as its callers call it. */
export const proofs: Step<ReleaseContext> = {
  name: "proofs",
  plan({ facts }) {
    return Promise.resolve(
      `would ask ${facts.slugs.length} functions for their health, and the webhook with and ` +
        "without signatures, by the canary's organization",
    );
  },
  async run(context) {
    const { target, tell, clock } = context;
    const { ops } = requireOps(context);
    const { projectUrl } = target;
    const count = await proveEveryHealth(context);

    await proveHandshake(context, {
      projectUrl,
      verifyToken: findProofSecret(target, "WA_VERIFY_TOKEN"),
    });
    const canary = await ensureCanary(ops);
    const { wamid, body } = writeCanaryDelivery(canary, { now: clock() });
    await proveRefusals(context, { projectUrl, body });
    tell("webhook: Meta's handshake answered; without a signature or a secret refused with 401");
    await proveDelivery(context, {
      projectUrl,
      body,
      appSecret: findProofSecret(target, "WHATSAPP_APP_SECRET"),
    });
    const words = await proveReply({ ...context, ops }, {
      wamid,
      limitMilliseconds: REPLY_LIMIT_MILLISECONDS,
    });
    tell(`canary: ${words}`);
    return `${count} functions healthy, the canary ${words}`;
  },
};
