import { useEffect } from "react";
import { CopiedText } from "../ui/text/copied-text.tsx";
import { InlineText } from "../ui/text/inline-text.tsx";
import type { Description } from "./description.ts";
import { OperationList } from "./operation/operation-list.tsx";
import styles from "./reference-index.module.css";
import { Fold } from "./schema/fold.tsx";
import { SchemaView } from "./schema/schema-view.tsx";

/** General information, and the list of operations. */
export function ReferenceIndex({ description }: { readonly description: Description }) {
  const { raw, origin } = description;
  const { info, components } = raw;
  useEffect(() => {
    document.title = "API reference · Hookback";
  }, []);
  return (
    <div className={styles.index}>
      <header className={styles.header}>
        <h1>API reference</h1>
        <p className="subtle">
          {info.description} Version {info.version};{" "}
          <a href="/api/v1/openapi.json" className="link">
            OpenAPI document
          </a>
          .
        </p>
      </header>
      <dl className={styles.facts}>
        <div>
          <dt>Address</dt>
          <dd>
            <CopiedText text={origin} what="the address" />
          </dd>
        </div>
        {Object.entries(components.securitySchemes).map(([name, { scheme, description: text }]) => (
          <div key={name}>
            <dt>
              <code>authorization: {scheme === "basic" ? "Basic" : "Bearer"} ...</code>
            </dt>
            <dd>
              <InlineText text={text} />
            </dd>
          </div>
        ))}
      </dl>
      {components.schemas.Problem && (
        <Fold title="Problem documents: the form of every refusal">
          <SchemaView schema={components.schemas.Problem} />
        </Fold>
      )}
      <OperationList description={description} />
    </div>
  );
}
