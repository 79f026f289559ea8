import { join } from "node:path";
import { REPOSITORY } from "../../scripts/local/repository.ts";
import type { Measured } from "./http_load.ts";

/** Installed apart, so that what is compared with is none of the project's packages. */
const FOLDER = join(REPOSITORY, ".local", "bench");
const SOURCES = join(REPOSITORY, "bench", "ingest", "contenders");

/** Installs what `bench/package.json` names, once. */
export async function prepareContenders(): Promise<void> {
  await Deno.mkdir(FOLDER, { recursive: true });
  for await (const { name } of Deno.readDir(SOURCES)) {
    await Deno.copyFile(join(SOURCES, name), join(FOLDER, name));
  }
  const wanted = await Deno.readTextFile(
    join(REPOSITORY, "bench", "package.json"),
  );
  const installed = await Deno.readTextFile(join(FOLDER, "installed.json"))
    .catch(() => "");
  if (installed === wanted) return;
  await Deno.writeTextFile(join(FOLDER, "package.json"), wanted);
  const { success } = await new Deno.Command("npm", {
    args: [
      "install",
      "--no-audit",
      "--no-fund",
      "--no-package-lock",
      "--ignore-scripts",
    ],
    cwd: FOLDER,
  }).output();
  if (!success) {
    throw new Error(
      `Cannot install what bench/package.json names in "${FOLDER}"`,
    );
  }
  await Deno.writeTextFile(join(FOLDER, "installed.json"), wanted);
}

/** One contender in a process of its own; the payload is a message as WhatsApp writes it. */
export async function runContender(
  { file, url, connections, seconds }: {
    file: string;
    url: string;
    connections: number;
    seconds: number;
  },
): Promise<Measured> {
  const payload = {
    from: "250780000000",
    id: "wamid.ID",
    timestamp: "1790000000",
    type: "text",
    text: { body: "Muraho, ndashaka kugurisha ibigori" },
    metadata: {
      display_phone_number: "15550783881",
      phone_number_id: "100000000000001",
    },
    contacts: [{ profile: { name: "Ada Lovelace" }, wa_id: "250780000000" }],
  };
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      [
        "run",
        "-A",
        "--no-check",
        "--node-modules-dir=manual",
        "--no-config",
        `${file}.mjs`,
      ],
      [url, String(connections), String(seconds), JSON.stringify(payload)],
    ].flat(),
    cwd: FOLDER,
    env: { NO_COLOR: "1", DO_NOT_TRACK: "1" },
  }).output();
  const line = new TextDecoder().decode(stdout).split("\n").findLast((text) =>
    text.startsWith("{")
  );
  if (line === undefined) {
    const reason = new TextDecoder().decode(stderr).trim().split("\n").slice(
      0,
      5,
    ).join(" ");
    throw new Error(`Cannot run "${file}": ${reason}`);
  }
  const found = JSON.parse(line) as {
    acknowledged: number;
    warmedUp: number;
    seconds: number;
    p50: number;
    p99: number;
  };
  return {
    ...found,
    refused: 0,
    perSecond: found.acknowledged / found.seconds,
  };
}
