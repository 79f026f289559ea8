import assert from "node:assert/strict";
import fc from "fast-check";
import type { AlertDelivery } from "../../ports_alerts.ts";
import { describeAlert } from "./describe_alert.ts";
import { scrubDetails } from "./scrub_details.ts";
import { scrubText } from "./scrub_text.ts";

const ID = "a1000000-0000-4000-8000-000000000000";

Deno.test("telephone numbers and e-mail leave a text, what isn't one stays", async (test) => {
  const cases: [string, string][] = [
    ["called +250 788 123 456 twice", "called [number] twice"],
    ["250788123456", "[number]"],
    ["(250) 788-123-456.", "([number]."],
    ["ann@example.com wrote", "[email] wrote"],
    [`organization ${ID}`, `organization ${ID}`],
    ["since 2026-11-21T10:00:00.123", "since 2026-11-21T10:00:00.123"],
    ["took up to 10001 ms, 12 times", "took up to 10001 ms, 12 times"],
    ["9 of 20 in 360 minutes were bad", "9 of 20 in 360 minutes were bad"],
    ["wamid.HBgLMjUwNzg4MTIzNDU2", "wamid.HBgLMjUwNzg4MTIzNDU2"],
  ];
  for (const [given, expected] of cases) {
    await test.step(given, () => assert.equal(scrubText(given), expected));
  }
});

Deno.test("a number is found however it is grouped", () => {
  const digit = fc.integer({ min: 0, max: 9 }).map(String);
  const separator = fc.constantFrom("", " ", "-", ".");
  fc.assert(
    fc.property(
      fc.array(fc.tuple(digit, separator), { minLength: 9, maxLength: 15 }),
      (parts) => {
        const digits = parts.map(([one]) => one).join("");
        const grouped = parts.map(([one, gap]) => one + gap).join("").replace(/\D+$/, "");
        fc.pre(!/\d{4}-\d\d-\d\d/.test(grouped));
        const left = scrubText(`call ${grouped} now`).replace(/\D/g, "");
        assert.ok(!left.includes(digits), left);
      },
    ),
  );
});

Deno.test("of details only numbers, switches and words that nobody said leave", () => {
  assert.deepEqual(
    scrubDetails({
      provider: "vapi",
      failures: 5,
      stopped: true,
      text: "Hello",
      error: "refused",
      agent_name: "Ange",
      words: "I need a job",
      caller: "+250788123456",
      nested: { text: "x" },
      nothing: null,
    }),
    { provider: "vapi", failures: 5, stopped: true, caller: "[number]" },
  );
});

Deno.test("an alert is one line that addresses nobody", () => {
  const delivery: AlertDelivery = {
    id: "d",
    channel: "webhook",
    event: "raised",
    attempts: 1,
    fencing_token: 1,
    alert: {
      id: "alert-1",
      org_id: ID,
      rule: "slow_sync",
      dedupe_key: "",
      severity: "warning",
      message: "<!channel> a & b of 250788123456",
      details: {},
      raised_at: "2026-11-21T10:00:00Z",
      resolved_at: null,
    },
  };
  const line =
    `[warning] slow_sync: &lt;!channel&gt; a &amp; b of [number] (organization ${ID}, alert alert-1)`;
  assert.equal(describeAlert(delivery), line);
  const over = {
    ...delivery,
    event: "resolved",
    alert: { ...delivery.alert, org_id: null },
  } as const;
  assert.match(
    describeAlert(over),
    /^Resolved: \[warning\] .*\(all organizations, alert alert-1\)$/,
  );
});
