import type * as jose from "jose";

/** What the stack tells its gateway, as JSON in the environment variable GATEWAY_CONFIG. */
export type GatewayConfig = {
  port: number;
  /** Base URL that tokens name as their issuer. */
  url: string;
  postgrestUrl: string;
  /** A complete Supabase that answers /rest, /auth and /storage itself. */
  platformUrl?: string;
  databaseUrl: string;
  /** Port by function name. */
  functions: Record<string, number>;
  /** A host that serves all functions by their slug, in the place of those ports. */
  functionsUrl?: string;
  secretKey: string;
  publishableKey: string;
  privateJwk: jose.JWK;
  publicJwk: jose.JWK;
  legacyJwtSecret: string;
  anonJwt: string;
  serviceRoleJwt: string;
  storageFolder: string;
  /** The stack's list of processes: the gateway ends them when the stack itself was killed. */
  processesPath: string;
};
