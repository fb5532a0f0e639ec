import { Input } from "@cloudflare/kumo/components/input";
import { type ReactNode, useEffect, useRef } from "react";
import { Link, useSearchParams } from "wouter";
import { EmptyState } from "../../ui/feedback/empty-state.tsx";
import { type Description, filtered, type Group, type Operation } from "../description.ts";
import { MethodBadge } from "./method-badge.tsx";
import styles from "./operation-list.module.css";

interface Props {
  readonly description: Description;
  /** The operation that is shown beside the list, which is shorter then. */
  readonly current?: string;
}

/** All operations in their groups, with a filter that is kept in the URL. */
export function OperationList({ description, current }: Props) {
  const [search, setSearch] = useSearchParams();
  const filter = search.get("q") ?? "";
  const groups = filtered(description.groups, filter);
  const count = groups.reduce((sum, { operations }) => sum + operations.length, 0);
  const suffix = filter === "" ? "" : `?${new URLSearchParams({ q: filter })}`;
  const isAside = current !== undefined;
  const list = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is about the change of what is shown.
  useEffect(() => {
    list.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  }, [current]);
  return (
    <div className={isAside ? styles.aside : styles.list}>
      <search>
        <Input
          label="Filter"
          type="search"
          placeholder="Name, path, permission or field"
          value={filter}
          onChange={(event) => {
            const q = event.target.value;
            setSearch(q === "" ? {} : { q }, { replace: true });
          }}
        />
      </search>
      <p role="status" className={filter === "" ? "hidden-visually" : "subtle"}>
        {count === 1 ? "1 operation" : `${count} operations`}
      </p>
      {count === 0 && <EmptyState title="Nothing fits the filter" text="Every word of it has to be found." />}
      <nav ref={list} aria-label="Operations" className={styles.groups}>
        {groups.map((group) => (
          <GroupView key={group.name} group={group} isAside={isAside}>
            {(operation) => (
              <Link
                href={`/~reference/${operation.id}${suffix}`}
                className={styles.item ?? ""}
                {...(operation.id === current && { "aria-current": "page" as const })}
              >
                <MethodBadge method={operation.method} />
                <span className={styles.texts}>
                  <span>{operation.summary}</span>
                  {!isAside && <code className={styles.path}>{operation.path}</code>}
                </span>
              </Link>
            )}
          </GroupView>
        ))}
      </nav>
    </div>
  );
}

interface GroupProps {
  readonly group: Group;
  readonly isAside: boolean;
  readonly children: (operation: Operation) => ReactNode;
}

function GroupView({ group, isAside, children }: GroupProps) {
  const { title, description, operations } = group;
  return (
    <section aria-label={title} className="stack-2">
      <header>
        <h2>{title}</h2>
        {!isAside && description !== undefined && <p className="subtle">{description}</p>}
      </header>
      <ul className={styles.items}>
        {operations.map((operation) => (
          <li key={operation.id}>{children(operation)}</li>
        ))}
      </ul>
    </section>
  );
}
