import assert from "node:assert/strict";
import { parse } from "yaml";
import * as z from "zod";

/** What each action's commit is tagged; whoever moves one looks its tag up anew. */
const PINNED: Record<string, string> = {
  "actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8": "v5.0.0",
  "actions/setup-node@a0853c24544627f65ddf259abe73b1d18a591444": "v5.0.0",
  "actions/upload-artifact@ea165f8d65b6e75b540449e92b4886f43607fa02": "v4.6.2",
};

const permissions = z.record(z.string(), z.enum(["read", "write", "none"]));
const stepSchema = z.object({
  name: z.string().optional(),
  uses: z.string().optional(),
  run: z.string().optional(),
  with: z.record(z.string(), z.unknown()).optional(),
  env: z.record(z.string(), z.string()).optional(),
});
const workflowSchema = z.object({
  name: z.string(),
  on: z.record(z.string(), z.unknown()),
  permissions,
  concurrency: z.object({ group: z.string(), "cancel-in-progress": z.unknown() }).optional(),
  jobs: z.record(
    z.string(),
    z.object({
      uses: z.string().optional(),
      needs: z.string().optional(),
      permissions: permissions.optional(),
      environment: z.string().optional(),
      concurrency: z.object({ group: z.string() }).optional(),
      "timeout-minutes": z.number().optional(),
      with: z.record(z.string(), z.unknown()).optional(),
      steps: z.array(stepSchema).default([]),
    }),
  ),
});
type Workflow = z.infer<typeof workflowSchema>;

const FOLDER = new URL("../.github/workflows/", import.meta.url);

const texts = Object.fromEntries(
  [...Deno.readDirSync(FOLDER)].map(({ name }) => [
    name,
    Deno.readTextFileSync(new URL(name, FOLDER)),
  ]),
);
const workflows: [name: string, workflow: Workflow][] = Object.entries(texts).map((
  [name, text],
) => [name, workflowSchema.parse(parse(text))]);
const find = (name: string) => {
  const workflow = Object.fromEntries(workflows)[name];
  assert.ok(workflow, `there is no ${name}`);
  return workflow;
};

/** Runs a step as the runner does, with these commands in the place of GitHub's. */
async function runStep(
  name: string,
  { commands, env = {} }: { commands: Record<string, string>; env?: Record<string, string> },
): Promise<{ code: number; text: string; folder: string }> {
  const step = workflows.flatMap(([, workflow]) => steps(workflow))
    .find((one) => one.name === name);
  const folder = await Deno.makeTempDir();
  for (const [command, script] of Object.entries(commands)) {
    await Deno.writeTextFile(`${folder}/${command}`, `#!/usr/bin/env bash\n${script}\n`, {
      mode: 0o755,
    });
  }
  const { code, stdout, stderr } = await new Deno.Command("bash", {
    args: ["--noprofile", "--norc", "-eo", "pipefail", "-c", step?.run ?? "exit 99"],
    cwd: folder,
    env: {
      PATH: `${folder}:${Deno.env.get("PATH")}`,
      RUNNER_TEMP: folder,
      GITHUB_REPOSITORY: "o/r",
      GITHUB_SHA: "abc",
      ...env,
    },
  }).output();
  const decoder = new TextDecoder();
  return { code, text: decoder.decode(stdout) + decoder.decode(stderr), folder };
}

const steps = ({ jobs }: Workflow) => Object.values(jobs).flatMap((job) => job.steps);

