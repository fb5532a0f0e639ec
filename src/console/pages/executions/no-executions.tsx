import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useWorkspace } from "../../data/api.tsx";
import { useMay } from "../../data/permissions.ts";
import { triggersQuery } from "../../data/queries.ts";
import { EmptyState } from "../../ui/feedback/empty-state.tsx";
import { TextLink } from "../../ui/text/text-link.tsx";
import { TEST_ID } from "../triggers/test/test-id.ts";

interface Props {
  readonly icon: ReactNode;
  readonly title: string;
  /** When there will be something to see. */
  readonly begin: string;
  /** Another suggestion, as the end of a sentence. */
  readonly otherwise?: string;
}

/** The next step towards a first execution, by what the workspace has. */
export function NoExecutions({ icon, title, begin, otherwise = "" }: Props) {
  const maySee = useMay()("config.read");
  const { data } = useQuery({ ...triggersQuery(useWorkspace()), enabled: maySee });
  const { text, path, label } = nextOf(data?.map(({ name }) => name));
  return (
    <EmptyState
      icon={icon}
      title={title}
      text={`${begin} ${text}${otherwise}.`}
      action={maySee && <TextLink href={path}>{label}</TextLink>}
    />
  );
}

/** @param triggers their names; undefined while they are not known. */
function nextOf(triggers: readonly string[] | undefined) {
  const list = { path: "/triggers", label: "Go to the triggers" };
  if (triggers === undefined) return { text: "Send a message to the URL of a trigger", ...list };
  const [first, ...others] = triggers;
  if (first === undefined) return { text: "Set up a trigger first, and with it a flow", ...list };
  if (others.length > 0) return { text: "Send a message to the URL of one of the triggers", ...list };
  const path = `/triggers/${first}#${TEST_ID}`;
  return { text: `Send a message to the URL of the trigger ${first}`, path, label: "Send a test message" };
}
