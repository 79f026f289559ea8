import type { Database } from "../open_database.ts";
import { printError } from "../print_line.ts";
import { addCors } from "./add_cors.ts";
import { answerAuth } from "./auth/answer_auth.ts";
import { chooseTarget } from "./choose_target.ts";
import type { GatewayConfig } from "./config.ts";
import { countRequests, type RequestCounts } from "./count_requests.ts";
import { forwardRequest, problem } from "./forward_request.ts";
import { resolveApiKey } from "./resolve_api_key.ts";
import { answerStorage } from "./storage/answer_storage.ts";

type Gateway = { config: GatewayConfig; database: Database; counts: RequestCounts };

async function answerRest(
  request: Request,
  path: string,
  { config, remoteAddress }: { config: GatewayConfig; remoteAddress: string },
): Promise<Response> {
  const key = resolveApiKey(request, config);
  if (key.code !== "resolved") {
    const message = key.code === "missing" ? "No API key found in request" : "Invalid API key";
    return Response.json(
      { message, hint: "Send the publishable or the secret key in the apikey header." },
      { status: 401 },
    );
  }
  return await forwardRequest(request, {
    url: config.postgrestUrl + path,
    name: "rest",
    remoteAddress,
    set: { authorization: key.authorization },
  });
}

async function answerPlatform(
  service: "rest" | "auth" | "storage",
  path: string,
  { request, gateway, remoteAddress }: {
    request: Request;
    gateway: Gateway;
    remoteAddress: string;
  },
): Promise<Response> {
  if (request.method === "OPTIONS") return new Response(null, { status: 200 });
  if (service === "rest") {
    return await answerRest(request, path, { config: gateway.config, remoteAddress });
  }
  return await (service === "auth" ? answerAuth : answerStorage)(request, path, gateway);
}

function answerGateway(request: Request, counts: RequestCounts): Response {
  if (request.method === "DELETE") counts.clear();
  return Response.json({ counts: counts.read() });
}

/** One address for everything, as a Supabase project has it. */
export function createGateway(config: GatewayConfig, database: Database) {
  const gateway: Gateway = { config, database, counts: countRequests() };
  return async (request: Request, remoteAddress: string): Promise<Response> => {
    const pathAndQuery = request.url.slice(request.url.indexOf("/", "http://".length));
    const target = chooseTarget(pathAndQuery);
    if (target.service === "gateway") return answerGateway(request, gateway.counts);
    gateway.counts.add(request.method, pathAndQuery);
    if (target.service === "none") {
      return problem(404, "not_found", `Cannot find "${pathAndQuery}": no service has this path`);
    }
    if (target.service === "function" && config.functionsUrl !== undefined) {
      const url = config.functionsUrl + target.path;
      return await forwardRequest(request, { url, name: target.name, remoteAddress });
    }
    if (target.service === "function") {
      const port = config.functions[target.name];
      if (port === undefined) {
        return Response.json(
          { code: "NOT_FOUND", message: "Requested function was not found" },
          { status: 404 },
        );
      }
      return await forwardRequest(request, {
        url: `http://127.0.0.1:${port}${target.path}`,
        name: target.name,
        remoteAddress,
      });
    }
    if (config.platformUrl !== undefined) {
      const url = config.platformUrl + pathAndQuery;
      return await forwardRequest(request, { url, name: target.service, remoteAddress });
    }
    try {
      const { service, path } = target;
      return addCors(
        await answerPlatform(service, path, { request, gateway, remoteAddress }),
        request,
      );
    } catch (error) {
      printError(String((error as Error).stack ?? error));
      return addCors(problem(503, "unavailable", `Cannot ask "${target.service}"`), request);
    }
  };
}
