/** The final statuses. A new status of the API does not compile until it has a row here. */
import type { CallbackStatus, Status } from "../../client/index.ts";

export const IS_FINISHED: Readonly<Record<Status, boolean>> = {
  queued: false,
  running: false,
  waiting: false,
  retrying: false,
  succeeded: true,
  failed: true,
  cancelled: true,
};

export const IS_CALLBACK_OVER: Readonly<Record<CallbackStatus, boolean>> = {
  open: false,
  busy: false,
  closed: true,
  expired: true,
};

export const STATUSES = Object.keys(IS_FINISHED) as Status[];
export const CALLBACK_STATUSES = Object.keys(IS_CALLBACK_OVER) as CallbackStatus[];
