import assert from "node:assert/strict";
import { createAgentData } from "../../../../../tests/in_memory/create_agent_data.ts";
import { createConversation, write } from "../../../../../tests/in_memory/create_conversation.ts";

/** What is answered to the last of these, and what was listed. */
async function tell(
  texts: readonly string[],
  { sharedPreferences = false }: { sharedPreferences?: boolean } = {},
) {
  const data = createAgentData();
  const conversation = createConversation({ data, features: { sharedPreferences } });
  let replies: unknown = null;
  for (const text of texts) replies = await conversation.say(write(text));
  const { preferences } = conversation.session;
  return { said: JSON.stringify(replies), listings: data.listings, preferences, conversation };
}

const PHONE = ["I want to sell my phone for 200000 rwf", "Bought in France for 900 euros"];

Deno.test("a price stays in the currency it was said in, whatever is said after it", async () => {
  const asked = await tell([...PHONE, "Kigali"]);
  assert.match(asked.said, /Price: 200,000 RWF/);
  const { listings, preferences } = await tell([...PHONE, "Kigali", "yes"]);
  assert.deepEqual(listings.map(({ price, currency }) => [price, currency]), [[200_000, "RWF"]]);
  assert.ok(!JSON.stringify(preferences).includes("EUR"), JSON.stringify(preferences));
});

Deno.test("what is remembered is shown before it is published, and only where nothing was said", async () => {
  const first = ["I want to sell my phone for $200 in Kigali", "Black", "yes", "menu"];
  const sofa = [...first, "I want to sell my sofa", "Brown leather"];
  const shared = { sharedPreferences: true };
  assert.match((await tell([...sofa, "150k", "Huye"], shared)).said, /Price: 150,000 USD/);
  assert.match((await tell([...sofa, "150k frw", "Huye"], shared)).said, /Price: 150,000 RWF/);
  const { listings } = await tell([...sofa, "150k frw", "Huye", "yes"], shared);
  assert.deepEqual(listings.map(({ currency }) => currency), ["USD", "RWF"]);
});

Deno.test("a currency that no price was in is not learnt", async () => {
  for (const text of ["hello, do you take euros? I have 50 euros", "I lost 20 USD, help"]) {
    const { preferences } = await tell([text], { sharedPreferences: true });
    assert.equal(preferences["currency"], undefined, text);
  }
});

Deno.test("what prose says of money is no price", async () => {
  const { said, conversation } = await tell([
    "post a job",
    "Night guard",
    "Watch a gate. We also pay 20 USD per day",
    "Kigali",
  ]);
  assert.equal(conversation.session.flow_step, "salary", said);
  const known = await tell([
    "post a job",
    "Night guard",
    "Watch a gate. We also pay 20 USD per day",
    "Kigali",
    "150k",
  ]);
  assert.match(known.said, /Salary[^"]*: 150,000 RWF/);
});

Deno.test("what is said of a thing corrects no price, and names one where none was said", async () => {
  const thing = "a phone, bought for 900 euros";
  const known = await tell(["I want to sell something for 200000 rwf", thing, "Black", "Kigali"]);
  assert.match(known.said, /Price: 200,000 RWF/);
  const unknown = await tell(["I want to sell something", "a phone for 200k rwf"]);
  assert.deepEqual(unknown.conversation.session.collected_data["price"], {
    amount: 200_000,
    currency: "RWF",
  });
});

Deno.test("money is no place", async () => {
  const { said, conversation } = await tell([
    "I want to sell my sofa",
    "Brown leather",
    "120k",
    "150000 rwf",
  ]);
  assert.equal(conversation.session.flow_step, "place", said);
  assert.match(said, /150,000 RWF/, "a price that is said anew is one");
});
