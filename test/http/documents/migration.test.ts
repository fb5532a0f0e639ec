import {
  chmodSync,
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { signAdapterBody, verifyWebhook } from "../../../src/client/partner/index.ts";
import { resolveReferences } from "../../../src/console/reference/references.ts";
import { Shell } from "../../support/http/readme.ts";
import { type Received, startTarget } from "../../support/target.ts";

const gateway = inject("gateway");
const PAGES = readdirSync("docs/migration").map((file) => join("docs/migration", file));
const LETTERS: Record<string, string> = {
  "docs/migration/async-http-step.md": "L",
  "docs/migration/callback.md": "G",
  "docs/migration/remote-adapter.md": "C",
  "docs/migration/webhook-trigger.md": "N",
};

/** npx is slow to start. */
const PRELUDE = `npx() { shift; node dist/cli/main.js "$@"; }`;
/** What a partner has of its operator, under the names that the pages give it. */
const KNOWN = ["SERVICE_TOKEN", "SHARED_SECRET", "HANDLER_SECRET"] as const;
type Known = Partial<Record<(typeof KNOWN)[number], string>>;

interface Fence {
  readonly language: string;
  readonly text: string;
}

/** A request as a page shows it: `...` stands for anything. */
interface Shown {
  readonly path: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
}

const fencesOf = (page: string): Fence[] =>
  [...page.matchAll(/^```(\w+)\n(.*?)\n```$/gms)].map(([, language = "", text = ""]) => ({ language, text }));

function readShown(text: string): Shown {
  const [head = "", body = ""] = text.split("\n\n", 2);
  const [first = "", ...lines] = head.split("\n");
  const headers = lines.map((line): [string, string] => {
    const at = line.indexOf(":");
    return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()];
  });
  return {
    path: first.replace("POST ", ""),
    headers,
    body: body
      .split("\n")
      .map((line) => line.trim())
      .join(""),
  };
}

const isCallback = ({ path }: Shown) => path === "/cb" || path === "/adapter/callback";

function fits(wanted: string, text: string): boolean {
  const parts = wanted.split("...").map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "s").test(text);
}

const isShownBy = ({ path, headers, body }: Shown, received: Received) =>
  received.method === "POST" &&
  received.path === path &&
  headers.every(([name, value]) => fits(value, received.headers[name] ?? "")) &&
  fits(body, String(received.body));

/** Sends a callback as the page shows it, with what is different each time filled in. */
async function sendBack({ path, headers, body }: Shown, received: Received, known: Known): Promise<void> {
  const { callback } = path === "/adapter/callback" ? (JSON.parse(String(received.body)) as { callback: string }) : {};
  const filled = body.replace('"..."', JSON.stringify(callback));
  const values: Record<string, string | undefined> =
    path === "/cb"
      ? {
          authorization: `Basic ${btoa(`:${known.SERVICE_TOKEN}`)}`,
          "x-link-correlation-id": received.headers["x-link-correlation-id"],
        }
      : { "x-chainio-signature": await signAdapterBody(known.SHARED_SECRET ?? "", filled) };
  const all = headers.map(([name, value]): [string, string] => {
    return [name, value.includes("...") ? (values[name] ?? "") : value];
  });
  const url = received.headers["x-link-callback-url"] ?? gateway.url + path;
  expect(new URL(url).pathname).toBe(path);
  const response = await fetch(url, { method: "POST", headers: all, body: filled || null });
  expect([response.status, await response.text()]).toEqual([200, '{"status":"accepted"}']);
}

/** A partner checks what its document tells it to check, before it answers. */
async function verify(received: Received, known: Known): Promise<void> {
  const { headers, body } = received;
  if (headers["x-chainio-signature"] !== undefined) {
    expect(headers["x-chainio-signature"]).toBe(await signAdapterBody(known.SHARED_SECRET ?? "", body));
  }
  if (headers["webhook-signature"] !== undefined) await verifyWebhook(received, known.HANDLER_SECRET ?? "");
}

