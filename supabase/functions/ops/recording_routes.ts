import type { Hono } from "hono";
import { authorize } from "../_shared/http/authorize.ts";
import type { AppEnvironment } from "../_shared/http/context.ts";
import { NO_PARAMETERS, parseQuery } from "../_shared/http/parse_query.ts";
import type { VerifyUser } from "../_shared/http/verify_user.ts";
import type { RequestStore } from "../_shared/ports.ts";
import type { RecordingStorage, RecordingStore } from "../_shared/ports_calls.ts";
import { signRecording } from "../_shared/services/sign_recording.ts";

export type RecordingDependencies = {
  requests: Pick<RequestStore, "authorizeRequest">;
  verifyUser: VerifyUser;
  recordings: Pick<RecordingStore, "readRecording">;
  recordingStorage: Pick<RecordingStorage, "createSignedUrl">;
};

/** `GET /calls/:id/recording`: a signed address for a member's dashboard. */
export function addRecordingRoutes(
  app: Hono<AppEnvironment>,
  { requests, verifyUser, ...ports }: RecordingDependencies,
): void {
  app.get("/calls/:id/recording", async (context) => {
    parseQuery(NO_PARAMETERS, context, "read the recording");
    const { orgId } = await authorize(context, { requests, verifyUser }, {
      operation: "read_recording",
      minimumRole: "member",
      rateLimit: { capacity: 60, refillPerSecond: 1 },
    });
    const vapiCallId = context.req.param("id");
    const { url, expiresInSeconds } = await signRecording(ports, { orgId, vapiCallId });
    context.header("cache-control", "no-store");
    return context.json({ url, expiresInSeconds });
  });
}
