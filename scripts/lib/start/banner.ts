/** The text of `npm start` once everything runs: addresses and commands to try. */
import { relative } from "node:path";
import { styleText } from "node:util";
import { DEMO } from "../demo/demo-workspace.ts";

interface BannerFacts {
  readonly url: string;
  readonly version: string;
  readonly varsFile: string;
  readonly partnerUrl: string;
}

const heading = (text: string) => styleText("bold", text);
const quiet = (text: string) => styleText("dim", text);
const address = (text: string) => styleText("cyan", text);

export function banner({ url, version, varsFile, partnerUrl }: BannerFacts): string {
  const demo = `${url}/${DEMO}`;
  const api = `${url}/api/v1/workspaces/${DEMO}`;
  const post = (type: string, document: string, trigger: string) =>
    `curl -i -H 'content-type: ${type}' --data-binary @examples/documents/${document} ${demo}/${trigger}`;
  const uses = [
    ["Request-response: the ERP's answer is the answer", post("application/json", "order.json", "orders")],
    [
      "Ordered delivery: 202 and a Location, one message at a time",
      post("application/json", "shipment.json", "shipments"),
    ],
    [
      "An asynchronous step: the partner calls back, then the result is at Location",
      post("application/xml", "invoice.xml", "invoices"),
    ],
    [
      "Executions, newest first, through the admin API",
      `. ${sourced(varsFile)}; curl -s -H "authorization: Bearer $ADMIN_TOKEN" '${api}/executions?limit=5'`,
    ],
  ];
  const demoOptions = [
    ...(url === "http://127.0.0.1:8787" ? [] : [`--url ${url}`]),
    ...(shown(varsFile) === ".dev.vars" ? [] : [`--dev-vars ${shown(varsFile)}`]),
  ];
  const demoCommand = `npm run demo${demoOptions.length > 0 ? ` -- ${demoOptions.join(" ")}` : ""}`;
  return [
    `${heading(`Hookback ${version}`)} is ready on ${address(url)}`,
    quiet(`The partner of the demo answers on ${partnerUrl}; secrets are in ${shown(varsFile)}.`),
    "",
    heading("Open in a browser"),
    `  ${address(`${demo}/stock`)}`,
    `  ${address(`${url}/console/`)}  ${quiet(`sign in with ADMIN_TOKEN of ${shown(varsFile)}`)}`,
    "",
    heading("Try in another terminal"),
    ...uses.flatMap(([what, command]) => [quiet(`  # ${what}`), `  ${command}`]),
    "",
    heading("See messages on their way"),
    `  ${demoCommand}`,
    "",
    quiet("Ctrl-C ends the gateway and the partner. Accepted messages continue at the next start."),
  ]
    .map((line) => (line ? `  ${line}` : line))
    .join("\n");
}

/** A path relative to this folder where it is below it. */
function shown(file: string): string {
  const near = relative(process.cwd(), file);
  return near.startsWith("..") ? file : near;
}

/** A path for the shell's `.`, which searches PATH for names without a slash. */
const sourced = (file: string) => (shown(file).includes("/") ? shown(file) : `./${shown(file)}`);
