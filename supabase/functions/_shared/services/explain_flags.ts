import {
  evaluateFlags,
  explainDecision,
  type RolloutSubject,
} from "../domain/rollout/evaluate_flags.ts";
import { type Flags, parseFlags, SAFE_FLAGS } from "../domain/rollout/parse_flags.ts";
import { readPhoneDigits, toRolloutKey } from "../domain/rollout/rollout_key.ts";
import type { RolloutContactFinder, RolloutStore } from "../ports_rollout.ts";

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Why somebody is inside the rollout or outside: a contact by id, by a number in any writing or by
 * BSUID, in one organization or (`orgId: null`) in all. For whoever never wrote it says what would be.
 */
export async function explainFlags(
  { rollout, contacts }: {
    rollout: Pick<RolloutStore, "readRollout">;
    contacts: RolloutContactFinder;
  },
  { contact, orgId }: { contact: string; orgId: string | null },
) {
  const named = contact.trim();
  const isId = UUID.test(named);
  const phone = isId ? null : readPhoneDigits(named);
  const [{ flags: stored }, found] = await Promise.all([
    rollout.readRollout(),
    contacts.findContacts({
      contact_id: isId ? named.toLowerCase() : null,
      phone,
      bsuid: isId || phone !== null ? null : named,
      org_id: orgId,
    }),
  ]);
  const parsed = parseFlags(stored.in_force);
  const flags = parsed.ok ? parsed.flags : SAFE_FLAGS;
  const explained = found.map((row) => ({
    ...explain(flags, { rolloutKey: row.rollout_key, orgId: row.org_id, names: row.names }),
    orgId: row.org_id,
    contactId: row.contact_id,
    phone: row.phone,
    bsuid: row.bsuid,
  }));
  const wouldBe = explained.length === 0 && !isId
    ? { ...explain(flags, { rolloutKey: toRolloutKey(named), orgId: orgId ?? "" }), orgId }
    : null;
  return { contacts: explained, wouldBe, flagsValid: stored.is_valid, revision: stored.revision };
}

function explain(flags: Flags, subject: RolloutSubject) {
  const decision = evaluateFlags(flags, subject);
  const { inside, reason, bucket, percent, outsideRollout, agents, features } = decision;
  return {
    rolloutKey: subject.rolloutKey,
    inside,
    reason,
    because: explainDecision(decision, subject.rolloutKey),
    bucket,
    percent,
    ...(inside ? { agents, features } : { outsideRollout }),
  };
}
