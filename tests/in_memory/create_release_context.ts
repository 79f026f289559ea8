import { createHash } from "node:crypto";
import { createJournal } from "../../scripts/release/journal.ts";
import type { LiveFunction } from "../../scripts/release/management/schemas.ts";
import type { Ops } from "../../scripts/release/ops/create_ops.ts";
import type { ReleaseContext } from "../../scripts/release/release_context.ts";
import type { CliResult } from "../../scripts/release/run_cli.ts";

const REF = "abcdefghijklmnopqrst";

/** A value's SHA-256, as a project tells it. */
export const digest = (value: string) => createHash("sha256").update(value).digest("hex");

/**
 * What a step of a release works with, over a project that is a record. `cli` stands in for the CLI:
 * it may change the project. Time passes only where somebody waits.
 */
export function createReleaseContext(
  { cli = () => ({}), pending = [], fileSecrets = {}, options = {}, ops = {} }: {
    cli?: (args: string[], project: FakeProject) => Partial<CliResult>;
    pending?: string[];
    fileSecrets?: Record<string, string>;
    options?: Partial<ReleaseContext["options"]>;
    ops?: Partial<Ops>;
  } = {},
) {
  const project: FakeProject = { secrets: {}, functions: {} };
  const calls: string[][] = [];
  const told: string[] = [];
  const saved: string[] = [];
  let now = Date.parse("2026-11-21T10:00:00Z");
  const refuse = () => Promise.reject(new Error("not asked for here"));
  const context: ReleaseContext = {
    target: {
      environment: "production",
      ref: REF,
      accessToken: "token",
      apiUrl: "http://127.0.0.1:9",
      profile: null,
      projectUrl: "http://127.0.0.1:9",
      databaseUrl: null,
      databasePassword: null,
      envFile: "/dev/null",
      secrets: fileSecrets,
      secretKey: "sb_secret_x",
    },
    options: {
      rollout: null,
      reason: null,
      actor: null,
      functions: null,
      backup: false,
      skipTests: null,
      accept: null,
      restore: true,
      watchMinutes: 0,
      ...options,
    },
    checkout: { folder: "/nowhere", commit: "a".repeat(40), version: "1.0.0" },
    facts: {
      slugs: ["ops", "worker"],
      pendingMigrations: pending,
      otherMigrations: [],
      databaseVersion: "17.6",
      liveVersions: null,
    },
    journal: createJournal({
      ref: REF,
      environment: "production",
      commit: "a".repeat(40),
      version: "1.0.0",
      now: new Date(now),
    }),
    save: () => Promise.resolve(void saved.push(JSON.stringify(context.journal))),
    management: {
      readProject: refuse,
      listFunctions: () =>
        Promise.resolve(
          Object.entries(project.functions).map(([slug, version]): LiveFunction => ({
            slug,
            version,
            status: "ACTIVE",
            verifyJwt: false,
            updatedAt: "2026-11-21T10:00:00.000Z",
          })),
        ),
      listSecrets: () =>
        Promise.resolve(
          Object.entries(project.secrets).map(([name, digest]) => ({ name, digest })),
        ),
      listSecretNames: () => Promise.resolve(Object.keys(project.secrets)),
      listBackups: refuse,
      deleteFunction: refuse,
      bundleFunction: refuse,
      queryDatabase: refuse,
    },
    ops: {
      readServiceLevels: () => Promise.resolve([]),
      readMetrics: () => Promise.resolve({}),
      listOpenAlerts: () => Promise.resolve([]),
      readRollout: () => Promise.resolve({ percent: 5, enabled: true }),
      setRollout: refuse,
      callRpc: refuse,
      ...ops,
    },
    runCli(args) {
      calls.push(args);
      return Promise.resolve({ success: true, stdout: "", stderr: "", ...cli(args, project) });
    },
    unpackCode: ({ commit }) =>
      Promise.resolve({
        folder: `/unpacked/${commit}`,
        [Symbol.asyncDispose]: () => Promise.resolve(),
      }),
    checkMigrations: () => Promise.resolve([]),
    fetch: () => Promise.resolve(Response.json({ version: "1.0.0", ready: true })),
    tell: (line) => void told.push(line),
    clock: () => now,
    pause: (milliseconds) => Promise.resolve(void (now += milliseconds)),
  };
  return { context, project, calls, told, saved };
}

export type FakeProject = {
  /** Name → digest. */
  secrets: Record<string, string>;
  functions: Record<string, number>;
};
