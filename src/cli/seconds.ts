import { wrongUsage } from "./failure.ts";

/** A span of time from the command line, in ms. */
export function secondsToMs(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = Number(text);
  if (text.trim() === "" || !(seconds >= 0)) throw wrongUsage(`${option} is a number of seconds, not ${text}.`);
  return seconds * 1000;
}
