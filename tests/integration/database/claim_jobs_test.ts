import assert from "node:assert/strict";
import { queryDatabase } from "../../support/query_database.ts";
import { callAtOnce, repeat } from "./call_at_once.ts";
import { createOrganization } from "./create_organization.ts";

type Job = { id: string; org_id: string; fencing_token: number };

// A kind of its own, so that no worker of the stack takes part.
const KIND = "claimed_by_race_test";

async function withKind(use: () => Promise<void>): Promise<void> {
  await queryDatabase(`select private.add_job_kinds(array['${KIND}'])`);
  try {
    await use();
  } finally {
    await queryDatabase(`delete from public.background_jobs where kind = '${KIND}'`);
    await queryDatabase(`delete from public.background_job_turns where kind = '${KIND}'`);
  }
}

async function queueJobs(orgId: string, count: number): Promise<void> {
  await queryDatabase(
    `insert into public.background_jobs (kind, org_id)
     select '${KIND}', $1::text::uuid from generate_series(1, $2::int)`,
    [orgId, count],
  );
}

async function claimAtOnce(workers: number, limit: number): Promise<Job[][]> {
  const answers = await callAtOnce(repeat(workers, (index) => ({
    name: "claim_jobs",
    request: { kind: KIND, limit, lease_seconds: 60, worker_id: `worker-${index}` },
  })));
  return answers.map(({ jobs }) => jobs as Job[]);
}

Deno.test("eight workers at once claim every job, none twice, and share organizations evenly", () =>
  withKind(async () => {
    const organizations = await Promise.all(Array.from({ length: 10 }, createOrganization));
    await Promise.all(organizations.map(({ orgId }) => queueJobs(orgId, 60)));

    const claimed: Job[] = [];
    while (true) {
      const claims = await claimAtOnce(8, 25);
      const jobs = claims.flat();
      if (jobs.length === 0) break;
      for (const claim of claims) {
        // 25 over ten organizations that all have enough: two or three of each.
        const counts = organizations.map(({ orgId }) =>
          claim.filter((job) => job.org_id === orgId).length
        );
        const isFull = claim.length === 25;
        if (isFull) assert.deepEqual([Math.min(...counts), Math.max(...counts)], [2, 3]);
      }
      claimed.push(...jobs);
      const perOrganization = organizations.map(({ orgId }) =>
        claimed.filter((job) => job.org_id === orgId).length
      );
      assert.ok(
        Math.max(...perOrganization) - Math.min(...perOrganization) <= 1,
        `after all these claims nobody is ahead: ${perOrganization}`,
      );
    }
    assert.equal(claimed.length, 600);
    assert.equal(new Set(claimed.map(({ id }) => id)).size, 600);
    assert.ok(claimed.every(({ fencing_token }) => fencing_token === 1));
  }));

Deno.test("a job that somebody is completing is passed over, not waited for", () =>
  withKind(async () => {
    const { orgId } = await createOrganization();
    await queueJobs(orgId, 1);
    const [[job] = []] = await claimAtOnce(1, 1);
    await queryDatabase(
      "update public.background_jobs set available_at = now() where id = $1::text::uuid",
      [job?.id],
    );
    const [completed, claimed] = await callAtOnce([
      {
        name: "complete_job",
        request: { id: job!.id, fencing_token: 1, outcome: "completed", error: null },
      },
      {
        name: "claim_jobs",
        request: { kind: KIND, limit: 1, lease_seconds: 60, worker_id: "w2" },
      },
    ]);
    const jobs = claimed?.jobs as Job[];
    // Either order is right; both having it is not.
    if (completed?.code === "recorded") assert.deepEqual(jobs, []);
    else {
      assert.equal(completed?.code, "lease_lost");
      assert.deepEqual(jobs.map(({ fencing_token }) => fencing_token), [2]);
    }
  }));

Deno.test("jobs queued for the same thing at once are one job", () =>
  withKind(async () => {
    const { orgId } = await createOrganization();
    await queryDatabase(
      `create or replace function public.queue_for_race_test(request jsonb) returns jsonb
       language sql set search_path = '' as $$
         select to_jsonb(private.queue_job('${KIND}', (request ->> 'org_id')::uuid, 'inbound', '{}'))
       $$`,
    );
    try {
      const added = await callAtOnce(repeat(20, () => ({
        name: "queue_for_race_test",
        request: { org_id: orgId },
      }))) as unknown as boolean[];
      assert.equal(added.filter((isAdded) => isAdded).length, 1);
    } finally {
      await queryDatabase("drop function public.queue_for_race_test(jsonb)");
    }
  }));
