/** Columns of tables of executions. */
import type { ExecutionSummary } from "../../../client/index.ts";
import type { Column } from "../../ui/data/data-table.tsx";
import { StatusBadge } from "../../ui/data/status-badge.tsx";
import { shortId } from "../../ui/text/text-link.tsx";
import { duration, Time } from "../../ui/text/time.tsx";

type ExecutionColumn = Column<ExecutionSummary>;

const ID: ExecutionColumn = {
  name: "Execution",
  width: "9.5rem",
  isMain: true,
  cell: ({ id }) => <span className="mono">{shortId(id)}</span>,
};
const STATUS: ExecutionColumn = {
  name: "Status",
  isState: true,
  width: "8.5rem",
  cell: ({ status }) => <StatusBadge status={status} />,
};
const TRIGGER: ExecutionColumn = {
  name: "Trigger",
  cell: ({ trigger }) => trigger ?? <span className="subtle">a callback</span>,
};
const FLOW: ExecutionColumn = { name: "Flow", isExtra: true, cell: ({ flow }) => flow };
const DOCUMENT: ExecutionColumn = {
  name: "Document status",
  cell: ({ documentStatus, technicalStatus, errorCode }) =>
    [documentStatus, technicalStatus, errorCode].filter(Boolean).join(" · "),
};
const RECEIVED: ExecutionColumn = {
  name: "Received",
  width: "8.5rem",
  cell: ({ createdAt }) => <Time at={createdAt} />,
};
const TOOK: ExecutionColumn = {
  name: "Took",
  width: "8rem",
  align: "end",
  cell: ({ createdAt, finishedAt }) =>
    finishedAt === undefined ? "–" : duration(Date.parse(finishedAt) - Date.parse(createdAt)),
};

export const EXECUTION_COLUMNS: readonly ExecutionColumn[] = [ID, STATUS, TRIGGER, FLOW, DOCUMENT, RECEIVED, TOOK];

export const FAILURE_COLUMNS: readonly ExecutionColumn[] = [ID, TRIGGER, FLOW, DOCUMENT, RECEIVED];
