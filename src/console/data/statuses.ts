/** Which statuses are final. A status that the API adds does not compile before it has its row here. */
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
