import { Link } from "wouter";

/** A link in running text. Its path is relative to the workspace. */
export function TextLink({ href, children }: { readonly href: string; readonly children: string }) {
  return (
    <Link href={href} className="link">
      {children}
    </Link>
  );
}

/** The beginning of an id, for lists and headings. */
export const shortId = (id: string) => id.slice(0, 13);

export function ExecutionLink({ id }: { readonly id: string }) {
  return (
    <Link href={`/executions/${id}`} className="link mono">
      {shortId(id)}
    </Link>
  );
}
