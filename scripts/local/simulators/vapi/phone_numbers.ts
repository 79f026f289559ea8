import { Hono } from "hono";
import { findObject, readBody, requireReference } from "./context.ts";
import type { VapiContext, VapiVariables } from "./context.ts";
import { listObjects } from "./list_objects.ts";
import { NestError } from "./nest_error.ts";
import { createPhoneNumber, updatePhoneNumber } from "./schemas/phone_numbers.ts";
import { insertObject, patchObject } from "./store.ts";

/** What Twilio says of an account and a number, asked in-process. */
export type CheckTwilio = (
  sid: string,
  token: string | undefined,
  number: string,
) => "owned" | "not_owned" | "unauthenticated";

/** `/phone-number`, for numbers imported from Twilio; answers echo the Twilio token as Vapi may. */
export function phoneNumberRoutes(checkTwilio: CheckTwilio) {
  const app = new Hono<VapiVariables>();

  const requireReferences = (c: VapiContext, fields: { assistantId?: unknown }) => {
    const { assistantId } = fields as { assistantId?: string | null };
    requireReference(c.get("account"), "assistants", "assistantId", assistantId);
  };
  const requireUnique = (c: VapiContext, number: string | undefined, id?: string) => {
    for (const other of c.get("account").phoneNumbers.values()) {
      if (other["number"] === number && other.id !== id) {
        throw new NestError(400, `Number ${number} is already in use by phone number ${other.id}`);
      }
    }
  };

  app.post("/", async (c) => {
    const fields = await readBody(c, createPhoneNumber);
    requireReferences(c, fields);
    requireUnique(c, fields.number);
    if (fields.twilioAuthToken === undefined && fields.twilioApiKey === undefined) {
      throw new NestError(400, ["twilioAuthToken or twilioApiKey must be given"]);
    }
    const answer = checkTwilio(fields.twilioAccountSid, fields.twilioAuthToken, fields.number);
    if (answer === "unauthenticated") throw new NestError(400, "Twilio Error: Authenticate");
    if (answer === "not_owned") {
      throw new NestError(400, `Number ${fields.number} was not found on the Twilio account`);
    }
    const created = insertObject(c.get("account"), "phoneNumbers", {
      smsEnabled: true,
      status: "active",
      ...fields,
    });
    return c.json(created, 201);
  });
  app.get("/", (c) => c.json(listObjects(c.get("account").phoneNumbers.values(), c.req.query())));
  app.get("/:id", (c) => c.json(findObject(c, "phoneNumbers")));
  app.patch("/:id", async (c) => {
    const { id } = findObject(c, "phoneNumbers");
    const fields = await readBody(c, updatePhoneNumber);
    requireReferences(c, fields);
    if (fields.number !== undefined) requireUnique(c, fields.number, id);
    const object = findObject(c, "phoneNumbers");
    return c.json(patchObject(c.get("account"), "phoneNumbers", object, fields));
  });
  app.delete("/:id", (c) => {
    const object = findObject(c, "phoneNumbers");
    c.get("account").phoneNumbers.delete(object.id);
    return c.json(object);
  });
  return app;
}
