/** The release, as `GET /health` shows it. */
export const VERSION = "0.2.0";

/** The newest migration that this code needs; a database that is older isn't ready for it. */
export const SCHEMA_VERSION = "20261122040600";
