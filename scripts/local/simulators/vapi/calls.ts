import { Hono } from "hono";
import * as z from "zod";
import { findObject, readBody, requireReference } from "./context.ts";
import type { VapiVariables } from "./context.ts";
import { listObjects } from "./list_objects.ts";
import { NestError } from "./nest_error.ts";
import { createCall } from "./schemas/calls.ts";
import { insertObject, patchObject } from "./store.ts";

/** `/call`: an outbound call is recorded as queued; nobody dials. */
export function callRoutes() {
  const app = new Hono<VapiVariables>();
  app.post("/", async (c) => {
    const fields = await readBody(c, createCall);
    const account = c.get("account");
    if (fields.assistantId === undefined && fields.assistant === undefined) {
      throw new NestError(400, "Need either `assistant`, `assistantId`, `squad`, or `squadId`.");
    }
    if (fields.phoneNumberId === undefined && fields.phoneNumber === undefined) {
      throw new NestError(400, "Need either `phoneNumberId` or `phoneNumber`.");
    }
    if (fields.customer?.number === undefined && fields.customers === undefined) {
      throw new NestError(400, "Need either `customer` or `customers` with a number.");
    }
    requireReference(account, "assistants", "assistantId", fields.assistantId);
    requireReference(account, "phoneNumbers", "phoneNumberId", fields.phoneNumberId);
    const created = insertObject(account, "calls", {
      ...fields,
      type: "outboundPhoneCall",
      status: "queued",
    });
    return c.json(created, 201);
  });
  app.get("/", (c) => {
    const equals = ["id", "assistantId", "phoneNumberId"];
    return c.json(listObjects(c.get("account").calls.values(), c.req.query(), equals));
  });
  app.get("/:id", (c) => c.json(findObject(c, "calls")));
  app.patch("/:id", async (c) => {
    const fields = await readBody(c, z.strictObject({ name: z.string().max(40).optional() }));
    return c.json(patchObject(c.get("account"), "calls", findObject(c, "calls"), fields));
  });
  // One that goes on is ended by its control, not deleted.
  app.delete("/:id", (c) => {
    const call = findObject(c, "calls");
    if (call.status === "in-progress") {
      throw new NestError(400, `Call with id ${call.id} is in progress and cannot be deleted.`);
    }
    c.get("account").calls.delete(call.id);
    return c.json(call);
  });
  return app;
}
