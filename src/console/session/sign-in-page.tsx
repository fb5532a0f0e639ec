import { Banner } from "@cloudflare/kumo/components/banner";
import { Button } from "@cloudflare/kumo/components/button";
import { Input } from "@cloudflare/kumo/components/input";
import { type FormEvent, useEffect, useState } from "react";
import styles from "../ui/page/card.module.css";
import { Logo } from "../ui/page/logo.tsx";
import { TextLink } from "../ui/text/text-link.tsx";
import { proveToken } from "./prove-token.ts";
import { signIn, useSession } from "./session.ts";

/** Asks for a token, and checks it before it is stored. */
export function SignInPage() {
  const { notice } = useSession();
  const [token, setToken] = useState("");
  const [problem, setProblem] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  useEffect(() => {
    document.title = "Sign in · Hookback";
  }, []);

  async function submit(event: FormEvent) {
    event.preventDefault();
    const given = token.trim();
    if (given === "") return setProblem("Paste a token.");
    setBusy(true);
    setProblem(undefined);
    const refused = await proveToken(given).catch((error: Error) => error.message);
    setBusy(false);
    if (refused === null) signIn({ token: given });
    else setProblem(refused);
  }

  return (
    <main className={styles.page}>
      <form className={styles.card} onSubmit={submit} noValidate>
        <Logo />
        <div className="stack-2">
          <h1>Sign in</h1>
          <p className="subtle">
            Use the admin token of the gateway or a personal access token. It is stored in this browser tab only.
          </p>
        </div>
        {notice !== null && <Banner variant="alert" size="sm" description={notice} />}
        <Input
          label="Token"
          type="password"
          autoComplete="off"
          spellCheck={false}
          value={token}
          onChange={(event) => setToken(event.target.value)}
          {...(problem !== undefined && { error: problem, "aria-invalid": true })}
        />
        <Button type="submit" variant="primary" size="lg" loading={isBusy} className={styles.wide ?? ""}>
          Sign in
        </Button>
        <p className="subtle small">
          On your own machine, the admin token is <code>ADMIN_TOKEN</code> in the file <code>.dev.vars</code>. The{" "}
          <TextLink href="/~reference">API reference</TextLink> needs no token.
        </p>
      </form>
    </main>
  );
}
