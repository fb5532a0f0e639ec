import { useQuery } from "@tanstack/react-query";
import { useClient } from "../data/api.tsx";
import { sessionQuery } from "../data/permissions.ts";
import { useSession } from "../session/session.ts";
import styles from "./signed-in-as.module.css";

/** The name of the session, and a note when Cloudflare Access identifies the user. */
export function SignedInAs() {
  const { data: who } = useQuery(sessionQuery(useClient()));
  const { session } = useSession();
  if (!who) return null;
  const isByAccess = session !== null && session.token === undefined;
  // The label that the gateway gives its own token.
  const name = who.label === "ADMIN_TOKEN" ? "Admin token" : who.label;
  return (
    <p className={styles.who}>
      <span className="cut subtle" title={`Signed in as ${name}`}>
        {name}
      </span>
      {isByAccess && <span className="subtle">through Cloudflare Access</span>}
    </p>
  );
}
