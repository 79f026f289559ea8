import { openDatabase } from "../../scripts/local/open_database.ts";
import type { Measured } from "./http_load.ts";

/** One new message, as the webhook sends it. */
const STATEMENT = (phoneNumberId: string) =>
  `select public.ingest_whatsapp(jsonb_build_object('messages', jsonb_build_array(jsonb_build_object(
    'd', 0, 'i', 0, 'phone_number_id', '${phoneNumberId}', 'business_account_id', '2', 'wamid', 'wamid.' || gen_random_uuid(),
    'type', 'text', 'phone', (250780000000 + floor(random() * 2000))::bigint::text, 'bsuid', null,
    'name', 'Ada Lovelace', 'username', null, 'needs_turn', true, 'sent_at', now(),
    'content', '{"text": "Muraho, ndashaka kugurisha ibigori"}'::jsonb, 'raw_text', null, 'change', null,
    'payload', '{"from": "250780000000", "id": "wamid.ID", "timestamp": "1790000000", "type": "text", "text": {"body": "Muraho, ndashaka kugurisha ibigori"}}'::jsonb
  )))) as answer`.replace(/\s*\n\s*/g, " ");

type Input = {
  url: string;
  phoneNumberId: string;
  clients: number;
  seconds: number;
};

/** The webhook's SQL function, a message a call, without HTTP; by postgres.js where pgbench isn't. */
export async function runPgbench(input: Input): Promise<Measured> {
  const script = await Deno.makeTempFile({ suffix: ".sql" });
  try {
    await Deno.writeTextFile(script, `${STATEMENT(input.phoneNumberId)};\n`);
    return await runBinary(input, script);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return await runLoops(input);
    throw error;
  } finally {
    await Deno.remove(script);
  }
}

async function runBinary(
  { url, clients, seconds }: Input,
  script: string,
): Promise<Measured> {
  const folder = await Deno.makeTempDir();
  const { hostname, port, username, pathname } = new URL(url);
  try {
    const { success, stderr } = await new Deno.Command("pgbench", {
      args: [
        [
          "-n",
          "-M",
          "prepared",
          "-f",
          script,
          "-c",
          String(clients),
          "-j",
          "1",
          "-T",
          String(seconds),
        ],
        ["-l", `--log-prefix=${folder}/log`],
        ["-h", hostname, "-p", port, "-U", username, pathname.slice(1)],
      ].flat(),
      stdout: "null",
    }).output();
    if (!success) {
      throw new Error(
        `Cannot run pgbench: ${new TextDecoder().decode(stderr).slice(0, 500)}`,
      );
    }
    const latencies: number[] = [];
    for await (const { name } of Deno.readDir(folder)) {
      const text = await Deno.readTextFile(`${folder}/${name}`);
      // client, transaction, microseconds, …
      for (const line of text.split("\n")) {
        if (line !== "") latencies.push(Number(line.split(" ")[2]) / 1000);
      }
    }
    return summarise(latencies, seconds);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function runLoops(
  { url, phoneNumberId, clients, seconds }: Input,
): Promise<Measured> {
  const database = openDatabase(url, { connections: clients });
  const latencies: number[] = [];
  const end = performance.now() + seconds * 1000;
  await Promise.all(Array.from({ length: clients }, async () => {
    while (performance.now() < end) {
      const began = performance.now();
      await database.query(STATEMENT(phoneNumberId));
      latencies.push(performance.now() - began);
    }
  }));
  await database.close();
  return summarise(latencies, seconds);
}

function summarise(latencies: number[], seconds: number): Measured {
  latencies.sort((a, b) => a - b);
  const at = (share: number) =>
    latencies[
      Math.min(latencies.length - 1, Math.floor(latencies.length * share))
    ] ?? NaN;
  return {
    acknowledged: latencies.length,
    warmedUp: 0,
    refused: 0,
    perSecond: latencies.length / seconds,
    p50: at(0.5),
    p99: at(0.99),
  };
}
