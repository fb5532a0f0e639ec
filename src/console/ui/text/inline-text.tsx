import { Fragment } from "react";

/** A text of the description; parts in backticks are shown as code. */
export function InlineText({ text }: { readonly text: string }) {
  const parts = text.split("`");
  return parts.map((part, index) => {
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text do not change places.
    return index % 2 === 1 ? <code key={index}>{part}</code> : <Fragment key={index}>{part}</Fragment>;
  });
}
