import { importGroup } from "./import_group.ts";

await importGroup(3);
