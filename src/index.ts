/** The Worker. */
import type { Env } from "./config.ts";
import { handle } from "./handle.ts";

export { Shard } from "./shard/shard.ts";

export default { fetch: handle } satisfies ExportedHandler<Env>;
