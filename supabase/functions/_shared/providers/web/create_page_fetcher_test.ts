import assert from "node:assert/strict";
import { type Pages, servePages } from "../../../../../tests/support/web/serve_pages.ts";
import type { AppError } from "../../errors.ts";
import { createPageFetcher, type PageFetcherConfig } from "./create_page_fetcher.ts";

const PUBLIC = "93.184.216.34";
const PAGE = { body: "<p>Hello" };

/** Fetches from a server of the given pages that the resolver says to be a public host. */
async function fetchFrom(
  pages: Pages,
  url: string,
  options: PageFetcherConfig & { hosts?: string[]; signal?: AbortSignal } = {},
) {
  const { hosts, signal, ...config } = options;
  await using server = await servePages(pages, hosts === undefined ? {} : { hosts });
  const lookups: string[] = [];
  const fetcher = createPageFetcher({
    resolve: (host) => {
      lookups.push(host);
      return Promise.resolve([PUBLIC]);
    },
    testServer: { address: "127.0.0.1", port: server.port, certificates: server.authority },
    ...config,
  });
  const outcome = await fetcher.fetchPage(url, signal === undefined ? {} : { signal }).then(
    (page) => ({ page, error: null }),
    (error: AppError) => ({ page: null, error }),
  );
  return { ...outcome, asked: server.asked, lookups };
}

async function refuse(
  code: string,
  reason: RegExp,
  ...given: Parameters<typeof fetchFrom>
): ReturnType<typeof fetchFrom> {
  const found = await fetchFrom(...given);
  assert.ok(found.error !== null, "it was fetched");
  assert.equal(found.error.code, code, found.error.message);
  assert.ok(found.error.message.startsWith(`Cannot fetch "${given[1].slice(0, 200)}": `));
  assert.match(found.error.message, reason);
  return found;
}

const redirect = (location: string, status = 302) => ({ status, headers: { location } });

Deno.test("a page is fetched over https, robots.txt first, under its host's name", async () => {
  const { page, asked, lookups, error } = await fetchFrom(
    { "page.test/prices?a=1": { body: "<p>Tarifs é", type: "text/html; charset=utf-8" } },
    "https://page.test/prices?a=1#top",
  );
  assert.equal(error, null);
  assert.deepEqual(asked, ["page.test/robots.txt", "page.test/prices?a=1"]);
  assert.deepEqual(lookups, ["page.test", "page.test"]);
  assert.deepEqual({ ...page, bytes: new TextDecoder().decode(page?.bytes) }, {
    url: "https://page.test/prices?a=1",
    bytes: "<p>Tarifs é",
    file_name: "prices.html",
    mime_type: "text/html; charset=utf-8",
  });
});

Deno.test("a certificate for another host, or of an unknown authority, is refused", async () => {
  const other = await refuse(
    "provider_failed",
    /does not answer as it should/,
    { "page.test/": PAGE },
    "https://page.test/",
    { hosts: ["other.test"] },
  );
  assert.deepEqual(other.asked, []);
  await using server = await servePages({ "page.test/": PAGE });
  const fetcher = createPageFetcher({
    resolve: () => Promise.resolve([PUBLIC]),
    testServer: { address: "127.0.0.1", port: server.port },
  });
  await assert.rejects(fetcher.fetchPage("https://page.test/", {}), /does not answer/);
});

const ADDRESSES = ["127.0.0.1", "10.1.2.3", "169.254.169.254", "100.64.0.1", "::1", "fd00::1"];
for (const address of ADDRESSES) {
  Deno.test(`a host at ${address} is not connected to, alone or among others`, async () => {
    for (const answers of [[address], [PUBLIC, address]]) {
      const { asked } = await refuse(
        "invalid_input",
        /"page.test" is not on the public internet/,
        { "page.test/": PAGE },
        "https://page.test/",
        { resolve: () => Promise.resolve(answers) },
      );
      assert.deepEqual(asked, []);
    }
  });
}

