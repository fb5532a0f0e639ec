import type { Callback } from "../../../../client/index.ts";
import { Facts } from "../../../ui/data/facts.tsx";
import { CopiedText } from "../../../ui/text/copied-text.tsx";

type Address = Pick<Callback, "callbackUrl" | "callbackState" | "callbackCaseId">;

/** The three outputs of a callback. */
export function CallbackAddress({
  callback: { callbackUrl, callbackState, callbackCaseId },
}: {
  readonly callback: Address;
}) {
  return (
    <Facts
      facts={[
        { name: "Callback URL", value: <CopiedText text={callbackUrl} what="the callback URL" />, isWide: true },
        {
          name: "Callback state: what to send along where only a state can be sent, as with SAML",
          value: <CopiedText text={callbackState} what="the callback state" />,
          isWide: true,
        },
        {
          name: "Callback case id: with it a program closes the callback",
          value: <CopiedText text={callbackCaseId} what="the callback case id" />,
          isWide: true,
        },
        {
          name: "To try it from a terminal",
          value: <CopiedText text={`curl -i "${callbackUrl}"`} what="the command" />,
          isWide: true,
        },
      ]}
    />
  );
}
