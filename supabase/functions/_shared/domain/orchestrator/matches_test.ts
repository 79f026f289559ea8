import assert from "node:assert/strict";
import { createAgentData } from "../../../../../tests/in_memory/create_agent_data.ts";
import {
  choose,
  createConversation,
  createId,
  write,
} from "../../../../../tests/in_memory/create_conversation.ts";
import { LISTING_DOMAINS, type ListingDomain } from "../../ports_agents.ts";

/** A person whose maize fits what somebody wants, and whose wish for a bicycle is somebody's offer. */
function meet() {
  const data = createAgentData();
  const person = createConversation({ data });
  const list = (
    domain: ListingDomain,
    side: "offer" | "request",
    { title, own }: { title: string; own: boolean },
  ) => {
    const id = createId();
    data.listings.push({
      id,
      domain,
      side,
      title,
      description: "",
      category: null,
      price: 400,
      currency: "RWF",
      price_unit: null,
      quantity: null,
      place: null,
      attributes: {},
      org_id: "org-1",
      contact_id: own ? person.contactId : "somebody",
      state: "active",
      created_at: "2026-11-19T00:00:00Z",
    });
    return id;
  };
  const match = (domain: ListingDomain, own: string, other: string) => {
    const offer_id = list(domain, "offer", { title: own, own: true });
    const request_id = list(domain, "request", { title: other, own: false });
    data.matches.push({ org_id: "org-1", offer_id, request_id });
    return { offer_id, request_id };
  };
  return { data, person, match };
}

/** What `agent_texts` tells people to write, and how they may put it. */
const WORDS = [
  ...["matches", "Matches!", "my matches", "show me my matches", "correspondances"],
  ...["mes correspondances", "zinazolingana", "ibihuye", "Ibihuye n'ibyanjye"],
];

Deno.test("the words that a match is told with show it, whoever was spoken with last", async (test) => {
  for (const before of [null, "I need a plumber job in Kigali", "insure my motorcycle"]) {
    for (const word of WORDS) {
      await test.step(`${word} after ${before ?? "nothing"}`, async () => {
        const { person, match } = meet();
        const { request_id } = match("farmer", "Maize", "Maize wanted");
        if (before !== null) {
          await person.say(write(before));
          if (person.session.flow !== null) await person.say(write("menu"));
        }
        const replies = JSON.stringify(await person.say(write(word)));
        assert.match(replies, /Maize wanted/);
        const row = `do:farmer:view:listing_id=${request_id}`;
        assert.ok(replies.includes(row), "a row of the service that it belongs to");
        assert.match(JSON.stringify(await person.say(choose(row))), /Maize wanted/);
        assert.equal(person.decided.at(-1)!.error, null);
      });
    }
  }
});

Deno.test("every service's matches are shown and can be seen, and nobody else's", async () => {
  const { data, person, match } = meet();
  assert.match(JSON.stringify(await person.say(write("matches"))), /Nothing matches/);
  const made = LISTING_DOMAINS.map((domain) => match(domain, `My ${domain}`, `Their ${domain}`));
  const replies = JSON.stringify(await person.say(write("matches")));
  for (const [place, domain] of LISTING_DOMAINS.entries()) {
    assert.match(replies, new RegExp(`Their ${domain}`));
    const row = `do:${domain}:view:listing_id=${made[place]!.request_id}`;
    const seen = JSON.stringify(await person.say(choose(row)));
    assert.match(seen, new RegExp(`Their ${domain}`));
    assert.doesNotMatch(seen, /do:(jobs:apply|rides:ask):/, "a wish is nothing to apply to");
  }
  const stranger = createConversation({ data });
  assert.match(JSON.stringify(await stranger.say(write("matches"))), /Nothing matches/);
  const elsewhere = createConversation({ data, orgId: "org-2", contactId: person.contactId });
  assert.match(JSON.stringify(await elsewhere.say(write("matches"))), /Nothing matches/);
});
