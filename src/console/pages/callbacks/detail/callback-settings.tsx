import type { CallbackDetail } from "../../../../client/index.ts";
import { type Fact, Facts } from "../../../ui/data/facts.tsx";
import { duration, Time } from "../../../ui/text/time.tsx";
import { ActivityView } from "../activity-text.tsx";
import styles from "./callback-settings.module.css";

/** Every setting of a callback; those of the other response type are left out. */
export function CallbackSettings({ callback }: { readonly callback: CallbackDetail }) {
  const { callbackActivity, callbackActivityCase, stateQueryParameter, alternativeDomain } = callback;
  const { allowMultipleCalls, retryableAfterError, confirm, replay, expiresInSeconds } = callback;
  const { createdAt, expiresAt, closedAt } = callback;
  const facts: readonly Fact[] = [
    { name: "Callback activity", value: <ActivityView activity={callbackActivity} />, isWide: true },
    { name: "Callback activity case", value: callbackActivityCase || undefined },
    { name: "State query parameter", value: stateQueryParameter ? <code>{stateQueryParameter}</code> : "none" },
    { name: "Alternative domain", value: alternativeDomain || undefined },
    { name: "Allow multiple calls?", value: yesNo(allowMultipleCalls) },
    { name: "Retryable after error?", value: yesNo(retryableAfterError) },
    { name: "Ask a person to confirm?", value: yesNo(confirm) },
    {
      name: "When the same call comes again",
      value: replay === "gone" ? "refused (410)" : "the same answer for 24 hours",
    },
    {
      name: "Expires after",
      value: expiresInSeconds === undefined ? "never" : duration(expiresInSeconds * 1_000),
    },
    { name: "Created", value: <Time at={createdAt} /> },
    { name: "Expires", value: expiresAt && <Time at={expiresAt} /> },
    { name: "Closed", value: closedAt && <Time at={closedAt} /> },
    ...answerFacts(callback),
  ];
  return <Facts facts={facts} />;
}

function answerFacts(callback: CallbackDetail): readonly Fact[] {
  const { responseType, responseRedirectUrl, responseBody, responseCode, responseHeaders } = callback;
  if (responseType === "redirect") {
    return [
      { name: "Response type", value: "Redirect" },
      {
        name: "Response redirect URL",
        value: responseRedirectUrl ? <code>{responseRedirectUrl}</code> : "what the handler says",
        isWide: true,
      },
    ];
  }
  const headers = Object.entries(responseHeaders);
  return [
    { name: "Response type", value: "Response" },
    { name: "Response code", value: responseCode },
    {
      name: "Response headers",
      value:
        headers.length === 0 ? (
          "none"
        ) : (
          <pre className={styles.text}>{headers.map(([name, value]) => `${name}: ${value}`).join("\n")}</pre>
        ),
      isWide: true,
    },
    {
      name: "Response body",
      value: responseBody === "" ? "empty" : <pre className={styles.text}>{responseBody}</pre>,
      isWide: true,
    },
  ];
}

const yesNo = (is: boolean) => (is ? "yes" : "no");