for (const [name, workflow] of workflows) {
  Deno.test(`${name}: every action is a commit, told with its tag`, () => {
    const used = steps(workflow).flatMap(({ uses }) => uses ?? []);
    for (const action of used) {
      assert.match(action, /@[0-9a-f]{40}$/);
      const tag = PINNED[action];
      assert.ok(tag, `${action} isn't one of those that were looked up`);
      assert.ok(
        texts[name]?.includes(`uses: ${action} # ${tag}`),
        `${action} has no tag beside it`,
      );
    }
  });

  Deno.test(`${name}: nothing may write, nothing runs for ever or twice`, () => {
    for (const given of [workflow, ...Object.values(workflow.jobs)]) {
      assert.ok(!Object.values(given.permissions ?? {}).includes("write"));
    }
    for (const [job, described] of Object.entries(workflow.jobs)) {
      if (described.uses !== undefined) continue;
      assert.ok((described["timeout-minutes"] ?? 999) <= 60, `${job} has no limit`);
      assert.ok(workflow.concurrency ?? described.concurrency, `${job} may run beside itself`);
    }
  });

  Deno.test(`${name}: no command holds a secret or what a stranger wrote`, () => {
    for (const { run = "", uses, with: given } of steps(workflow)) {
      assert.ok(!run.includes("${{"), run);
      if (uses?.startsWith("actions/checkout@")) {
        assert.equal(given?.["persist-credentials"], false);
        assert.equal(given?.["fetch-depth"], 0, "the releases before are tested too");
      }
    }
  });
}

Deno.test("commands of the workflows exist", async () => {
  const tasks = JSON.parse(await Deno.readTextFile(new URL("../deno.json", import.meta.url))).tasks;
  const ci = await Deno.readTextFile(new URL("../.ci/run", import.meta.url));
  const [, version] = /npx -y (deno@[0-9.]+)/.exec(ci) ?? [];
  for (const [name, workflow] of workflows) {
    for (const { run = "" } of steps(workflow)) {
      for (const [, task = ""] of run.matchAll(/\btask ([\w:]+)/g)) {
        assert.ok(task in tasks, `${name} runs "deno task ${task}", which there isn't`);
      }
      for (const [used] of run.matchAll(/deno@[0-9.]+/g)) assert.equal(used, version, name);
    }
  }
  const runs = steps(find("test.yml")).map(({ run }) => run);
  assert.ok(runs.includes(".ci/run"));
  assert.ok(((await Deno.stat(new URL("../.ci/run", import.meta.url))).mode ?? 0) & 0o100);
});

/** GitHub's expressions with what they say of one push; ours are also JavaScript's. */
const evaluate = (text: string, github: { ref: string; sha: string }) =>
  text.replace(
    /\$\{\{(.*?)\}\}/g,
    (_, expression: string) => String(new Function("github", `return ${expression}`)(github)),
  );

Deno.test("on main each commit's tests are told about, on a branch the newest's", () => {
  const { concurrency } = find("test.yml");
  assert.equal(concurrency?.["cancel-in-progress"], true);
  const group = (ref: string, sha: string) => evaluate(concurrency?.group ?? "", { ref, sha });
  const [main, branch] = ["refs/heads/main", "refs/heads/a-change"];
  assert.notEqual(group(main, "one"), group(main, "two"));
  assert.equal(group(branch, "one"), group(branch, "two"));
  assert.notEqual(group(branch, "one"), group("refs/heads/another", "one"));
});

Deno.test("a release knows the options it is given", async () => {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "scripts/deploy.ts", "--help"],
    cwd: new URL("..", import.meta.url),
  }).output();
  const help = new TextDecoder().decode(stdout);
  const command = steps(find("release.yml")).map(({ run }) => run ?? "")
    .find((run) => run.includes("task deploy")) ?? "";
  const options = [...command.matchAll(/--[a-z-]+/g)].map(([option]) => option);
  assert.ok(options.length > 3, command);
  for (const option of options) assert.ok(help.includes(option), `there is no ${option}`);
});

Deno.test("a tag goes to staging, then to production behind its environment", () => {
  const { on, jobs } = find("deploy.yml");
  assert.deepEqual(on, { push: { tags: ["v*"] } });
  const { staging, production } = jobs;
  assert.deepEqual(
    [staging?.with, production?.with, staging?.needs, production?.needs],
    [{ environment: "staging", rollout: "100" }, { environment: "production" }, "tests", "staging"],
  );
  for (const { uses } of [staging, production].flatMap((job) => job ?? [])) {
    assert.equal(uses, "./.github/workflows/release.yml");
  }
  assert.equal(find("release.yml").jobs["release"]?.environment, "${{ inputs.environment }}");
  assert.ok("pull_request" in find("test.yml").on && "push" in find("test.yml").on);
});

