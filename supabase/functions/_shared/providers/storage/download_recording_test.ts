import assert from "node:assert/strict";
import { AppError } from "../../errors.ts";
import { createAllowList } from "./allow_hosts.ts";
import { createRecordingDownload } from "./download_recording.ts";

const signal = new AbortController().signal;
const MAXIMUM = 10;

function answer(
  body: BodyInit | null,
  { status = 200, headers = {} }: { status?: number; headers?: Record<string, string> } = {},
): Response {
  return new Response(body, { status, headers: { "content-type": "audio/wav", ...headers } });
}

function download(answers: Record<string, () => Response>, url = "https://good.test/a") {
  const asked: string[] = [];
  const open = createRecordingDownload(
    { requireAllowed: createAllowList(["good.test", "other.test"]), maxBytes: MAXIMUM },
    (input, init) => {
      asked.push(input.href);
      assert.equal(init.redirect, "manual");
      assert.equal(new Headers(init.headers).get("authorization"), null);
      return Promise.resolve(answers[input.href]?.() ?? answer("gone", { status: 404 }));
    },
  );
  return { asked, opened: open(url, { signal }) };
}

async function read(body: ReadableStream<Uint8Array>): Promise<string> {
  return await new Response(body).text();
}

Deno.test("a recording is opened and passed on", async () => {
  const { opened } = download({
    "https://good.test/a": () => answer("0123456789", { headers: { "content-length": "10" } }),
  });
  const { body, contentType, length } = await opened;
  assert.deepEqual([contentType, length], ["audio/wav", 10]);
  assert.equal(await read(body), "0123456789");
});

Deno.test("redirects are followed where the list allows", async () => {
  const { opened, asked } = download({
    "https://good.test/a": () => answer(null, { status: 302, headers: { location: "/b" } }),
    "https://good.test/b": () =>
      answer(null, { status: 307, headers: { location: "https://other.test/c" } }),
    "https://other.test/c": () => answer("audio"),
  });
  assert.equal(await read((await opened).body), "audio");
  assert.deepEqual(asked, ["https://good.test/a", "https://good.test/b", "https://other.test/c"]);
});

Deno.test("what is refused", async (test) => {
  const redirect = (location: string) => () => answer(null, { status: 302, headers: { location } });
  const cases: [string, Record<string, () => Response>, AppError["code"]][] = [
    [
      "a redirect off the list",
      { "https://good.test/a": redirect("https://evil.test/") },
      "forbidden",
    ],
    ["a redirect to http", { "https://good.test/a": redirect("http://good.test/a") }, "forbidden"],
    ["round and round", { "https://good.test/a": redirect("/a") }, "forbidden"],
    ["a page", {
      "https://good.test/a": () => answer("<html>", { headers: { "content-type": "text/html" } }),
    }, "forbidden"],
    ["announced as too large", {
      "https://good.test/a": () => answer("x", { headers: { "content-length": "11" } }),
    }, "payload_too_large"],
    ["not there (yet)", {}, "provider_failed"],
    ["failing", { "https://good.test/a": () => answer("x", { status: 500 }) }, "provider_failed"],
  ];
  for (const [name, answers, code] of cases) {
    await test.step(name, async () => {
      await assert.rejects(
        download(answers).opened,
        (error) => error instanceof AppError && error.code === code,
      );
    });
  }
});

Deno.test("larger than it said, it ends where the limit is", async () => {
  const { body } = await download({
    "https://good.test/a": () => answer("0123456789+"),
  }).opened;
  await assert.rejects(
    read(body),
    (error) => error instanceof AppError && error.code === "payload_too_large",
  );
});
