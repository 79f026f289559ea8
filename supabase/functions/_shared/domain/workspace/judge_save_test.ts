import { equal } from "node:assert/strict";
import { type AgentOutcome, areAllSynced, didEverySyncFail, judgeSave } from "./judge_save.ts";

type Status = AgentOutcome["status"];
const CASES: {
  statuses: [Status, Status];
  all: boolean;
  none: boolean;
  judged: ReturnType<typeof judgeSave>;
}[] = [
  { statuses: ["synced", "synced"], all: true, none: false, judged: "succeeded" },
  { statuses: ["synced", "unchanged"], all: true, none: false, judged: "succeeded" },
  { statuses: ["synced", "failed"], all: false, none: false, judged: "partially_succeeded" },
  { statuses: ["unchanged", "failed"], all: false, none: false, judged: "partially_succeeded" },
  { statuses: ["queued", "failed"], all: false, none: false, judged: "partially_succeeded" },
  { statuses: ["queued", "queued"], all: false, none: false, judged: "succeeded" },
  { statuses: ["failed", "failed"], all: false, none: true, judged: "failed" },
  { statuses: ["failed", "not_connected"], all: false, none: true, judged: "failed" },
  { statuses: ["not_connected", "not_connected"], all: false, none: false, judged: "succeeded" },
];

for (const { statuses, all, none, judged } of CASES) {
  Deno.test(`judgeSave: ${statuses.join(" and ")}`, () => {
    const agents: AgentOutcome[] = [
      { role: "inbound", status: statuses[0] },
      { role: "outbound", status: statuses[1] },
    ];
    equal(areAllSynced(agents), all);
    equal(didEverySyncFail(agents), none);
    equal(judgeSave(agents, 0), judged);
  });
}

Deno.test("judgeSave: a warning makes a success partial", () => {
  equal(judgeSave([{ role: "inbound", status: "synced" }], 1), "partially_succeeded");
});

Deno.test("areAllSynced: no agents are not in step", () => {
  equal(areAllSynced([]), false);
});
