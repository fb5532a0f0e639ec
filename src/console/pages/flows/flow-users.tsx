import { useQuery } from "@tanstack/react-query";
import { useWorkspace } from "../../data/api.tsx";
import { callbackConfigsQuery, triggersQuery } from "../../data/queries.ts";
import { Loaded } from "../../ui/data/loaded.tsx";
import { Section } from "../../ui/page/page.tsx";
import { TextLink } from "../../ui/text/text-link.tsx";
import styles from "./flow-users.module.css";

/** The triggers and the stored callback configurations that start the flow. */
export function FlowUsers({ flow }: { readonly flow: string }) {
  const workspace = useWorkspace();
  const triggers = useQuery(triggersQuery(workspace));
  const configs = useQuery(callbackConfigsQuery(workspace));
  const callbacks = (configs.data ?? []).filter(
    ({ callbackActivity: activity }) => activity?.type === "flow" && activity.flow === flow,
  );
  return (
    <Section
      title="Used by"
      actions={<TextLink href={`/triggers/~new?flow=${encodeURIComponent(flow)}`}>New trigger for this flow</TextLink>}
    >
      <Loaded query={triggers} what="the triggers">
        {(list) => {
          const users = list.filter((trigger) => trigger.flow === flow);
          if (users.length === 0 && callbacks.length === 0)
            return <p className="subtle">Nothing starts this flow yet. Give it a trigger.</p>;
          return (
            <ul className={styles.users}>
              {users.map(({ name }) => (
                <li key={`trigger ${name}`}>
                  <span className="subtle">Trigger</span>
                  <TextLink href={`/triggers/${name}`}>{name}</TextLink>
                </li>
              ))}
              {callbacks.map(({ name }) => (
                <li key={`callback ${name}`}>
                  <span className="subtle">Callback configuration</span>
                  <span>{name}</span>
                </li>
              ))}
            </ul>
          );
        }}
      </Loaded>
    </Section>
  );
}
