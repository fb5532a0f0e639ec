/** How much of a list is shown. */
import { wrongUsage } from "./failure.ts";

const USUAL = "20";

export const LIMIT_OPTION = {
  type: "string",
  value: "N",
  summary: `how many at most; ${USUAL} unless told`,
} as const;

export function readLimit(text: string = USUAL): number {
  const most = Number(text);
  if (!Number.isInteger(most) || most < 1) throw wrongUsage(`--limit is a number from 1, not ${text}.`);
  return most;
}
