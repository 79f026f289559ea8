import assert from "node:assert/strict";
import { createAgentData } from "../../../../../tests/in_memory/create_agent_data.ts";
import {
  choose,
  createConversation,
  createId,
  write,
} from "../../../../../tests/in_memory/create_conversation.ts";
import { TOOLS } from "../tools/registry.ts";

const hours = { monday: ["08:00-17:00"] };
const without = (...names: string[]) => Object.keys(TOOLS).filter((name) => !names.includes(name));
const said = (replies: unknown) => JSON.stringify(replies);

Deno.test("a tool that isn't enabled is in no list of tasks, and its task isn't begun", async () => {
  const enabledTools = without("create_listing");
  const begun = ["I want to sell my bicycle for 50000 RWF in Kigali", "I want to sell my phone"];
  for (const words of begun) {
    const { say, data, decided } = createConversation({ enabledTools });
    await say(write(words));
    await say(write("yes"));
    assert.equal(data.listings.length, 0);
    assert.ok(!said(decided).includes('"create_listing"'));
    assert.ok(!said(decided).includes("do:marketplace:sell"), said(decided));
  }
  const { say } = createConversation({ enabledTools });
  const list = said(await say(choose("agent:marketplace")));
  assert.match(list, /do:marketplace:/);
  assert.ok(!list.includes("do:marketplace:sell"), list);
  assert.match(said(await createConversation().say(choose("agent:marketplace"))), /:sell"/);
});

Deno.test("an agent with nothing left to do is not in the menu, and says so when it is asked for", async () => {
  const enabledTools = without("quote_insurance", "request_policy", "list_policies");
  const { say } = createConversation({ enabledTools });
  const menu = said(await say(write("menu")));
  assert.match(menu, /agent:jobs/);
  assert.ok(!menu.includes("agent:insurance"));
  const asked = await say(write("how much to insure my motorcycle"));
  assert.match(said(asked), /isn't available/);
});

Deno.test("a button of a task that was switched off meanwhile does nothing", async () => {
  const data = createAgentData();
  const day = "do:sales:book:date=2026-11-23&time=10:00";
  const { say } = createConversation({ data, hours, enabledTools: without("book_appointment") });
  const replies = [await say(choose(day)), await say(write("yes"))];
  assert.equal(data.bookings.length, 0);
  assert.ok(!said(replies).includes("do:sales:book"));
});

Deno.test("what is found is shown without the buttons that lead nowhere", async () => {
  const data = createAgentData();
  data.listings.push({
    id: createId(),
    org_id: "org-1",
    contact_id: "somebody",
    domain: "jobs",
    side: "offer",
    title: "Plumber",
    description: "Pipes",
    category: null,
    price: null,
    currency: "RWF",
    price_unit: null,
    quantity: null,
    place: null,
    attributes: {},
    state: "active",
    created_at: "2026-11-19T00:00:00Z",
  });
  const view = `do:jobs:view:listing_id=${data.listings[0]!.id}`;
  assert.match(said(await createConversation({ data }).say(choose(view))), /do:jobs:apply/);
  const narrow = createConversation({ data, enabledTools: without("apply_to_listing") });
  const shown = said(await narrow.say(choose(view)));
  assert.match(shown, /Plumber/);
  assert.ok(!shown.includes("do:jobs:apply"), shown);
});

Deno.test("documents and the search over everything keep to what is enabled", async () => {
  const documents = [{ title: "Parking", content: "Parking is free for visitors." }];
  const ask = async (enabledTools: string[]) => {
    const { say } = createConversation({
      documents,
      hasKnowledge: true,
      enabledTools,
      features: { unifiedSearch: true },
    });
    return said(await say(write("Is parking free for visitors?")));
  };
  assert.match(await ask([]), /Parking is free/);
  assert.ok(!(await ask(without("search_knowledge_base"))).includes("Parking is free"));
});

Deno.test("prices are in the organization's currency, or in the one that was said", async () => {
  const sell = async (text: string, currency?: string) => {
    const data = createAgentData();
    const { say } = createConversation({ data, ...(currency ? { currency } : {}) });
    await say(write(text));
    for (let turn = 0; turn < 6 && data.listings.length === 0; turn += 1) {
      const asked = said(await say(write(turn === 0 ? "a good bicycle" : "yes")));
      if (asked.includes("Where")) await say(write("Kigali"));
    }
    return data.listings[0]?.currency;
  };
  assert.equal(await sell("I want to sell my bicycle for 50k in Kigali"), "RWF");
  assert.equal(await sell("I want to sell my bicycle for 50k in Kigali", "KES"), "KES");
  assert.equal(await sell("I want to sell my bicycle for 100 USD in Kigali", "KES"), "USD");
});
