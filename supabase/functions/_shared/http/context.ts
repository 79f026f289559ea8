import type { Context } from "hono";
import type { Logger } from "../ports.ts";

/** What every request carries; `logger` already adds its request id, later its organization. */
export type AppEnvironment = { Variables: { requestId: string; logger: Logger } };
export type AppContext = Context<AppEnvironment>;
