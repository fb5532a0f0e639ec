/** A toy payment service. It says twice what became of a payment: to the shop, and by sending the customer back. */
import { createServer } from "node:http";

const { PORT = "9112" } = process.env;

const server = createServer(async (request, response) => {
  const url = new URL(request.url ?? "/", `http://${request.headers.host}`);
  const { reference, returnUrl, statusUrl, pay } = Object.fromEntries(url.searchParams);
  if (url.pathname !== "/pay" || !returnUrl || !statusUrl) return response.writeHead(404).end();
  if (pay === undefined) {
    url.searchParams.set("pay", "now");
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
    return response.end(
      `<!doctype html><a href="${url.search.replaceAll("&", "&amp;")}">Pay for order ${Number(reference)}</a>`,
    );
  }
  for (const status of ["authorised", "paid"]) {
    const body = JSON.stringify({ reference, status });
    const answer = await fetch(statusUrl, { method: "POST", headers: { "content-type": "application/json" }, body });
    console.log(`payment service: told ${status}, answered ${answer.status}`);
  }
  response.writeHead(302, { location: returnUrl }).end();
});

server.listen(Number(PORT), "127.0.0.1", () => console.log(`The payment service listens on http://127.0.0.1:${PORT}`));
