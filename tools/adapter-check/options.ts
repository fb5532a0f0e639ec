/** The command line of `npm run check:adapter`. */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type AdapterType, SAMPLES } from "./adapter-request.ts";
import { CALLBACK_PATH } from "./callback-endpoint.ts";
import { fileProblems } from "./content.ts";
import type { TrialOptions } from "./trial.ts";

const DEFAULT_PORT = 8799;
const DEFAULT_WAIT_SECONDS = 30;

export const HELP = `Checks an adapter: sends it what the gateway sends, and looks at what it answers.

  npm run check:adapter -- <webhook url> <shared secret> [options]

The shared secret may stand in the variable SHARED_SECRET instead.

  --type input|output      what kind of adapter it is; input by default
  --configuration '<json>' the configuration that it gets; {} by default
  --payload <file.json>    the payload that it gets: an array of files for an input adapter, the data for an output
                           adapter; the document's example by default
  --async-wait <seconds>   how long a callback is waited for; ${DEFAULT_WAIT_SECONDS} by default
  --callback-port <port>   where callbacks are taken; ${DEFAULT_PORT} by default, 0 for any free one
  --json                   prints one JSON document
  --help                   prints this

During the check the adapter has to send its callbacks to http://127.0.0.1:${DEFAULT_PORT}${CALLBACK_PATH} (or the port
that you give), not to the gateway; one on another machine reaches it through a tunnel. An adapter that can answer both
ways is checked twice, with the configuration for either.

The adapter gets some twenty requests that it takes for real: check one that may do the work.

Each line begins with pass, fail, warn (works, could be better) or skipped, and names the requirements. The exit code
is 0 when no check failed, 1 when one did, 2 when the check could not be run.`;

export interface Options extends TrialOptions {
  readonly callbackPort: number;
  readonly json: boolean;
}

/** An invalid command line; the message is a sentence. */
export class UsageError extends Error {}

/** Returns null for `--help`. */
export function readOptions(args: readonly string[], env: NodeJS.ProcessEnv): Options | null {
  const { values, positionals } = parse(args);
  if (values.help) return null;
  const [address, secret = env.SHARED_SECRET, ...rest] = positionals;
  if (!address) throw new UsageError("The webhook URL of the adapter is missing.");
  if (!secret) throw new UsageError("The shared secret of the adapter is missing.");
  if (rest.length > 0) throw new UsageError(`${rest.join(" ")} is more than a URL and a secret.`);
  if (!URL.canParse(address)) throw new UsageError(`${address} is not a URL.`);
  const url = new URL(address);
  if (!/^https?:$/.test(url.protocol)) throw new UsageError("The webhook URL begins with http:// or https://.");
  if (values.type !== "input" && values.type !== "output") throw new UsageError("--type is input or output.");
  return {
    ...{ url, secret, type: values.type, json: values.json },
    configuration: readConfiguration(values.configuration),
    payload: values.payload === undefined ? SAMPLES[values.type] : readPayload(values.payload, values.type),
    asyncWaitMs: 1000 * readNumber("--async-wait", values["async-wait"], 0.1, 3600),
    callbackPort: readNumber("--callback-port", values["callback-port"], 0, 65_535),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        type: { type: "string", default: "input" },
        configuration: { type: "string", default: "{}" },
        payload: { type: "string" },
        "async-wait": { type: "string", default: String(DEFAULT_WAIT_SECONDS) },
        "callback-port": { type: "string", default: String(DEFAULT_PORT) },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function readConfiguration(text: string): Record<string, unknown> {
  const value = readJson(text, "--configuration");
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new UsageError("--configuration is a JSON object.");
  }
  return value as Record<string, unknown>;
}

function readPayload(path: string, type: AdapterType): unknown {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new UsageError(`--payload cannot be read: ${(error as Error).message}`);
  }
  const payload = readJson(text, path);
  if (type === "output") return payload;
  const problems = fileProblems(Array.isArray(payload) ? payload : [payload]);
  if (!Array.isArray(payload) || problems.length > 0) {
    throw new UsageError(`The payload of an input adapter is an array of files. ${problems.join(" ")}`);
  }
  return payload;
}

function readJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${name} is not JSON: ${(error as Error).message}`);
  }
}

function readNumber(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= least && value <= most)) {
    throw new UsageError(`${name} is a number from ${least} to ${most}.`);
  }
  return value;
}
