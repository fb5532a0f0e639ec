/** The draft of a token. */
import type { Permission, TokenInput } from "../../../client/index.ts";

export type Expiry = "30" | "90" | "365" | "date" | "never";

export interface TokenDraft {
  readonly label: string;
  readonly permissions: readonly Permission[];
  /** Empty for all of them. */
  readonly workspace: string;
  readonly expiry: Expiry;
  /** As a date field has it, without a time zone. */
  readonly date: string;
}

const DAY_MS = 86_400_000;

export const newToken = (workspace: string): TokenDraft => ({
  label: "",
  permissions: [],
  workspace,
  expiry: "90",
  date: "",
});

/** The input of the API. `admin` includes every other permission. */
export function inputOf({ label, permissions, workspace, expiry, date }: TokenDraft, now: number): TokenInput {
  const expiresAt = expiryOf(expiry, date, now);
  return {
    label,
    permissions: permissions.includes("admin") ? ["admin"] : [...permissions],
    ...(workspace !== "" && { workspace }),
    ...(expiresAt !== undefined && { expiresAt }),
  };
}

function expiryOf(expiry: Expiry, date: string, now: number): string | undefined {
  if (expiry === "never") return undefined;
  if (expiry !== "date") return new Date(now + Number(expiry) * DAY_MS).toISOString();
  const at = new Date(date);
  // The API rejects what is not a date, beside the field.
  return Number.isNaN(at.getTime()) ? date : at.toISOString();
}
