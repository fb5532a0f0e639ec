import type { Activity } from "../../../client/index.ts";
import { TextLink } from "../../ui/text/text-link.tsx";

/** What happens when a callback is called, in a few words. */
export function activityText(activity: Activity): string {
  if (activity.type === "http") return `Asks ${hostOf(activity.url)}`;
  return activity.type === "flow" ? `Starts ${activity.flow}` : "Records the call";
}

/** The same with all that there is to it. */
export function ActivityView({ activity }: { readonly activity: Activity }) {
  if (activity.type === "record") return <>Records the call</>;
  if (activity.type === "flow") {
    return (
      <>
        Starts the flow <TextLink href={`/flows/${activity.flow}`}>{activity.flow}</TextLink>
      </>
    );
  }
  const { url, timeoutSeconds, signingSecret } = activity;
  return (
    <>
      Asks the handler at <code>{url}</code> for at most {timeoutSeconds} s,{" "}
      {signingSecret === undefined ? "not signed" : `signed with the secret ${signingSecret}`}
    </>
  );
}

const hostOf = (url: string) => (URL.canParse(url) ? new URL(url).host : url);
