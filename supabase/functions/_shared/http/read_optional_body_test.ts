import { deepEqual } from "node:assert/strict";
import { AppError } from "../errors.ts";
import { readOptionalBody } from "./read_optional_body.ts";

/** What the function makes of the bytes of a request, as a real server hands it over. */
async function readOverHttp(request: string[]): Promise<unknown> {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    try {
      return Response.json(await readOptionalBody(request));
    } catch (error) {
      return Response.json(error instanceof AppError ? error.code : String(error));
    }
  });
  try {
    const connection = await Deno.connect({ hostname: "127.0.0.1", port: server.addr.port });
    const text = ["POST / HTTP/1.1", "Host: localhost", "Connection: close", ...request];
    await connection.write(new TextEncoder().encode(text.join("\r\n")));
    const answer = await new Response(connection.readable).text();
    return JSON.parse(answer.slice(answer.indexOf("\r\n\r\n")));
  } finally {
    await server.shutdown();
  }
}

const JSON_TYPE = "Content-Type: application/json";
const CASES: [string, string[], unknown][] = [
  ["nothing, not even a length", ["", ""], {}],
  ["a length of zero", ["Content-Length: 0", "", ""], {}],
  ["a length of zero and a type", ["Content-Length: 0", JSON_TYPE, "", ""], {}],
  ["an empty stream", ["Transfer-Encoding: chunked", "", "0", "", ""], {}],
  ["JSON", ["Content-Length: 7", JSON_TYPE, "", '{"a":1}'], { a: 1 }],
  ["JSON in chunks", ["Transfer-Encoding: chunked", JSON_TYPE, "", "2", "{}", "0", "", ""], {}],
  ["a body of no type", ["Content-Length: 2", "", "{}"], "unsupported_media_type"],
  ["no JSON", ["Content-Length: 1", JSON_TYPE, "", "{"], "invalid_input"],
  [
    "too much",
    ["Content-Length: 65537", JSON_TYPE, "", " ".repeat(65_537)],
    "payload_too_large",
  ],
];
for (const [name, request, expected] of CASES) {
  Deno.test(`readOptionalBody: ${name}`, async () => {
    deepEqual(await readOverHttp(request), expected);
  });
}
