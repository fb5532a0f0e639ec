/** Which flows use an adapter. */
import type { Flow } from "../../../client/index.ts";

export const flowsWith = (flows: readonly Flow[], adapterId: string): readonly Flow[] =>
  flows.filter(({ steps }) => steps.some((step) => step.type === "adapter" && step.adapter === adapterId));
