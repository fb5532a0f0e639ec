/** After a rotation of `ENCRYPTION_KEY`: what is stored moves to the current key, page by page. */
import { invalidCursor } from "../../core/list-cursor.ts";
import { Refusal } from "../../core/refusal.ts";
import type { ConfigStore } from "../../storage/kv/config-store.ts";
import { workspaceIdOf } from "../../storage/kv/record-id.ts";

/** What is sealed, in the order in which it is gone through. */
const KINDS = ["secret", "adapter"] as const;
type Kind = (typeof KINDS)[number];

/** How often a record that is being changed is tried, and how long between two tries, in ms. */
const TRIES = 20;
const PAUSE_MS = 50;

/** A secret that no configured key opens: its value is lost until it is stored again. */
interface Unopened {
  /** Absent when the workspace is gone. */
  readonly workspace?: string;
  readonly kind: Kind;
  /** Name of the secret or of the adapter. */
  readonly name: string;
  /** Versions of the adapter's secret that do not open. */
  readonly versions?: number;
}

interface Resealed {
  readonly resealed: number;
  readonly current: number;
  readonly unopened: readonly Unopened[];
  readonly nextCursor?: string;
}

/**
 * Seals one page of records with the current key. What is under it already is not written, so a run may be repeated, and
 * two may go on at once.
 */
export async function resealPage(
  store: ConfigStore,
  limit: number,
  cursor: string | undefined,
): Promise<Resealed | Refusal> {
  const at = cursor === undefined ? { kind: KINDS[0] } : readCursor(cursor);
  const page = at && (await entriesOf(store, at.kind, limit, at.cursor));
  if (!page) return invalidCursor();
  const workspaces = await store.workspaces.all("");
  const found = { resealed: 0, current: 0, unopened: [] as Unopened[] };
  for (const { id, name } of page.items) {
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

/** The states of what was sealed in a record; null when it is changed all the time. */
async function reseal(store: ConfigStore, kind: Kind, id: string) {
  for (let tries = 1; ; tries++) {
    const states = await (kind === "secret" ? store.secrets : store.adapters).reseal(id);
    if (states || tries >= TRIES) return states;
    await scheduler.wait(PAUSE_MS);
  }
}

async function entriesOf({ secrets, adapters }: ConfigStore, kind: Kind, limit: number, cursor: string | undefined) {
  const records = kind === "secret" ? secrets.records : adapters;
  const page = await records.entries("", limit, cursor);
  return page && { ...page, items: page.items.map(({ id, value }) => ({ id, name: value.name })) };
}

/** Where to go on: on the next page of a kind, or with the next kind. */
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
