/** Re-encrypts stored secrets under the current key after a rotation of `ENCRYPTION_KEY`, page by page. */
import { invalidCursor } from "../../core/list-cursor.ts";
import { Refusal } from "../../core/refusal.ts";
import type { ConfigStore } from "../../storage/kv/config-store.ts";
import { workspaceIdOf } from "../../storage/kv/record-id.ts";

/** The kinds of encrypted records, in the order of the pages. */
const KINDS = ["secret", "adapter"] as const;
type Kind = (typeof KINDS)[number];

/** Attempts for a record that is being changed, and the time between two of them, in ms. */
const ATTEMPTS = 20;
const PAUSE_MS = 50;

/** A secret that no configured key decrypts: its value is lost until it is stored again. */
interface Unopened {
  /** Absent when the workspace is gone. */
  readonly workspace?: string;
  readonly kind: Kind;
  /** Name of the secret or of the adapter. */
  readonly name: string;
  /** The number of versions of an adapter's secret that cannot be decrypted. */
  readonly versions?: number;
}

interface Resealed {
  readonly resealed: number;
  readonly current: number;
  readonly unopened: readonly Unopened[];
  readonly nextCursor?: string;
}

/**
 * Encrypts one page of records with the current key. Records that have it already are not written, so a run may be
 * repeated, and two runs may overlap.
 */
export async function resealPage(
  store: ConfigStore,
  limit: number,
  cursor: string | undefined,
): Promise<Resealed | Refusal> {
  const at = cursor === undefined ? { kind: KINDS[0] } : readCursor(cursor);
  const page = at && (await kindsOf(store)[at.kind].entries("", limit, at.cursor));
  if (!page) return invalidCursor();
  const workspaces = await store.workspaces.all("");
  const found = { resealed: 0, current: 0, unopened: [] as Unopened[] };
  for (const { id, value } of page.items) {
    const { name } = value;
    const states = await reseal(store, at.kind, id);
    if (!states) return new Refusal("unavailable", `The ${at.kind} ${name} is being changed; send the request again.`);
    const count = (wanted: string) => states.filter((state) => state === wanted).length;
    found.resealed += count("resealed");
    found.current += count("current");
    const versions = count("unopened");
    if (versions === 0) continue;
    const workspace = workspaces.find((one) => one.id === workspaceIdOf(id))?.name;
    const facts = { kind: at.kind, name, ...(at.kind === "adapter" && { versions }) };
    found.unopened.push({ ...(workspace !== undefined && { workspace }), ...facts });
  }
  const next = nextOf(at.kind, page.nextCursor);
  return { ...found, ...(next !== null && { nextCursor: next }) };
}

/** The states of a record's secrets; null when the record was being changed at every attempt. */
async function reseal(store: ConfigStore, kind: Kind, id: string) {
  for (let attempt = 1; ; attempt++) {
    const states = await kindsOf(store)[kind].reseal(id);
    if (states || attempt >= ATTEMPTS) return states;
    await scheduler.wait(PAUSE_MS);
  }
}

const kindsOf = ({ secrets, adapters }: ConfigStore) =>
  ({ secret: secrets, adapter: adapters }) satisfies Record<Kind, unknown>;

/** The cursor of the next page of a kind, or of the next kind. */
function nextOf(kind: Kind, cursor: string | undefined): string | null {
  const following = KINDS[KINDS.indexOf(kind) + 1];
  if (cursor !== undefined) return writeCursor(kind, cursor);
  return following === undefined ? null : writeCursor(following);
}

const writeCursor = (kind: Kind, cursor?: string) => [kind, ...(cursor === undefined ? [] : [cursor])].join(".");

function readCursor(text: string): { kind: Kind; cursor?: string } | null {
  const [, name, cursor] = /^([a-z]+)(?:\.(.+))?$/s.exec(text) ?? [];
  const kind = KINDS.find((one) => one === name);
  return kind ? { kind, ...(cursor !== undefined && { cursor }) } : null;
}
