/** A page that link scanners may open any number of times: only its button uses the callback. */
import { createHash } from "node:crypto";

const STYLE = `
  :root { color-scheme: light dark; font: 100%/1.5 system-ui, sans-serif; }
  body { display: grid; min-height: 100vh; margin: 0; place-items: center; }
  main { max-width: 26rem; padding: 2rem; text-align: center; }
  h1 { font-size: 1.5rem; }
  button { min-height: 3rem; padding: 0 2rem; border: 0; border-radius: .5rem; background: #0b57d0; color: #fff;
    font: inherit; font-weight: 600; cursor: pointer; }
  button:focus-visible { outline: 3px solid CanvasText; outline-offset: 3px; }
`;

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>Please confirm</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>Please confirm</h1>
<p>Press the button to continue.</p>
<form method="post"><button type="submit">Continue</button></form>
</main>
</body>
</html>
`;

/** Without form-action: browsers apply it to the redirect of the answer too, whose target may be anywhere. */
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'`,
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join("; ");

export const confirmPage = () =>
  new Response(PAGE, {
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": POLICY,
      "cache-control": "no-store",
      "referrer-policy": "no-referrer",
    },
  });
