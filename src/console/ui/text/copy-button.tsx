import { Button } from "@cloudflare/kumo/components/button";
import { CheckIcon, CopyIcon } from "@phosphor-icons/react";
import { useEffect, useState } from "react";
import { notifyProblem } from "../feedback/toast.ts";

const SHOWN_MS = 2_000;

interface Props {
  readonly text: string;
  /** The name of the text, such as "execution id", for screen readers. */
  readonly what: string;
  /** A word on the button; an icon alone when left out. */
  readonly label?: string;
}

/** Copies a text and says so. */
export function CopyButton({ text, what, label }: Props) {
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [isCopied]);

  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
    } catch {
      notifyProblem(new Error("The browser does not let the console copy. Select the text and copy it by hand."));
    }
  }

  const icon = isCopied ? <CheckIcon /> : <CopyIcon />;
  const shared = { size: "sm", onClick: copy, icon } as const;
  return (
    <>
      {label === undefined ? (
        <Button {...shared} variant="ghost" shape="square" aria-label={`Copy ${what}`} title={`Copy ${what}`} />
      ) : (
        <Button {...shared} aria-label={`${label}: ${what}`}>
          {isCopied ? "Copied" : label}
        </Button>
      )}
      <span role="status" className="hidden-visually">
        {isCopied ? "Copied" : ""}
      </span>
    </>
  );
}
