/** Personal access tokens and secrets. */
import { z } from "zod";
import { someText } from "./fields.ts";
import { label, WORKSPACE_NAME } from "./names.ts";

export const PERMISSIONS = [
  "admin",
  "config.read",
  "config.write",
  "callbacks.read",
  "callbacks.write",
  "executions.read",
  "executions.write",
  "asyncflow.callback.send",
] as const;

const permission = z.enum(PERMISSIONS).meta({ id: "Permission" });

export type Permission = (typeof PERMISSIONS)[number];

/** The body of `POST /api/v1/tokens`. */
export const tokenInput = z
  .strictObject({
    label: label.describe("Distinguishes tokens, for example by who uses it. It appears in logs."),
    permissions: z
      .array(permission)
      .min(1)
      .max(PERMISSIONS.length)
      .describe("What the token allows; `admin` allows everything."),
    workspace: z
      .string()
      .regex(WORKSPACE_NAME, "a workspace name")
      .optional()
      .describe("The only workspace that the token is valid for. Without it the token is valid for all."),
    expiresAt: z.iso.datetime({ offset: true }).optional().describe("When the token expires. Without it never."),
  })
  .meta({ id: "TokenInput" });

export const tokenRecord = tokenInput.extend({
  permissions: z.array(permission),
  id: z.uuid(),
  hash: z.string(),
  /** Identity of the workspace: a token does not open a later workspace of the same name. */
  workspaceId: z.uuid().optional(),
  createdAt: z.iso.datetime(),
});

export type Token = z.output<typeof tokenRecord>;

/** A token as lists show it. */
export const showToken = ({ hash: _, workspaceId: __, ...shown }: Token) => shown;

/** The body of `PUT /secrets/{name}`. */
export const secretInput = z
  .strictObject({
    value: someText(10_000).describe("The secret itself. It is stored encrypted and never shown."),
  })
  .meta({ id: "SecretInput" });

export const secretRecord = z.strictObject({ name: z.string(), sealed: z.string(), updatedAt: z.iso.datetime() });
