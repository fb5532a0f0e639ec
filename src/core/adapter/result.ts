/** What an adapter says, in its reply or its callback (CD2, CD4): read as a stream, whatever the size of its payload. */
import { z } from "zod";
import type { Note } from "../execution/log.ts";
import { Malformed } from "../json/malformed.ts";
import { MemberScanner } from "../json/members.ts";
import type { Body } from "../message/body.ts";
import { FilesInspector, type FilesSummary } from "./file-reader.ts";

const STATUSES = ["success", "skipped", "error", "bug", "progress"] as const;
export type AdapterStatus = (typeof STATUSES)[number];

/** The result of an invocation, checked. */
export interface AdapterResult {
  readonly status: Exclude<AdapterStatus, "progress">;
  /** What it says, for the user log. */
  readonly notes: readonly Note[];
  /** What becomes the message; null when the message stays. */
  readonly body: Body | null;
}

/** The members whose values may be of any size. */
export type LargeMember = "payload" | "files";

/** Longest collected member, in bytes. */
const COLLECT_LIMIT_BYTES = 1024 * 1024;
/** User log entries taken from one statement. */
const NOTES_LIMIT = 100;

/** The statement as it stands; a member that is null counts as absent. */
export interface AdapterReply {
  readonly callback: unknown;
  readonly status: unknown;
  readonly message: unknown;
  readonly userLogs: unknown;
  readonly hasPayload: boolean;
  /** What the files are; null without any. */
  readonly files: FilesSummary | null;
}

/** `null` is the one value that begins with this byte. */
const NULL_BEGINS = 0x6e;

export class StatementReader {
  readonly #scanner: MemberScanner;
  readonly #onBytes: (member: LargeMember, bytes: Uint8Array) => void;
  readonly #values = new Map<string, unknown>();
  /** The large members that have begun, and whether each is null. */
  readonly #isNull = new Map<LargeMember, boolean>();
  readonly #inspector = new FilesInspector();
  #files: FilesSummary | null = null;

  /** @param onBytes takes the exact bytes of a payload or of files; views of the chunk being written. */
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

  /** Whether the member `callback` has come, so that this means to be a result (CD4). */
  get carriesCallback(): boolean {
    return (this.#values.get("callback") ?? null) !== null;
  }

  write(chunk: Uint8Array): Malformed | null {
    return this.#scanner.write(chunk);
  }

  /** The text is over. */
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
    const isNull = this.#isNull.get(member) ?? bytes[0] === NULL_BEGINS;
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

/** What a result says beside its payload; or a sentence that says what is wrong with it. */
export function readResult({ status, message, userLogs }: AdapterReply) {
  if (!isStatus(status)) return `"status" must be one of: ${STATUSES.join(", ")}.`;
  const notes = readUserLogs(userLogs);
  return typeof notes === "string" ? notes : { status, notes: [...readMessage(message, "info"), ...notes] };
}

/** The `message` beside any answer, for the user log (C24); without one nothing. */
export function readMessage(message: unknown, level: Note["level"]): Note[] {
  return typeof message === "string" && message.trim() !== "" ? [{ level, message }] : [];
}

const isStatus = (status: unknown): status is AdapterStatus => STATUSES.some((one) => one === status);

const userLog = z.object({ type: z.enum(["info", "warning", "error"]), message: z.string() });

function readUserLogs(value: unknown): Note[] | string {
  if (value === null) return [];
  const entries = z.array(userLog).safeParse(value);
  if (!entries.success)
    return '"user_logs" must be an array of { "type": "info", "warning" or "error", "message": text }.';
  const notes = entries.data.slice(0, NOTES_LIMIT).map(({ type, message }) => ({ level: type, message }));
  const more = entries.data.length - notes.length;
  return more > 0 ? [...notes, { level: "warning", message: `${more} more entries were not kept.` }] : notes;
}
