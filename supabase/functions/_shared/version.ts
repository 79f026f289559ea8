/** The release, as `GET /health` shows it. */
export const VERSION = "0.1.0";
