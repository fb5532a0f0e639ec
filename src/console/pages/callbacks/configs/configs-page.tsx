import { Button } from "@cloudflare/kumo/components/button";
import { PlusIcon, SlidersHorizontalIcon } from "@phosphor-icons/react";
import { useQuery } from "@tanstack/react-query";
import { Link, useLocation } from "wouter";
import type { CallbackConfig } from "../../../../client/index.ts";
import { useWorkspace } from "../../../data/api.tsx";
import { useMay } from "../../../data/permissions.ts";
import { callbackConfigsQuery } from "../../../data/setup-queries.ts";
import type { Column } from "../../../ui/data/data-table.tsx";
import { LoadedTable } from "../../../ui/data/loaded-table.tsx";
import { EmptyState } from "../../../ui/feedback/empty-state.tsx";
import { PermissionNote } from "../../../ui/feedback/permission-note.tsx";
import { Page } from "../../../ui/page/page.tsx";
import { activityText } from "../activity-text.tsx";

const nameOf = ({ name }: CallbackConfig) => name;
const pathOf = ({ name }: CallbackConfig) => `/callbacks/configurations/${name}`;

export default function ConfigsPage() {
  const configs = useQuery(callbackConfigsQuery(useWorkspace()));
  const may = useMay();
  const [, navigate] = useLocation();
  const create = may("config.write") && (
    <Button variant="primary" icon={<PlusIcon />} onClick={() => navigate("/callbacks/configurations/~new")}>
      New configuration
    </Button>
  );
  return (
    <Page
      title="Callback configurations"
      above={
        <Link href="/callbacks" className="link">
          Callbacks
        </Link>
      }
      intro="Settings stored under a name, so that whoever creates a callback names them instead of repeating them. A configuration may set everything or only a part."
      actions={configs.data?.length !== 0 && create}
    >
      <PermissionNote permission="config.write" what="create or change configurations" />
      <LoadedTable
        query={configs}
        what="the callback configurations"
        label="Callback configurations"
        columns={COLUMNS}
        keyOf={nameOf}
        href={pathOf}
        empty={
          <EmptyState
            icon={<SlidersHorizontalIcon />}
            title="No stored configurations yet"
            text={
              <>
                Create one for callbacks that are alike, such as <code>payment-return</code>. A request then says{" "}
                <code>{'"config": "payment-return"'}</code> and only what is its own.
              </>
            }
            action={create}
          />
        }
      />
    </Page>
  );
}

const unset = <span className="subtle">not set</span>;

const COLUMNS: readonly Column<CallbackConfig>[] = [
  { name: "Name", isMain: true, cell: nameOf },
  {
    name: "When it is called",
    cell: ({ callbackActivity }) => (callbackActivity ? activityText(callbackActivity) : unset),
  },
  { name: "Response type", width: "9rem", cell: ({ responseType }) => responseType ?? unset },
  {
    name: "Fields set",
    width: "7rem",
    align: "end",
    cell: ({ name: _, ...fields }) => Object.keys(fields).length,
  },
];