Deno.test("the connection goes to the address that was checked, whatever DNS says later", async () => {
  // Without a server of the test's own the address itself is connected to: one that was refused
  // here would answer, one that is public and reserved for nobody can't.
  await using server = await servePages({ "page.test/": PAGE });
  const answers = [["127.0.0.1"], [PUBLIC]];
  const fetcher = createPageFetcher({
    resolve: () => Promise.resolve(answers.shift() ?? ["127.0.0.1"]),
    testServer: { address: "127.0.0.1", port: server.port, certificates: server.authority },
  });
  await assert.rejects(fetcher.fetchPage("https://page.test/", {}), /not on the public internet/);
  assert.equal(answers.length, 1, "one look-up a connection");
  assert.deepEqual(server.asked, []);
});

Deno.test("a redirect is followed, and each host on the way is checked anew", async () => {
  const pages: Pages = {
    "page.test/": redirect("/a", 301),
    "page.test/a": redirect("//www.page.test/b", 308),
    "www.page.test/b": PAGE,
  };
  const { page, asked } = await fetchFrom(pages, "https://page.test/");
  assert.equal(page?.url, "https://www.page.test/b");
  assert.deepEqual(asked.filter((name) => !name.endsWith("robots.txt")), [
    "page.test/",
    "page.test/a",
    "www.page.test/b",
  ]);
  assert.ok(asked.indexOf("www.page.test/robots.txt") < asked.indexOf("www.page.test/b"));
  const { asked: then } = await refuse(
    "invalid_input",
    /"www.page.test" is not on the public internet/,
    pages,
    "https://page.test/",
    { resolve: (host) => Promise.resolve([host === "page.test" ? PUBLIC : "10.0.0.1"]) },
  );
  assert.ok(!then.some((name) => name.startsWith("www.")));
});

const LEADING_OUT = ["http://page.test/a", "https://127.0.0.1/", "https://page.test:8443/", "x:"];
for (const location of [...LEADING_OUT, "https://u:p@page.test/", "file:///etc/passwd", ""]) {
  Deno.test(`a redirect to "${location}" is not followed`, async () => {
    const { asked } = await refuse(
      location === "" ? "unreadable" : "invalid_input",
      /leads elsewhere/,
      { "page.test/": redirect(location) },
      "https://page.test/",
    );
    assert.ok(asked.every((name) => name === "page.test/" || name === "page.test/robots.txt"));
  });
}

Deno.test("five redirects are followed and not six", async () => {
  const chain = (length: number): Pages =>
    Object.fromEntries([
      ...Array.from({ length }, (_, n) => [`page.test/${n}`, redirect(`/${n + 1}`)]),
      [`page.test/${length}`, PAGE],
    ]);
  assert.equal((await fetchFrom(chain(5), "https://page.test/0")).error, null);
  await refuse("unreadable", /more than 5 times/, chain(6), "https://page.test/0");
});

const ROBOTS: [what: string, robots: Pages[string], code: string | null][] = [
  ["none", { status: 404 }, null],
  ["one that must not be read", { status: 403 }, null],
  ["one that allows", { type: "text/plain", body: "User-agent: *\nDisallow: /private" }, null],
  ["one that forbids", { body: "User-agent: *\nDisallow: /a" }, "unreadable"],
  ["one that forbids us", { body: "User-agent: SwitchboardBot\nDisallow: /" }, "unreadable"],
  ["one that fails", { status: 503 }, "provider_failed"],
  ["one that is elsewhere", redirect("/r.txt"), "unreadable"],
  ["one that is too large", { body: "#".repeat(600_000) }, "unreadable"],
];
for (const [what, robots, code] of ROBOTS) {
  Deno.test(`a robots.txt, ${what}: ${code ?? "fetched"}`, async () => {
    const { error, asked } = await fetchFrom({
      "page.test/robots.txt": robots,
      "page.test/r.txt": { body: "User-agent: *\nDisallow: /a" },
      "page.test/a": PAGE,
    }, "https://page.test/a");
    assert.equal(error?.code ?? null, code);
    assert.equal(asked.includes("page.test/a"), code === null);
  });
}

