import { Input } from "@cloudflare/kumo/components/input";
import { useEffect, useRef } from "react";
import { Link, useSearchParams } from "wouter";
import { EmptyState } from "../../ui/feedback/empty-state.tsx";
import { type Description, filtered } from "../description.ts";
import { MethodBadge } from "./method-badge.tsx";
import styles from "./operation-list.module.css";

interface Props {
  readonly description: Description;
  /** The operation that is shown beside the list, which is shorter then. */
  readonly current?: string;
}

/** All operations in their groups, with a filter that is stored in the URL. */
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
        {groups.map(({ name, title, description: text, operations }) => (
          <section key={name} aria-label={title} className="stack-2">
            <header>
              <h2>{title}</h2>
              {!isAside && text !== undefined && <p className="subtle">{text}</p>}
            </header>
            <ul className={styles.items}>
              {operations.map(({ id, method, path, summary }) => (
                <li key={id}>
                  <Link
                    href={`/~reference/${id}${suffix}`}
                    className={styles.item ?? ""}
                    {...(id === current && { "aria-current": "page" as const })}
                  >
                    <MethodBadge method={method} />
                    <span className={styles.texts}>
                      <span>{summary}</span>
                      {!isAside && <code className={styles.path}>{path}</code>}
                    </span>
                  </Link>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </nav>
    </div>
  );
}
