/** Reads the reply or the callback of an adapter (CD2, CD4) as a stream, whatever the size of its payload. */
import { z } from "zod";
import { LEVELS, type Note } from "../execution/log.ts";
import { Malformed } from "../json/malformed.ts";
import { MemberScanner } from "../json/members.ts";
import type { Body } from "../message/body.ts";
import { FilesInspector, type FilesSummary } from "./file-reader.ts";

const STATUSES = ["success", "skipped", "error", "bug", "progress"] as const;
type AdapterStatus = (typeof STATUSES)[number];

/** The validated result of an invocation. */
export interface AdapterResult {
  readonly status: Exclude<AdapterStatus, "progress">;
  readonly notes: readonly Note[];
  /** The new message; null when the message stays. */
  readonly body: Body | null;
}

/** The members whose values may be of any size. */
export type LargeMember = "payload" | "files";

/** Longest collected member, in bytes. */
const COLLECT_LIMIT_BYTES = 1024 * 1024;
/** Most user log entries of one reply that are stored. */
const NOTES_LIMIT = 100;

/** The members as they were sent; null counts as absent. */
export interface AdapterReply {
  readonly callback: unknown;
  readonly status: unknown;
  readonly message: unknown;
  readonly userLogs: unknown;
  readonly hasPayload: boolean;
  readonly files: FilesSummary | null;
}

/** The first byte of `null` and of no other value. */
const LETTER_N = 0x6e;

export class AdapterReplyReader {
  readonly #scanner: MemberScanner;
  readonly #onBytes: (member: LargeMember, bytes: Uint8Array) => void;
  readonly #values = new Map<string, unknown>();
  /** The large members so far, and whether each is null. */
  readonly #isNull = new Map<LargeMember, boolean>();
  readonly #inspector = new FilesInspector();
  #files: FilesSummary | null = null;

  /** @param onBytes receives the exact bytes of a payload or of files, as views of the written chunk. */
  constructor(onBytes: (member: LargeMember, bytes: Uint8Array) => void) {
    this.#onBytes = onBytes;
    this.#scanner = new MemberScanner(
      {
        onMember: (name) => {
          if (name === "payload" || name === "files") return "pass";
          return ["callback", "status", "message", "user_logs"].includes(name) ? "collect" : "skip";
        },
        onValue: (name, bytes) => this.#values.set(name, JSON.parse(new TextDecoder().decode(bytes))),
        onBytes: (name, bytes) => this.#large(name as LargeMember, bytes),
        onEnd: (name) => name === "files" && this.#endFiles(),
      },
      { collectLimitBytes: COLLECT_LIMIT_BYTES },
    );
  }

  /** True once the member `callback` has arrived, which makes this a result (CD4). */
  get hasCallback(): boolean {
    return (this.#values.get("callback") ?? null) !== null;
  }

  write(chunk: Uint8Array): Malformed | null {
    return this.#scanner.write(chunk);
  }

  end(): AdapterReply | Malformed {
    const fault = this.#scanner.end();
    if (fault) return fault;
    const [callback, status, message, userLogs] = ["callback", "status", "message", "user_logs"].map(
      (name) => this.#values.get(name) ?? null,
    );
    const hasPayload = this.#isNull.get("payload") === false;
    return { callback, status, message, userLogs, hasPayload, files: this.#files };
  }

  #large(member: LargeMember, bytes: Uint8Array): void {
    const isNull = this.#isNull.get(member) ?? bytes[0] === LETTER_N;
    this.#isNull.set(member, isNull);
    if (isNull) return;
    const fault = member === "files" ? this.#inspector.write(bytes) : null;
    if (fault) this.#scanner.fail(fault.message);
    else this.#onBytes(member, bytes);
  }

  #endFiles(): void {
    if (this.#isNull.get("files")) return;
    const files = this.#inspector.end();
    if (files instanceof Malformed) this.#scanner.fail(files.message);
    else this.#files = files;
  }
}

/** Returns status and log entries of a result, or a sentence that says why it is invalid. */
export function readResult({ status, message, userLogs }: AdapterReply) {
  if (!isStatus(status)) return `"status" must be one of: ${STATUSES.join(", ")}.`;
  const notes = readUserLogs(userLogs);
  return typeof notes === "string" ? notes : { status, notes: [...readMessage(message, "info"), ...notes] };
}

/** Returns the log entry for the `message` of any reply (C24). */
export function readMessage(message: unknown, level: Note["level"]): Note[] {
  return typeof message === "string" && message.trim() !== "" ? [{ level, message }] : [];
}

const isStatus = (status: unknown): status is AdapterStatus => STATUSES.some((one) => one === status);

const userLog = z.object({ type: z.enum(LEVELS), message: z.string() });

function readUserLogs(value: unknown): Note[] | string {
  if (value === null) return [];
  const entries = z.array(userLog).safeParse(value);
  if (!entries.success)
    return '"user_logs" must be an array of { "type": "info", "warning" or "error", "message": text }.';
  const notes = entries.data.slice(0, NOTES_LIMIT).map(({ type, message }) => ({ level: type, message }));
  const more = entries.data.length - notes.length;
  return more > 0 ? [...notes, { level: "warning", message: `${more} more entries were not stored.` }] : notes;
}