const ANSWERS: [what: string, page: Pages[string], code: string, reason: RegExp][] = [
  ["that is gone", { status: 410 }, "unreadable", /status 410/],
  ["of a host that fails", { status: 502 }, "provider_failed", /status 502/],
  ["of a type that can't be read", { type: "image/png" }, "unreadable", /of type "image\/png"/],
  ["without a type", { type: null }, "unreadable", /says no type/],
  ["that is packed", { headers: { "content-encoding": "gzip" } }, "unreadable", /packed/],
  ["that is too large", { body: new Uint8Array(2_100_000) }, "unreadable", /larger than 2 MB/],
  [
    "that says to be too large",
    { headers: { "content-length": "9000000" }, body: new Uint8Array(9_000_000) },
    "unreadable",
    /larger than 2 MB/,
  ],
  [
    "that never ends",
    {
      write(response) {
        response.writeHead(200, { "content-type": "text/html" });
        const more = () => {
          if (!response.destroyed) response.write("a".repeat(64 * 1024), () => setTimeout(more, 0));
        };
        more();
      },
    },
    "unreadable",
    /larger than 2 MB/,
  ],
  [
    "that breaks off",
    {
      write(response) {
        response.writeHead(200, { "content-type": "text/html", "content-length": "100" });
        response.write("half", () => response.destroy());
      },
    },
    "provider_failed",
    /does not answer as it should/,
  ],
  [
    "that is no HTTP",
    { write: (response) => void response.socket?.end("SSH-2.0-OpenSSH\r\n\r\n") },
    "provider_failed",
    /does not answer as it should/,
  ],
];
for (const [what, page, code, reason] of ANSWERS) {
  Deno.test(`a page ${what} is refused`, async () => {
    await refuse(code, reason, { "page.test/": page }, "https://page.test/");
  });
}

Deno.test("a page in chunks, with an announcement before it, is whole", async () => {
  const { page } = await fetchFrom({
    "page.test/": {
      write(response) {
        response.writeContinue();
        response.writeHead(200, { "content-type": "text/plain" });
        response.write("one ");
        response.write("two ");
        response.end("three");
      },
    },
  }, "https://page.test/");
  assert.equal(new TextDecoder().decode(page?.bytes), "one two three");
  assert.equal(page?.file_name, "page.test.txt");
});

Deno.test("it ends when the time is over, or the caller gives up", async () => {
  const silent: Pages = { "page.test/": { write: () => {} } };
  const limits = [{ timeLimitMilliseconds: 100 }, { signal: AbortSignal.timeout(100) }];
  for (const limit of limits) {
    await refuse("provider_failed", /took too long/, silent, "https://page.test/", limit);
  }
  const unknown = { timeLimitMilliseconds: 100, resolve: () => new Promise<string[]>(() => {}) };
  await refuse("provider_failed", /took too long/, silent, "https://page.test/", unknown);
});

Deno.test("a host that nobody knows is the host's failure", async () => {
  const failing = [() => Promise.resolve([]), () => Promise.reject(new Error("ENOTFOUND"))];
  for (const resolve of failing) {
    await refuse("provider_failed", /not known/, {}, "https://page.test/", { resolve });
  }
});

Deno.test("an origin for tests is fetched as it is, and only that one", async () => {
  await using server = await servePages({ "127.0.0.1/a.md": { ...PAGE, type: "text/plain" } }, {
    secure: false,
  });
  const url = `http://127.0.0.1:${server.port}/a.md`;
  for (const testOrigins of [["http://127.0.0.1:*"], [`http://127.0.0.1:${server.port}`]]) {
    const page = await createPageFetcher({ testOrigins }).fetchPage(url, {});
    assert.equal(page.file_name, "a.md");
  }
  for (const testOrigins of [[], ["http://127.0.0.1:1"], ["http://127.0.0.2:*"]]) {
    const fetching = createPageFetcher({ testOrigins }).fetchPage(url, {});
    await assert.rejects(fetching, (error: AppError) => error.code === "invalid_input");
  }
});
