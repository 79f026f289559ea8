import type { CallJobPorts } from "../../supabase/functions/_shared/services/jobs/job.ts";

/** Calls of an organization that has none: nothing is due, and nobody may be asked. */
export function createCallPorts(): CallJobPorts {
  const refuse = (what: string) => () => Promise.reject(new Error(`Nobody has a ${what}`));
  return {
    recordings: {
      claimRecordings: () => Promise.resolve([]),
      recordRecording: () => Promise.resolve({ code: "lease_lost" }),
      readRecording: () => Promise.resolve({ code: "not_found" }),
    },
    downloadRecording: refuse("recording"),
    recordingStorage: {
      upload: refuse("recording"),
      createSignedUrl: refuse("recording"),
      remove: refuse("recording"),
    },
    reconciliation: {
      claimStaleCalls: () => Promise.resolve([]),
      recordReconciliation: () => Promise.resolve({ code: "lease_lost" }),
    },
    fetchCall: refuse("call"),
    requests: {
      claimCallRequests: () => Promise.resolve([]),
      intendCall: () => Promise.resolve({ code: "lease_lost" }),
      recordCallRequest: () => Promise.resolve({ code: "lease_lost" }),
    },
    connectCalls: () => ({
      placeCall: refuse("call"),
      listCalls: refuse("call"),
      readCall: refuse("call"),
      deleteCall: refuse("call"),
    }),
    expiry: {
      expireCalls: () => Promise.resolve({ deleted: 0, recordings: [] }),
      forgetRecordings: () => Promise.resolve(),
    },
  };
}
