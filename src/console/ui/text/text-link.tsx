import { Link } from "wouter";

/** A link in running text. Its path is relative to the workspace. */
export function TextLink({ href, children }: { readonly href: string; readonly children: string }) {
  return (
    <Link href={href} className="link">
      {children}
    </Link>
  );
}

/** How much of an id is shown: the rest is on the page of what it names. */
export const shortId = (id: string) => id.slice(0, 13);

export function ExecutionLink({ id }: { readonly id: string }) {
  return (
    <Link href={`/executions/${id}`} className="link mono">
      {shortId(id)}
    </Link>
  );
}
