import { deepEqual, equal, match } from "node:assert/strict";
import { queryDatabase } from "../../support/query_database.ts";
import { deliver, eventually, writeDelivery, writeMessage } from "../../support/whatsapp.ts";
import { createFailed, createOpsTenant, type OpsTenant, post, readOutbox } from "./support.ts";
import { runWorker } from "./telephone.ts";

const readListings = ({ orgId }: OpsTenant) =>
  queryDatabase<{ title: string }>(
    "select title from public.unified_listings where org_id = $1::text::uuid",
    [orgId],
  );

Deno.test("ops: an old yes that is replayed doesn't confirm what is asked now, a new one does", async () => {
  const tenant = await createOpsTenant();
  const { id, contactId, phone } = await createFailed(tenant, { text: "yes" });
  const replies = async (more: number, act: () => Promise<unknown>) => {
    const before = (await readOutbox(tenant.orgId, contactId)).length;
    await act();
    const after = await eventually(
      () => readOutbox(tenant.orgId, contactId),
      (rows) => rows.length >= before + more,
      { milliseconds: 60_000 },
    );
    return after.slice(before).map(({ text }) => text).join("\n");
  };
  const write = (text: string) =>
    replies(1, async () => {
      const messages = [writeMessage({ from: phone, text })];
      await deliver(writeDelivery(tenant.phoneNumberId, { messages }));
    });
  for (const text of ["I want to sell my sofa", "Brown", "150k"]) await write(text);
  match(await write("Huye"), /Publish this/);

  const again = await replies(1, async () => {
    const replayed = await post(`/failed-conversations/${id}/replay`, tenant.admin);
    equal(replayed.status, 200, replayed.text);
    await eventually(
      async () => {
        await runWorker("finish_turns");
        return await queryDatabase<{ waiting: number }>(
          `select count(*)::int as waiting from public.inbound_messages
         where contact_id = $1::text::uuid and disposition <> 'answered'`,
          [contactId],
        );
      },
      ([row]) => row?.waiting === 0,
      { milliseconds: 60_000 },
    );
  });
  match(again, /Publish this/, "the question comes again");
  deepEqual(await readListings(tenant), []);

  await write("yes");
  deepEqual((await readListings(tenant)).map(({ title }) => title), ["sofa"]);
});
