/** A new workspace on a gateway, set up through the admin API. */
import { randomUUID } from "node:crypto";
import {
  createClient,
  type ExecutionDetail,
  type ExecutionFilter,
  type ExecutionSummary,
  type FlowInput,
  type TriggerInput,
  type WorkspaceClient,
  type WorkspaceInput,
} from "../../src/client/index.ts";
import { expectDescribed } from "./described.ts";
import { eventually } from "./target.ts";

export interface GatewayAddress {
  readonly url: string;
  readonly token: string;
}

type Json = Record<string, unknown>;

const API = "/api/v1";

export class Admin {
  readonly #base: string;
  readonly #token: string;

  constructor({ url, token }: GatewayAddress) {
    this.#base = `${url}/api/v1`;
    this.#token = token;
  }

  as(token: string): Admin {
    return new Admin({ url: this.#base.replace(/\/api\/v1$/, ""), token });
  }

  request(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
    const text = body === undefined ? null : typeof body === "string" ? body : JSON.stringify(body);
    return fetch(this.#base + path, {
      method,
      headers: { authorization: `Bearer ${this.#token}`, "content-type": "application/json", ...headers },
      body: text,
    });
  }

  /** The same, expecting success, with the answer's JSON. */
  async call<T = Json>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await this.request(method, path, body);
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    const answer: unknown = text ? JSON.parse(text) : {};
    // The API description is promised to fit every answer, so every test checks it.
    if (text) await expectDescribed(new URL(this.#base).origin, method, path, response.status, answer);
    return answer as T;
  }
}

/** The published client, with its answers held to the description as well. */
const clientOf = ({ url, token }: GatewayAddress) => createClient({ url, token, fetch: fetchDescribed });

async function fetchDescribed(url: string, init: RequestInit): Promise<Response> {
  const response = await fetch(url, init);
  const { origin, pathname } = new URL(url);
  if (response.ok && pathname.startsWith(API) && response.headers.get("content-type")?.startsWith("application/json")) {
    const answer: unknown = await response.clone().json();
    await expectDescribed(origin, init.method ?? "GET", pathname.slice(API.length), response.status, answer);
  }
  return response;
}

export class Workspace {
  readonly name: string;
  readonly admin: Admin;
  /** The workspace as the published client sees it. */
  readonly client: WorkspaceClient;
  readonly #gateway: GatewayAddress;

  constructor(gateway: GatewayAddress, name: string) {
    this.#gateway = gateway;
    this.admin = new Admin(gateway);
    this.client = clientOf(gateway).workspace(name);
    this.name = name;
  }

  /** Saves a flow and a trigger of the same name that starts it. */
  async endpoint(name: string, steps: Json[], trigger: Json = {}): Promise<string> {
    await this.client.flows.put(name, { steps } as unknown as FlowInput);
    await this.client.triggers.put(name, { flow: name, ...trigger } as TriggerInput);
    return `${this.#gateway.url}/${this.name}/${name}`;
  }

  put<T = Json>(path: string, body: Json): Promise<T> {
    return this.admin.call("PUT", `/workspaces/${this.name}${path}`, body);
  }

  post<T = Json>(path: string, body: Json): Promise<T> {
    return this.admin.call("POST", `/workspaces/${this.name}${path}`, body);
  }

  get<T = Json>(path: string): Promise<T> {
    return this.admin.call("GET", `/workspaces/${this.name}${path}`);
  }

  execution(id: string): Promise<ExecutionDetail> {
    return this.client.executions.get(id);
  }

  /** The execution once it has one of the statuses, the final ones by default. */
  settled(id: string, statuses = ["succeeded", "failed", "cancelled"], ms?: number): Promise<ExecutionDetail> {
    return eventually(async () => {
      const execution = await this.execution(id);
      return statuses.includes(execution.status) ? execution : undefined;
    }, ms);
  }

  /** Every execution that matches, page by page, newest first. */
  executions(filter: ExecutionFilter = {}): Promise<ExecutionSummary[]> {
    return this.client.executions.all({ query: { ...filter } });
  }
}

/** A new workspace with an unused name. */
export async function newWorkspace(gateway: GatewayAddress, settings: WorkspaceInput = {}): Promise<Workspace> {
  const workspace = new Workspace(gateway, `t-${randomUUID().slice(0, 13)}`);
  await clientOf(gateway).workspaces.put(workspace.name, settings);
  return workspace;
}
