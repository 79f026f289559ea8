import { Hono } from "hono";
import { METHODS } from "hono/router";
import { AppError, ERROR_STATUS } from "../errors.ts";
import type { Clock, HealthStore, Logger } from "../ports.ts";
import type { AppContext, AppEnvironment } from "./context.ts";
import { corsHeaders, preflightResponse } from "./cors.ts";
import { createHealthCheck, reportLive } from "./health.ts";
import { createProblemResponse, toAppError } from "./problem.ts";
import { createReadinessProbe, type Readiness } from "./readiness.ts";
import { stripFunctionName } from "./strip_function_name.ts";

export type AppOptions = {
  name: string;
  /** Further slugs this function is deployed under. */
  aliases?: readonly string[];
  logger: Logger;
  dashboardOrigins: readonly string[];
  version: string;
  clock?: Clock;
  /** Without it `GET /health` says only that the process lives. */
  readHealth?: HealthStore["readHealth"];
  /** The services that people are served in, for `GET /health` to name. */
  domains?: readonly string[];
  /** For `GET /health?ready=1`; without it nothing more than the process is needed. */
  readiness?: Readiness;
};

/**
 * What every function has: request id, CORS, problem documents for whatever goes wrong (unknown
 * paths and methods included), one access line a request, `GET /health`. Routes are added without
 * the function's name: `app.post("/")` answers `POST /<name>`.
 */
export function createApp(
  {
    name,
    aliases = [],
    logger,
    dashboardOrigins,
    version,
    clock = Date.now,
    readHealth,
    domains,
    readiness,
  }: AppOptions,
): Hono<AppEnvironment> {
  const names = [name, ...aliases];
  const app = new Hono<AppEnvironment>({
    getPath: (request) => stripFunctionName(new URL(request.url).pathname, names),
  });

  const namePath = createPathNames(app);
  app.use(async (context, next) => {
    const started = clock();
    const requestId = chooseRequestId(context.req.header("x-request-id"));
    context.set("requestId", requestId);
    context.set("logger", logger.with({ request_id: requestId }));
    if (context.req.method === "OPTIONS") {
      context.res = preflightResponse(context.req.raw, dashboardOrigins);
    } else {
      await next();
    }
    addHeaders(context, {
      "x-request-id": requestId,
      ...(context.req.method === "OPTIONS"
        ? {}
        : corsHeaders(dashboardOrigins, context.req.header("origin") ?? null)),
    });
    logAccess(context, namePath(context), clock() - started);
  });

  app.onError((error, context) => {
    const shown = toAppError(error);
    if (ERROR_STATUS[shown.code] >= 500) {
      context.var.logger.error("Request failed", { error });
    }
    context.set("logger", context.var.logger.with({ problem: shown.code }));
    return createProblemResponse(shown, { requestId: context.var.requestId });
  });

  app.notFound((context) => {
    const routes = matchRoutes(app, context.req.path);
    const { method } = context.req;
    const { requestId } = context.var;
    if (routes[0] === undefined) {
      const error = new AppError("not_found", `Cannot ${method} this path: it is not known`);
      return createProblemResponse(error, { requestId });
    }
    const methods = [...new Set(routes.map((route) => route.method))];
    const allow = (methods.includes("GET") ? [...methods, "HEAD"] : methods).join(", ");
    const error = new AppError(
      "method_not_allowed",
      `Cannot ${method} "${routes[0].path}": it answers ${allow}`,
    );
    return createProblemResponse(error, { requestId, headers: { allow } });
  });

  const identity = {
    service: name,
    version,
    startedAt: clock(),
    clock,
    ...(domains === undefined ? {} : { domains }),
  };
  const checkHealth = readHealth && createHealthCheck(identity, { readHealth });
  const probe = readiness && createReadinessProbe(readiness, { clock });
  app.get("/health", async (context) => {
    context.header("cache-control", "no-store");
    if (probe && context.req.query("ready") === "1") {
      const { ready, checks } = await probe(context.req.raw, context.var.logger);
      const status = ready ? "healthy" as const : "down" as const;
      const answer = { ...reportLive(identity), status, ready, ...(checks && { checks }) };
      return context.json(answer, ready ? 200 : 503);
    }
    if (!checkHealth || context.req.query("live") === "1") {
      return context.json(reportLive(identity));
    }
    const report = await checkHealth(context.var.logger);
    return context.json(report, report.status === "down" ? 503 : 200);
  });

  return app;
}

/** A caller's id is taken where it is printable and short, so that it can't forge log lines. */
function chooseRequestId(given: string | undefined): string {
  return given !== undefined && /^[\w.:-]{1,128}$/.test(given) ? given : crypto.randomUUID();
}

/** Every route that answers the path, whatever its method. */
function matchRoutes(app: Hono<AppEnvironment>, path: string): { method: string; path: string }[] {
  return METHODS.map((method) => method.toUpperCase()).flatMap((method) =>
    app.router.match(method, path)[0].map(([[, route]]) => route)
      .filter((route) => route.method === method)
  );
}

/**
 * The pattern of the route that answered, since a path may hold what somebody pasted by mistake.
 * A path with another method is named by the first pattern that it fits.
 */
function createPathNames(app: Hono<AppEnvironment>): (context: AppContext) => string {
  // A pattern without parameters is its own path: as many as there are routes, looked up once each.
  const plain = new Set<string>();
  return ({ req }) => {
    if (plain.has(req.path)) return req.path;
    const routes = matchRoutes(app, req.path);
    const method = req.method === "HEAD" ? "GET" : req.method;
    const name = (routes.find((route) => route.method === method) ?? routes[0])?.path;
    if (name === req.path) plain.add(name);
    return name ?? "unknown path";
  };
}

function addHeaders(context: AppContext, headers: Record<string, string>): void {
  try {
    setAll(context.res.headers, headers);
  } catch {
    // What came out of `fetch` has headers that can't be changed.
    const { body, status, statusText } = context.res;
    const copy = new Headers(context.res.headers);
    setAll(copy, headers);
    context.res = undefined;
    context.res = new Response(body, { status, statusText, headers: copy });
  }
}

function setAll(target: Headers, headers: Record<string, string>): void {
  for (const [name, value] of Object.entries(headers)) {
    if (name === "vary") target.append(name, value);
    else target.set(name, value);
  }
}

function logAccess(context: AppContext, path: string, milliseconds: number): void {
  const { logger } = context.var;
  const { method } = context.req;
  const fields = {
    method,
    path,
    status: context.res.status,
    duration_ms: Math.round(milliseconds),
  };
  if (path === "/health" || method === "OPTIONS") logger.debug("Request answered", fields);
  else logger.info("Request answered", fields);
}
