import { planLookup } from "../domain/calling/plan_lookup.ts";
import { ProviderError } from "../errors.ts";
import type { Clock } from "../ports.ts";
import type { VapiCalls } from "../ports_calling.ts";
import type { KeptOutside } from "../ports_erasing.ts";
import { LOOKUP_PAGE, nameCall, writeLookupStart } from "./find_placed_call.ts";

/**
 * Looks at Vapi, by the name we gave them, for calls back of which nobody knows whether they were made,
 * and deletes what it finds: of these no row says an id. What can't be decided is told, for people.
 * @param account null where none is connected
 */
export async function eraseUnheardCalls(
  { account, clock }: { account: { client: VapiCalls; fingerprint: string } | null; clock: Clock },
  requests: KeptOutside["call_requests"],
): Promise<{ calls: number; problems: string[] }> {
  const erased = { calls: 0, problems: new Array<string>() };
  for (const request of requests) {
    try {
      const reason = await eraseOne(request);
      if (reason === null) continue;
      erased.problems.push(`vapi: call back ${request.id}: ${reason}`);
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      erased.problems.push(`vapi: call back ${request.id}: ${error.reason}`);
    }
  }
  return erased;

  async function eraseOne(
    { id, intended_at, intent }: KeptOutside["call_requests"][number],
  ): Promise<string | null> {
    if (intent === null) {
      return "nobody can look whether it was made: nothing says at which account it would be";
    }
    if (account === null || account.fingerprint !== intent.fingerprint) {
      return "nobody can look whether it was made: its account is no longer connected";
    }
    const listed = await account.client.listCalls({
      assistantId: intent.assistant_id,
      createdAtGe: writeLookupStart(intended_at),
      limit: LOOKUP_PAGE,
    });
    const made = listed.find(({ name }) => name === nameCall(id));
    const looked = made === undefined
      ? { kind: "absent" as const, complete: listed.length < LOOKUP_PAGE }
      : { kind: "found" as const, vapi_call_id: made.id };
    const plan = planLookup(looked, { intended_at, now: clock() });
    switch (plan.step) {
      case "placed":
        await account.client.deleteCall(plan.vapi_call_id);
        erased.calls += 1;
        return null;
      case "try_again":
        return null;
      case "look_again":
        return "it may just be under way: try again in two minutes";
      case "unknown":
        return "nobody can look whether it was made: there are too many calls since";
    }
  }
}