const RELEASES: [environment: string, options: string[]][] = [
  ["staging", ["--rollout", "100", "--reason", "staging of v1.2.3"]],
  // Its flags stay as they are.
  ["production", []],
];
for (const [environment, options] of RELEASES) {
  Deno.test(`a tag's release to ${environment} sets no more than it should`, async () => {
    const given = z.object({ environment: z.string(), rollout: z.string().default("") })
      .parse(find("deploy.yml").jobs[environment]?.with);
    const { code, text } = await runStep("Release", {
      commands: { npx: 'shift 2; printf "%s\\n" "$@"' },
      env: {
        RELEASE_ENVIRONMENT: given.environment,
        ROLLOUT: given.rollout,
        PROJECT_REF: "ref",
        GITHUB_ACTOR: "ada",
        GITHUB_REF_NAME: "v1.2.3",
      },
    });
    assert.equal(code, 0, text);
    const said = text.trimEnd().split("\n");
    assert.deepEqual(said.slice(0, 4), ["task", "deploy", "--env", environment]);
    assert.deepEqual(said.slice(said.indexOf("--watch") + 2), options);
  });
}

Deno.test("staging is released by a tag as by hand", async () => {
  const page = await Deno.readTextFile(new URL("../docs/runbook.md", import.meta.url));
  const rollout = find("deploy.yml").jobs["staging"]?.with?.["rollout"];
  const [, byHand] = /^deno task deploy --env staging .*--rollout (\d+)/m.exec(page) ?? [];
  assert.equal(rollout, byHand);
});

const WAITS: [name: string, answers: string[], code: number, says: RegExp][] = [
  ["green", ["success"], 0, /are green/],
  ["under way, then green", ["waits", "success"], 0, /are green/],
  ["not begun, then green", ["", "", "success"], 0, /are green/],
  ["never begun", [], 1, /no check named test began/],
  ["red", ["waits", "failure"], 1, /ended with failure/],
  ["one of two is red", ["success\nfailure"], 1, /ended with success failure/],
  ["one of two isn't over", ["success\nwaits", "success\nsuccess"], 0, /are green/],
  ["never over", Array(60).fill("waits"), 1, /isn't over/],
];
for (const [name, answers, code, says] of WAITS) {
  Deno.test(`a release waits for its commit's tests: ${name}`, async () => {
    const ended = await runStep("Wait for this commit's tests", {
      commands: {
        sleep: "exit 0",
        gh: `n=$(cat asked 2>/dev/null || echo 0); echo $((n + 1)) > asked
          case $n in ${
          answers.map((answer, n) => `${n}) printf '%b' '${answer.replace("\n", "\\n")}' ;;`).join(
            " ",
          )
        } esac`,
      },
    });
    assert.equal(ended.code, code, ended.text);
    assert.match(ended.text, says);
  });
}

Deno.test("a release has the journals of those before, where there are any", async () => {
  const env = { RELEASE_ENVIRONMENT: "staging" };
  const unzip = 'while [ $# -gt 1 ]; do shift; done; mkdir -p "$1"; cp journals.zip "$1/it.json"';
  const gh = (id: string) =>
    `case "$2" in *artifacts\\?name=release-staging*) printf '${id}' ;; */artifacts/7/zip) echo journal ;; *) exit 1 ;; esac`;
  const name = "Fetch the journals of the releases before";
  const none = await runStep(name, { commands: { gh: gh(""), unzip }, env });
  assert.equal(none.code, 0, none.text);
  const some = await runStep(name, { commands: { gh: gh("7"), unzip }, env });
  assert.equal(some.code, 0, some.text);
  assert.equal(await Deno.readTextFile(`${some.folder}/.local/releases/it.json`), "journal\n");
});
