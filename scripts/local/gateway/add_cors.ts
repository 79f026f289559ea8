/** The platform's own services allow every origin; functions answer for themselves. */
export function addCors(response: Response, request: Request): Response {
  const headers = new Headers(response.headers);
  headers.set("access-control-allow-origin", "*");
  headers.set("access-control-expose-headers", "*");
  if (request.method === "OPTIONS") {
    headers.set("access-control-allow-methods", "GET,POST,PUT,PATCH,DELETE,HEAD,OPTIONS");
    headers.set(
      "access-control-allow-headers",
      request.headers.get("access-control-request-headers") ?? "*",
    );
    headers.set("access-control-max-age", "3600");
  }
  return new Response(response.body, { status: response.status, headers });
}
