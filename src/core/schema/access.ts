/** Personal access tokens and secrets. */
import { z } from "zod";
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

export type Permission = (typeof PERMISSIONS)[number];

/** What `POST /api/v1/tokens` takes. Without a workspace the token serves every one. */
export const tokenInput = z.strictObject({
  label,
  permissions: z.array(z.enum(PERMISSIONS)).min(1).max(PERMISSIONS.length),
  workspace: z.string().regex(WORKSPACE_NAME, "a workspace name").optional(),
  expiresAt: z.iso.datetime({ offset: true }).optional(),
});

export const tokenRecord = tokenInput.extend({
  permissions: z.array(z.enum(PERMISSIONS)),
  id: z.uuid(),
  hash: z.string(),
  /** Identity of the workspace, so that a later workspace of the same name is another one. */
  workspaceId: z.uuid().optional(),
  createdAt: z.iso.datetime(),
});

export type Token = z.output<typeof tokenRecord>;

/** A token as lists show it. */
export const showToken = ({ hash: _, workspaceId: __, ...shown }: Token) => shown;

/** What `PUT /secrets/{name}` takes; at most 10,000 characters. */
export const secretInput = z.strictObject({ value: z.string().min(1).max(10_000) });

export const secretRecord = z.strictObject({ name: z.string(), sealed: z.string(), updatedAt: z.iso.datetime() });
