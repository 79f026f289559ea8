import { lookup } from "node:dns/promises";
import { checkPageUrl } from "../../domain/web/check_page_url.ts";
import { isAllowedByRobots } from "../../domain/web/is_allowed_by_robots.ts";
import { isPublicAddress } from "../../domain/web/is_public_address.ts";
import { AppError, type ErrorCode } from "../../errors.ts";
import type { PageFetcher } from "../../ports_knowledge.ts";
import { namePage } from "./name_page.ts";
import type { HttpAnswer } from "./parse_http_answer.ts";
import { AGENT, requestPage, type Target } from "./request_page.ts";

export type PageFetcherConfig = {
  /** Every address of a host. */
  resolve?: (host: string) => Promise<string[]>;
  limitBytes?: number;
  timeLimitMilliseconds?: number;
  /**
   * Origins that need be neither https nor public: `http://127.0.0.1:8000`, or `http://127.0.0.1:*`
   * for any port. For the local stack and tests.
   */
  testOrigins?: readonly string[];
  /** How a test's own server is reached over https. */
  testServer?: Pick<Target, "address" | "port" | "certificates">;
};

const LIMIT_BYTES = 2 * 1024 * 1024;
const ROBOTS_LIMIT_BYTES = 512 * 1024;
const TIME_LIMIT_MILLISECONDS = 15_000;
const MOST_REDIRECTS = 5;

/** Pages of the public internet, and of nothing else that this process can reach. */
export function createPageFetcher(config: PageFetcherConfig = {}): PageFetcher {
  const { resolve = resolveHost, limitBytes = LIMIT_BYTES, testOrigins = [] } = config;
  const milliseconds = config.timeLimitMilliseconds ?? TIME_LIMIT_MILLISECONDS;
  const isTestOrigin = (url: URL) =>
    testOrigins.includes(url.origin) || testOrigins.includes(`${url.protocol}//${url.hostname}:*`);

  /** The page itself and nothing behind it. */
  async function request(url: URL, limit: number, { fail, signal }: Hop) {
    const address = await locate(url, { fail, signal });
    try {
      const target = { url, address, ...(isTestOrigin(url) ? {} : config.testServer) };
      return await requestPage(target, { limitBytes: limit, signal });
    } catch (cause) {
      const reason = signal.aborted ? "it took too long" : "its host does not answer as it should";
      throw fail("provider_failed", reason, cause);
    }
  }

  async function locate(url: URL, { fail, signal }: Hop): Promise<string> {
    if (isTestOrigin(url)) return url.hostname.replace(/^\[|\]$/g, "");
    const addresses = await Promise.race([resolve(url.hostname), endOf(signal)]).catch((cause) => {
      const reason = signal.aborted ? "it took too long" : "its host is not known";
      throw fail("provider_failed", reason, cause);
    });
    if (addresses.length === 0) throw fail("provider_failed", "its host is not known");
    // One that is not public is enough: whoever answers so can choose which one is used.
    if (!addresses.every(isPublicAddress)) {
      throw fail("invalid_input", `"${url.hostname}" is not on the public internet`);
    }
    return addresses.find((address) => !address.includes(":")) ?? addresses[0]!;
  }

  async function askRobots(url: URL, hop: Hop): Promise<void> {
    const { answer } = await follow(new URL("/robots.txt", url), ROBOTS_LIMIT_BYTES, hop);
    if (answer === "too_large") throw hop.fail("unreadable", "its site's robots.txt is too large");
    const { status, body } = answer;
    // RFC 9309 section 2.3.1: none there allows everything, one that can't be read nothing.
    if (status >= 500 || status === 429) {
      throw hop.fail("provider_failed", `its site's robots.txt answered with status ${status}`);
    }
    const robots = status >= 200 && status < 300 ? new TextDecoder().decode(body) : "";
    const path = url.pathname + url.search;
    if (!isAllowedByRobots(robots, { agent: AGENT, path })) {
      throw hop.fail("unreadable", "its site's robots.txt forbids to read it");
    }
  }

  /** @param before what is asked for each URL on the way */
  async function follow(
    start: URL,
    limit: number,
    hop: Hop,
    before: (url: URL) => Promise<void> = () => Promise.resolve(),
  ): Promise<{ url: URL; answer: HttpAnswer | "too_large" }> {
    let url = start;
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      await before(url);
      const answer = await request(url, limit, hop);
      if (answer === "too_large" || ![301, 302, 303, 307, 308].includes(answer.status)) {
        return { url, answer };
      }
      const location = answer.headers.get("location") ?? "";
      const next = URL.canParse(location, url.href) ? new URL(location, url).href : location;
      const checked = checkPageUrl(next, isTestOrigin);
      if (typeof checked === "string") {
        throw hop.fail("invalid_input", `it leads elsewhere, and of that URL ${checked}`);
      }
      url = checked;
    }
    throw hop.fail("unreadable", `it leads elsewhere more than ${MOST_REDIRECTS} times`);
  }

  return {
    async fetchPage(text, { signal: given }) {
      const fail: Fail = (code, reason, cause) =>
        new AppError(
          code,
          `Cannot fetch "${text.slice(0, 200)}": ${reason}`,
          cause === undefined ? {} : { cause },
        );
      const start = checkPageUrl(text, isTestOrigin);
      if (typeof start === "string") throw fail("invalid_input", start);
      const limited = AbortSignal.timeout(milliseconds);
      const signal = given === undefined ? limited : AbortSignal.any([given, limited]);
      const hop = { fail, signal };
      const { url, answer } = await follow(start, limitBytes, hop, (next) => askRobots(next, hop));
      if (answer === "too_large") {
        throw fail("unreadable", `it is larger than ${limitBytes / 1024 / 1024} MB`);
      }
      return { url: url.href, ...readPage(url, answer, fail) };
    },
  };
}

type Fail = (code: ErrorCode, reason: string, cause?: unknown) => AppError;
type Hop = { fail: Fail; signal: AbortSignal };

function readPage(url: URL, { status, headers, body }: HttpAnswer, fail: Fail) {
  if (status === 429 || status >= 500) {
    throw fail("provider_failed", `its host answered with status ${status}`);
  }
  if (status !== 200) throw fail("unreadable", `its host answered with status ${status}`);
  if (!/^(?:identity)?$/i.test(headers.get("content-encoding")?.trim() ?? "")) {
    throw fail("unreadable", "it comes packed although nobody asked for that");
  }
  const mime_type = headers.get("content-type");
  const file_name = namePage(url, mime_type ?? "");
  if (file_name === null) {
    const said = mime_type === null ? "says no type" : `is of type "${mime_type.slice(0, 80)}"`;
    throw fail("unreadable", `it ${said}, which can't be read`);
  }
  return { bytes: body, file_name, mime_type };
}

async function resolveHost(host: string): Promise<string[]> {
  const found = await lookup(host, { all: true });
  return found.map(({ address }) => address);
}

function endOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
