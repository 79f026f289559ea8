import assert from "node:assert/strict";
import { readSubject } from "./read_subject.ts";

const ORG = "a1000000-0000-4000-8000-000000000000";

Deno.test("arguments name one organization, or one person of it", async (test) => {
  type Values = Parameters<typeof readSubject>[0];
  const cases: [string, Values, boolean, unknown][] = [
    ["an organization", { org: ORG }, false, { org_id: ORG }],
    ["a number as it is written", { org: ORG, phone: "+250 788-123-456" }, true, {
      org_id: ORG,
      phone: "+250 788-123-456",
    }],
    ["a BSUID", { org: ORG, bsuid: "US.1" }, true, { org_id: ORG, bsuid: "US.1" }],
    ["a contact", { org: ORG, contact: ORG }, true, { org_id: ORG, contact_id: ORG }],
    ["no organization", {}, false, /--org/],
    ["a name", { org: "Clinic" }, false, /"Clinic"/],
    ["nobody", { org: ORG }, true, /one of --phone/],
    ["two", { org: ORG, phone: "250788123456", bsuid: "US.1" }, true, /one of --phone/],
    ["no number", { org: ORG, phone: "0" }, true, /country's code/],
    ["a number among words", { org: ORG, phone: "25078812 of 3456" }, true, /country's code/],
    ["an empty BSUID", { org: ORG, bsuid: " " }, true, /two letters/],
    ["a word as BSUID", { org: ORG, bsuid: "heliotrope" }, true, /two letters/],
    ["a pattern as BSUID", { org: ORG, bsuid: "US.1|x" }, true, /two letters/],
    ["any BSUID", { org: ORG, bsuid: "US." }, true, /two letters/],
    ["no id", { org: ORG, contact: "1" }, true, /contact's id/],
  ];
  for (const [name, values, person, expected] of cases) {
    await test.step(name, () => {
      if (expected instanceof RegExp) {
        assert.throws(() => readSubject(values, { person }), expected);
      } else assert.deepEqual(readSubject(values, { person }), expected);
    });
  }
});
