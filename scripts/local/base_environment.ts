const INHERITED = [
  "PATH",
  "HOME",
  "TMPDIR",
  "DENO_DIR",
  "DENO_TLS_CA_STORE",
  "DENO_CERT",
  "HTTP_PROXY",
  "HTTPS_PROXY",
];

/** What every Deno process of the stack gets; a proxy never stands between two of them. */
export function baseEnvironment(): Record<string, string> {
  const inherited = INHERITED.map((name) => [name, Deno.env.get(name)] as const)
    .filter((pair): pair is [string, string] => pair[1] !== undefined);
  return {
    ...Object.fromEntries(inherited),
    NO_PROXY: ["127.0.0.1", "localhost", Deno.env.get("NO_PROXY")].filter(Boolean).join(","),
    DENO_NO_UPDATE_CHECK: "1",
    NO_COLOR: "1",
    // An error is told in its own words, not in those of the runtime's insides.
    RUST_BACKTRACE: "0",
  };
}
