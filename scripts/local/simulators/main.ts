import { parseArgs } from "node:util";
import { startSimulators } from "./start_simulators.ts";
import type { SimulatorOptions } from "./start_simulators.ts";

const HELP =
  `Simulators of Vapi, Twilio, Meta's Graph API, Gemini and the older service on 127.0.0.1.

  deno run -A scripts/local/simulators/main.ts [options]

  --vapi-port=<port>     0 = any free port (the default), likewise the others
  --twilio-port=<port>
  --graph-port=<port>
  --gemini-port=<port>
  --legacy-port=<port>
  --state=<file>         keep accounts and their objects over a restart

Prints one line of JSON with the addresses when ready. Ends when stdin closes, or on SIGTERM/SIGINT.
`;

const write = (stream: { writeSync(data: Uint8Array): number }, text: string) =>
  stream.writeSync(new TextEncoder().encode(text));

function readOptions(args: string[]): SimulatorOptions | null {
  const { values } = parseArgs({
    args,
    options: {
      "vapi-port": { type: "string", default: "0" },
      "twilio-port": { type: "string", default: "0" },
      "graph-port": { type: "string", default: "0" },
      "gemini-port": { type: "string", default: "0" },
      "legacy-port": { type: "string", default: "0" },
      state: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return null;
  const port = (text: string) => {
    const number = Number(text);
    if (Number.isInteger(number) && number >= 0 && number <= 65535) return number;
    throw new Error(`Cannot use port "${text}": not a port number`);
  };
  return {
    ports: {
      vapi: port(values["vapi-port"]),
      twilio: port(values["twilio-port"]),
      graph: port(values["graph-port"]),
      gemini: port(values["gemini-port"]),
      legacy: port(values["legacy-port"]),
    },
    ...(values.state === undefined ? {} : { stateFile: values.state }),
  };
}

async function run(): Promise<number> {
  const options = readOptions(Deno.args);
  if (options === null) {
    write(Deno.stdout, HELP);
    return 0;
  }
  const simulators = await startSimulators(options);
  write(Deno.stdout, `${JSON.stringify(simulators.urls)}\n`);
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) Deno.addSignalListener(signal, resolve);
    Deno.stdin.readable.pipeTo(new WritableStream()).then(resolve, () => resolve());
  });
  await simulators.stop();
  return 0;
}

if (import.meta.main) {
  try {
    Deno.exit(await run());
  } catch (error) {
    write(Deno.stderr, `${error instanceof Error ? error.message : String(error)}\n`);
    Deno.exit(1);
  }
}
