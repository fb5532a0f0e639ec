import { SlidersHorizontalIcon } from "@phosphor-icons/react";
import { useQuery } from "@tanstack/react-query";
import type { CallbackConfig } from "../../../../client/index.ts";
import { useWorkspace } from "../../../data/api.tsx";
import { callbackConfigsQuery } from "../../../data/queries.ts";
import type { Column } from "../../../ui/data/data-table.tsx";
import { EmptyState } from "../../../ui/feedback/empty-state.tsx";
import { ListPage } from "../../../ui/page/list-page.tsx";
import { TextLink } from "../../../ui/text/text-link.tsx";
import { activityText } from "../activity-text.tsx";

const nameOf = ({ name }: CallbackConfig) => name;
const pathOf = ({ name }: CallbackConfig) => `/callbacks/configurations/${name}`;

export default function ConfigsPage() {
  return (
    <ListPage
      title="Callback configurations"
      above={<TextLink href="/callbacks">Callbacks</TextLink>}
      intro="Settings stored under a name: whoever creates a callback names them instead of repeating them. A configuration may set everything or only a part."
      query={useQuery(callbackConfigsQuery(useWorkspace()))}
      columns={COLUMNS}
      keyOf={nameOf}
      href={pathOf}
      create={{ label: "New configuration", permission: "config.write", to: "/callbacks/configurations/~new" }}
      note={{ permission: "config.write", what: "create or change configurations" }}
      empty={
        <EmptyState
          icon={<SlidersHorizontalIcon />}
          title="No stored configurations yet"
          text={
            <>
              Create one for callbacks that are alike, such as <code>payment-return</code>. A request then says{" "}
              <code>{'"config": "payment-return"'}</code> and only what differs.
            </>
          }
        />
      }
    />
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
