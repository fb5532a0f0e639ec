import {
  CheckCircleIcon,
  CircleDashedIcon,
  ClockCountdownIcon,
  HourglassMediumIcon,
  type Icon,
  MinusCircleIcon,
  PlayCircleIcon,
  ProhibitIcon,
  WarningCircleIcon,
  XCircleIcon,
} from "@phosphor-icons/react";
import type { CallbackCall, CallbackStatus, Status, StepView } from "../../../client/index.ts";
import { Badge, type Tone } from "./badge.tsx";

/** The statuses of executions, steps, callbacks, their calls, and lanes. */
export type ShownStatus =
  | Status
  | StepView["status"]
  | CallbackStatus
  | CallbackCall["outcome"]
  | "blocked"
  | "paused"
  | "idle";

const LOOKS: Record<ShownStatus, { readonly tone: Tone; readonly icon: Icon }> = {
  queued: { tone: "idle", icon: CircleDashedIcon },
  running: { tone: "busy", icon: PlayCircleIcon },
  waiting: { tone: "busy", icon: HourglassMediumIcon },
  retrying: { tone: "warn", icon: ClockCountdownIcon },
  succeeded: { tone: "ok", icon: CheckCircleIcon },
  failed: { tone: "bad", icon: XCircleIcon },
  cancelled: { tone: "idle", icon: ProhibitIcon },
  pending: { tone: "idle", icon: CircleDashedIcon },
  skipped: { tone: "idle", icon: MinusCircleIcon },
  open: { tone: "ok", icon: CircleDashedIcon },
  busy: { tone: "busy", icon: PlayCircleIcon },
  closed: { tone: "idle", icon: CheckCircleIcon },
  expired: { tone: "warn", icon: ClockCountdownIcon },
  answered: { tone: "ok", icon: CheckCircleIcon },
  redirected: { tone: "ok", icon: CheckCircleIcon },
  rejected: { tone: "warn", icon: WarningCircleIcon },
  blocked: { tone: "bad", icon: WarningCircleIcon },
  paused: { tone: "warn", icon: MinusCircleIcon },
  idle: { tone: "idle", icon: CircleDashedIcon },
};

/** A status as a small label. */
export function StatusBadge({ status }: { readonly status: ShownStatus }) {
  const { tone, icon } = LOOKS[status];
  return (
    <Badge tone={tone} icon={icon}>
      {status}
    </Badge>
  );
}