/** A folder with the page's document, at this run's gateway and with a partner in the place of its hosts. */
function stage(page: string, partner: string) {
  const folder = mkdtempSync(join(tmpdir(), "hookback-migration-"));
  for (const part of ["package.json", "dist", "node_modules"]) symlinkSync(resolve(part), join(folder, part));
  copyFileSync("test/support/http/curl.mjs", join(folder, "curl"));
  chmodSync(join(folder, "curl"), 0o755);
  const [yaml] = fencesOf(page).filter(({ language }) => language === "yaml");
  writeFileSync(join(folder, "config.yaml"), (yaml?.text ?? "").replaceAll(/https:\/\/\w+\.example/g, partner));
  writeFileSync(join(folder, ".dev.vars"), `ADMIN_TOKEN=${gateway.token}\n`);
  const PATH = `${folder}:${dirname(process.execPath)}:${process.env.PATH}`;
  const shell = new Shell({ HOME: folder, HOOKBACK_URL: gateway.url, PATH }, folder, PRELUDE);
  return {
    shell,
    [Symbol.asyncDispose]: async () => {
      await shell[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

describe("the pages for those who come from another product", () => {
  it.each(PAGES)(
    "%s: the document is applied, the messages go through, and all is as printed",
    async (file) => {
      const page = readFileSync(file, "utf8").replaceAll("http://127.0.0.1:8787", gateway.url);
      const shown = fencesOf(page).flatMap(({ language, text }) => (language === "http" ? [readShown(text)] : []));
      const callbacks = shown.filter(isCallback);
      const answers = [...page.matchAll(/answers `(\{.*?\})`/g)].map(([, answer]) => answer);
      const known: Known = {};
      const problems: unknown[] = [];
      const isAwaited = (received: Received) =>
        received.headers["x-link-callback-url"] !== undefined || received.headers["x-chainio-signature"] !== undefined;

      await using partner = await startTarget(async (received) => {
        await verify(received, known).catch((error: unknown) => problems.push(error));
        const callback = isAwaited(received) ? callbacks.shift() : undefined;
        if (callback) setTimeout(() => sendBack(callback, received, known).catch((error) => problems.push(error)), 50);
        const [answer] = answers;
        return answer === undefined
          ? { status: 202 }
          : { headers: { "content-type": "application/json" }, body: answer };
      });
      await using staged = stage(page, partner.url);
      const fences = fencesOf(page);
      for (const [index, { language, text }] of fences.entries()) {
        if (language !== "sh") continue;
        const rest = fences.slice(index + 1);
        const next = rest.findIndex((fence) => fence.language === "sh");
        const [expected] = rest.slice(0, next < 0 ? rest.length : next).filter((fence) => fence.language === "text");
        const block = { commands: text, expected: expected?.text.split("\n") ?? [] };
        await staged.shell.run(block).catch((error: Error) => {
          throw new Error([error.message, ...problems].join("\n"));
        });
        for (const name of KNOWN) {
          const seen = await staged.shell.run({ commands: `echo "[$${name}]"`, expected: [] });
          const value = /\[(.+)\]/.exec(seen)?.[1];
          if (value !== undefined) known[name] = value;
        }
      }
      expect(problems).toEqual([]);
      expect(callbacks).toEqual([]);
      for (const request of shown.filter((one) => !isCallback(one))) {
        const received = partner.received.map(({ path, headers, body }) => ({ path, headers, body: String(body) }));
        expect(
          partner.received.some((one) => isShownBy(request, one)),
          JSON.stringify({ request, received }),
        ).toBe(true);
      }
      expect(shown.length).toBeGreaterThan(0);
    },
    60_000,
  );

  it("each names every requirement of its product", () => {
    const requirements = readFileSync("docs/requirements.md", "utf8");
    expect(Object.keys(LETTERS).sort()).toEqual([...PAGES].sort());
    for (const [file, letter] of Object.entries(LETTERS)) {
      const numbers = [...requirements.matchAll(new RegExp(`^- <a id="(${letter}\\d+)"`, "gm"))].map(
        ([, number = ""]) => number,
      );
      const named = new Set(readFileSync(file, "utf8").match(/\b[LGCN]\d+\b/g));
      expect(numbers.length, letter).toBeGreaterThan(15);
      expect(
        numbers.filter((number) => !named.has(number)),
        file,
      ).toEqual([]);
    }
  });

  it("name fields that the configuration document has", async () => {
    const answer = await fetch(`${gateway.url}/api/v1/config.schema.json`);
    const schema = resolveReferences((await answer.json()) as Schema);
    const kinds = {
      step: propertiesOf(at(schema, "flows", "steps")),
      trigger: propertiesOf(at(schema, "triggers")),
      adapter: propertiesOf(at(schema, "adapters")),
      settings: propertiesOf(schema.properties?.settings ?? {}),
    };
    const callback = propertiesOf(at(schema, "callbackConfigs"));
    const told = PAGES.flatMap((file) => [
      ...readFileSync(file, "utf8").matchAll(/`(step|trigger|adapter|settings)\.(\w+)/g),
    ]).map(([, kind = "", name = ""]) => [kind, name] as const);
    expect(told.length).toBeGreaterThan(25);
    for (const [kind, name] of told) expect(kinds[kind as keyof typeof kinds], kind).toContain(name);
    const inputs = [...readFileSync("docs/migration/callback.md", "utf8").matchAll(/^\| `[A-Z].*?` +\| `(\w+)` +\|/gm)];
    const names = inputs.map(([, name = ""]) => name).filter((name) => !/^callback(?:Url|State|CaseId)$/.test(name));
    expect(names.length).toBeGreaterThan(10);
    for (const name of names) expect(callback).toContain(name);
  });
});

interface Schema {
  readonly properties?: Record<string, Schema>;
  readonly additionalProperties?: Schema;
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
}

function at(schema: Schema, section: string, list?: string): Schema {
  const entry = schema.properties?.[section]?.additionalProperties ?? {};
  return list === undefined ? entry : (entry.properties?.[list]?.items ?? {});
}

const propertiesOf = (schema: Schema): string[] => [
  ...Object.keys(schema.properties ?? {}),
  ...[...(schema.oneOf ?? []), ...(schema.anyOf ?? [])].flatMap(propertiesOf),
];
