/** `npm run check:adapter -- <webhook url> <shared secret>`: exercises any adapter against the contract; see `--help`. */
import { CallbackEndpoint } from "./callback-endpoint.ts";
import type { Finding } from "./checks/check.ts";
import { checkAdapter } from "./checks/checks.ts";
import { HELP, type Options, readOptions, UsageError } from "./options.ts";
import { printFinding, printSummary, summarise } from "./print.ts";

const NOT_RUN = 2;

try {
  const options = readOptions(process.argv.slice(2), process.env);
  if (options) await check(options);
  else console.log(HELP);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`${error.message} See npm run check:adapter -- --help.`);
  process.exitCode = NOT_RUN;
}

async function check(options: Options): Promise<void> {
  const { url, type, secret, callbackPort, json } = options;
  const endpoint = new CallbackEndpoint(secret);
  await endpoint.listen(callbackPort).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`Port ${callbackPort} for callbacks cannot be used (${error.code}).`);
  });
  try {
    const opening = `Checks ${url} as an ${type} adapter. Callbacks are taken at ${endpoint.url}\n`;
    // Beside the JSON as well: whoever gave port 0 has to learn it before the first callback.
    if (json) console.error(opening);
    else console.log(opening);
    const findings: Finding[] = [];
    for await (const finding of checkAdapter(options, endpoint)) {
      findings.push(finding);
      if (!json) printFinding(finding);
    }
    const summary = summarise(findings);
    if (json) console.log(JSON.stringify({ url: url.href, type, checks: findings, summary }, null, 2));
    else printSummary(summary);
    process.exitCode = summary.fail > 0 ? 1 : 0;
  } finally {
    await endpoint.close();
  }
}
