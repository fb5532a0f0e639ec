/** An account of Cloudflare on loopback: as much of the API as wrangler needs to list secrets and to deploy a Worker. */
import { type Received, type Reply, startTarget, type Target } from "../target.ts";

/** A Worker as it was uploaded last. */
interface UploadedWorker {
  readonly bindings: readonly Record<string, unknown>[];
  readonly limits?: unknown;
  readonly migrations?: unknown;
  readonly keep_bindings?: readonly string[];
}

export interface Account extends AsyncDisposable {
  /** Environment variables with which wrangler uses the account. */
  readonly env: Readonly<Record<string, string>>;
  readonly workers: Map<string, UploadedWorker>;
  /** Names and values of the secrets of each Worker. */
  readonly secrets: Map<string, Record<string, string>>;
  readonly namespaces: string[];
  readonly buckets: string[];
  hasR2: boolean;
  /** True when uploads fail, after namespace and bucket are created. */
  isFailing: boolean;
}

const ID = "0123456789abcdef0123456789abcdef";
const NO_WORKER = { code: 10_007, message: "This Worker does not exist on your account." };

export async function openAccount(): Promise<Account> {
  const [workers, secrets] = [new Map<string, UploadedWorker>(), new Map<string, Record<string, string>>()];
  const [namespaces, buckets]: [string[], string[]] = [[], []];
  const target: Target = await startTarget((received) => {
    const path = received.path.replace(/^.*?\/accounts\/[^/]+/, "").replace(/\?.*$/, "");
    const [, name = ""] = /^\/workers\/(?:scripts|services|workers)\/([^/]+)/.exec(path) ?? [];
    const isUpload = received.method === "PUT" && path === `/workers/scripts/${name}`;
    if (isUpload) return upload(name, received);
    if (path === "/workers/subdomain") return success({ subdomain: "example" });
    if (path.endsWith("/assets-upload-session")) return success({ jwt: "jwt", buckets: [] });
    if (path === "/storage/kv/namespaces") return namespaceAnswer(received);
    if (path === "/r2/buckets") return bucketAnswer(received);
    if (path.startsWith("/r2/buckets/")) return success({ name: path.split("/").at(-1) });
    if (path.endsWith("/subdomain")) return success({ enabled: true, previews_enabled: false });
    if (name && !workers.has(name)) return failure(404, NO_WORKER);
    if (path.endsWith("/secrets")) return success(secretNames(name));
    if (path.startsWith("/workers/services/")) return success({ default_environment: { script: { tags: [] } } });
    if (path.endsWith("/settings")) return success({ bindings: workers.get(name)?.bindings ?? [] });
    if (path.endsWith("/deployments")) return success({ deployments: [] });
    if (path.startsWith("/workers/workers/")) return success({ subdomain: { enabled: true, previews_enabled: false } });
    return success([]);
  });

  const account: Account = {
    env: {
      CLOUDFLARE_API_BASE_URL: `${target.url}/client/v4`,
      CLOUDFLARE_ACCOUNT_ID: ID,
      CLOUDFLARE_API_TOKEN: "a token of nobody",
    },
    ...{ workers, secrets, namespaces, buckets, hasR2: true, isFailing: false },
    [Symbol.asyncDispose]: () => target[Symbol.asyncDispose](),
  };
  return account;

  function upload(name: string, { headers, body }: Received): Promise<Reply> {
    return new Response(body, { headers: { "content-type": headers["content-type"] ?? "" } })
      .formData()
      .then((form) => {
        const metadata = JSON.parse(String(form.get("metadata"))) as UploadedWorker;
        const given = metadata.bindings.filter(({ type }) => type === "secret_text");
        const values = Object.fromEntries(given.map(({ name: secret, text }) => [`${secret}`, `${text}`]));
        if (account.isFailing) return failure(400, { code: 10_021, message: "Nobody knows why." });
        workers.set(name, metadata);
        secrets.set(name, { ...secrets.get(name), ...values });
        return success({ id: name, etag: "e", deployment_id: ID, startup_time_ms: 1 });
      });
  }

  function secretNames(name: string) {
    return Object.keys(secrets.get(name) ?? {}).map((secret) => ({ name: secret, type: "secret_text" }));
  }

  function namespaceAnswer({ method, body, path }: Received): Reply {
    const all = () => namespaces.map((title) => ({ id: idOf(title), title }));
    // All of them are on the first page; wrangler asks for pages until one is empty.
    if (method !== "POST") return success(/[?&]page=(?!1(?:&|$))/.test(path) ? [] : all());
    const { title } = JSON.parse(body.toString()) as { title: string };
    if (namespaces.includes(title)) return failure(400, { code: 10_014, message: "This namespace exists already." });
    namespaces.push(title);
    return success(all().at(-1));
  }

  function bucketAnswer({ method, body }: Received): Reply {
    if (!account.hasR2)
      return failure(403, { code: 10_042, message: "Please enable R2 through the Cloudflare Dashboard." });
    if (method !== "POST") return success({ buckets: buckets.map((name) => ({ name, creation_date: "2026-11-02" })) });
    const { name } = JSON.parse(body.toString()) as { name: string };
    if (buckets.includes(name)) return failure(409, { code: 10_004, message: "This bucket exists already." });
    buckets.push(name);
    return success({ name });
  }
}

const idOf = (title: string) => Buffer.from(title).toString("hex").padEnd(32, "0").slice(0, 32);

function success(result: unknown): Reply {
  return answer(200, { success: true, result, errors: [], messages: [] });
}

function failure(status: number, error: { code: number; message: string }): Reply {
  return answer(status, { success: false, result: null, errors: [error], messages: [] });
}

const answer = (status: number, body: unknown): Reply => ({
  status,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});
