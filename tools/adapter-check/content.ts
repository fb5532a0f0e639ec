/**
 * The rules for a result (CD2, CD13), in a reply or a callback. A member that is null counts as absent.
 * Problems are sentences.
 */

export const STATUSES = ["success", "skipped", "error", "bug"];
export const FILE_KEYS = ["file_name", "mime_type", "body", "content_transfer_encoding"];
const LOG_TYPES = ["info", "warning", "error"];
const NAMES = ["callback", "status", "payload", "files", "user_logs", "message"];

type Json = Record<string, unknown>;

export function contentProblems(body: Json): string[] {
  return [...statusProblems(body.status), ...userLogProblems(body.user_logs), ...fileProblems(body.files)];
}

export function statusProblems(status: unknown): string[] {
  if (isAbsent(status)) return ["There is no status."];
  return STATUSES.includes(status as string) ? [] : [`status is ${show(status)}.`];
}

export function userLogProblems(logs: unknown): string[] {
  if (isAbsent(logs)) return [];
  if (!Array.isArray(logs)) return [`user_logs is ${show(logs)} and no array.`];
  return logs.flatMap((entry: unknown, index) => {
    const at = `user_logs[${index}]`;
    if (!isObject(entry)) return [`${at} is ${show(entry)} and no object.`];
    return [
      ...(LOG_TYPES.includes(entry.type as string) ? [] : [`${at}.type is ${show(entry.type)}.`]),
      ...(typeof entry.message === "string" ? [] : [`${at}.message is ${show(entry.message)} and no string.`]),
    ];
  });
}

export function fileProblems(files: unknown): string[] {
  if (isAbsent(files)) return [];
  if (!Array.isArray(files)) return [`files is ${show(files)} and no array.`];
  return files.flatMap((file: unknown, index) => {
    const at = `files[${index}]`;
    if (!isObject(file)) return [`${at} is ${show(file)} and no object.`];
    const problems = FILE_KEYS.filter((key) => typeof file[key] !== "string").map((key) =>
      key in file ? `${at}.${key} is ${show(file[key])} and no string.` : `${at} has no ${key}.`,
    );
    const others = Object.keys(file).filter((key) => !FILE_KEYS.includes(key));
    if (others.length > 0) problems.push(`${at} has ${others.join(", ")} besides.`);
    return problems.length > 0 ? problems : encodingProblems(file, at);
  });
}

export const unknownNames = (body: Json): string[] => Object.keys(body).filter((name) => !NAMES.includes(name));

export const isProgress = (body: Json | undefined): boolean => body?.status === "progress";

function encodingProblems({ content_transfer_encoding: encoding, body }: Json, at: string): string[] {
  if (encoding === "utf8") return [];
  if (encoding !== "base64") return [`${at}.content_transfer_encoding is ${show(encoding)}.`];
  const right = /^[A-Za-z0-9+/]*={0,2}$/.test(body as string) && (body as string).length % 4 === 0;
  return right ? [] : [`${at}.body is no Base64.`];
}

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const isAbsent = (value: unknown): boolean => value === undefined || value === null;

const LONGEST = 80;

export function show(value: unknown): string {
  const text = JSON.stringify(value) ?? "missing";
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
