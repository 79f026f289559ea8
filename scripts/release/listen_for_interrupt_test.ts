import assert from "node:assert/strict";
import { join } from "node:path";

const module = (name: string) => new URL(`./${name}`, import.meta.url).href;

/** Holds a secret in a folder for a minute, whatever the signal says. */
const STUBBORN = `
import { listenForInterrupt } from "${module("listen_for_interrupt.ts")}";
import { withPrivateFolder } from "${module("with_private_folder.ts")}";
const signal = listenForInterrupt("stopping");
signal.addEventListener("abort", () => console.log("aborted"));
await withPrivateFolder("switchboard-test-", async (folder) => {
  await Deno.writeTextFile(folder + "/secrets.env", "A=b");
  console.log(folder);
  await new Promise((resolve) => setTimeout(resolve, 60_000));
});
`;

Deno.test("the first signal is told to what runs, and another one leaves no secret behind", async () => {
  const place = await Deno.makeTempDir();
  const script = join(place, "stubborn.ts");
  await Deno.writeTextFile(script, STUBBORN);
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "--no-config", script],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const said = new Response(child.stderr).text();
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  try {
    const folder = (await lines.read()).value!.trim();
    assert.equal(await Deno.readTextFile(join(folder, "secrets.env")), "A=b");
    assert.equal((await Deno.stat(folder)).mode! & 0o077, 0, "it is nobody else's");
    child.kill("SIGTERM");
    assert.equal((await lines.read()).value, "aborted\n");
    await Deno.stat(folder);
    child.kill("SIGINT");
    assert.equal((await child.status).code, 130);
    await assert.rejects(Deno.stat(folder), Deno.errors.NotFound);
    assert.equal(await said, "stopping\n");
  } finally {
    await lines.cancel();
    await Deno.remove(place, { recursive: true });
  }
});
