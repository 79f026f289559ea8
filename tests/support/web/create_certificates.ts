/** An authority of the test's own and a server's certificate from it, made anew each time (RFC 5280). */
export async function createCertificates(
  hosts: string[],
): Promise<{ authority: string; certificate: string; key: string }> {
  const authority = await createKeys();
  const server = await createKeys();
  const basicConstraints = extension("551d13", sequence(tag(0x01, [0xff])), true);
  const names = hosts.map((host) => tag(0x82, encode(host)));
  const alternativeNames = extension("551d11", sequence(...names));
  return {
    authority: await sign({
      subject: "Test authority",
      owner: authority,
      extensions: basicConstraints,
      issuer: authority,
    }),
    certificate: await sign({
      subject: hosts[0] ?? "",
      owner: server,
      extensions: alternativeNames,
      issuer: authority,
    }),
    key: pem(
      "PRIVATE KEY",
      new Uint8Array(await crypto.subtle.exportKey("pkcs8", server.privateKey)),
    ),
  };
}

async function createKeys(): Promise<CryptoKeyPair> {
  return await crypto.subtle.generateKey(
    { name: "ECDSA", namedCurve: "P-256" },
    true,
    ["sign", "verify"],
  );
}

async function sign(
  { subject, owner, issuer, extensions }: {
    subject: string;
    owner: CryptoKeyPair;
    issuer: CryptoKeyPair;
    extensions: Uint8Array;
  },
): Promise<string> {
  const ecdsaWithSha256 = sequence(tag(0x06, fromHex("2a8648ce3d040302")));
  const publicKey = new Uint8Array(await crypto.subtle.exportKey("spki", owner.publicKey));
  const body = sequence(
    tag(0xa0, tag(0x02, [2])),
    tag(0x02, [1, ...crypto.getRandomValues(new Uint8Array(8))]),
    ecdsaWithSha256,
    name("Test authority"),
    sequence(tag(0x18, encode("20200101000000Z")), tag(0x18, encode("21200101000000Z"))),
    name(subject),
    publicKey,
    tag(0xa3, sequence(extensions)),
  );
  const signature = await crypto.subtle.sign(
    { name: "ECDSA", hash: "SHA-256" },
    issuer.privateKey,
    new Uint8Array(body),
  );
  const [r, s] = [0, 32].map((at) => new Uint8Array(signature).slice(at, at + 32));
  const pair = sequence(integer(r!), integer(s!));
  return pem("CERTIFICATE", sequence(body, ecdsaWithSha256, tag(0x03, [0, ...pair])));
}

function name(commonName: string): Uint8Array {
  const type = tag(0x06, fromHex("550403"));
  return sequence(tag(0x31, sequence(type, tag(0x0c, encode(commonName)))));
}

function extension(id: string, value: Uint8Array, critical = false): Uint8Array {
  const parts = [
    tag(0x06, fromHex(id)),
    ...(critical ? [tag(0x01, [0xff])] : []),
    tag(0x04, value),
  ];
  return sequence(...parts);
}

/** A positive number: without leading zeros, and with one where the first bit would be a sign. */
function integer(bytes: Uint8Array): Uint8Array {
  let at = 0;
  while (at < bytes.length - 1 && bytes[at] === 0) at++;
  const rest = bytes.slice(at);
  return tag(0x02, rest[0]! & 0x80 ? [0, ...rest] : rest);
}

function sequence(...parts: Uint8Array[]): Uint8Array {
  return tag(0x30, parts.flatMap((part) => [...part]));
}

function tag(kind: number, content: ArrayLike<number>): Uint8Array {
  const length = content.length;
  const size = length < 128
    ? [length]
    : length < 256
    ? [0x81, length]
    : [0x82, length >> 8, length & 255];
  return Uint8Array.of(kind, ...size, ...Array.from(content));
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function fromHex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (byte) => parseInt(byte, 16));
}

function pem(label: string, bytes: Uint8Array): string {
  const lines = btoa(String.fromCharCode(...bytes)).match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}
