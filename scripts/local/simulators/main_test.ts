import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { send, withSimulators } from "./with_simulators.ts";

const MAIN = fileURLToPath(new URL("main.ts", import.meta.url));

const start = (...args: string[]) =>
  new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", MAIN, ...args],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();

async function readLine(stream: ReadableStream<Uint8Array>): Promise<string> {
  let text = "";
  for await (const chunk of stream.values({ preventCancel: true })) {
    text += new TextDecoder().decode(chunk);
    if (text.includes("\n")) break;
  }
  return text.trimEnd();
}

const ENDINGS: [how: string, end: (process: Deno.ChildProcess) => void | Promise<void>][] = [
  ["its stdin closes", (process) => process.stdin.close()],
  ["it gets SIGTERM", (process) => process.kill("SIGTERM")],
  ["it gets SIGINT", (process) => process.kill("SIGINT")],
];
for (const [how, end] of ENDINGS) {
  Deno.test(`the process prints its addresses, answers, and ends when ${how}`, async () => {
    const process = start();
    const urls = JSON.parse(await readLine(process.stdout)) as Record<string, string>;
    assert.deepEqual(Object.keys(urls), ["vapi", "twilio", "graph", "gemini", "legacy"]);
    for (const url of Object.values(urls)) {
      assert.equal((await send(`${url}/__simulator/health`)).status, 200);
    }
    await end(process);
    assert.equal((await process.status).code, 0);
    await process.stdout.cancel();
    await process.stderr.cancel();
    if (how !== "its stdin closes") await process.stdin.close().catch(() => {});
    await assert.rejects(send(`${urls["vapi"]}/__simulator/health`), TypeError);
  });
}

Deno.test("a taken or impossible port is one clear line and exit code 1", async () => {
  await withSimulators(async ({ graph }) => {
    const { port } = new URL(graph);
    for (
      const [value, line] of [
        [port, `Cannot start simulator "graph" on port ${port}: the port is in use\n`],
        ["web", 'Cannot use port "web": not a port number\n'],
      ]
    ) {
      const process = start(`--graph-port=${value}`);
      await process.stdin.close();
      const { code, stderr } = await process.output();
      assert.equal(code, 1);
      assert.equal(new TextDecoder().decode(stderr), line);
    }
  });
});
