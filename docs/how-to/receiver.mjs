/**
 * Another system, for the how-to pages: prints each request that it gets and answers 200 with a number.
 *
 *   POST /later     takes the request with 202, as a system that calls back later does
 *   GET  /waiting   the correlation id of the newest such request
 *   POST /slow      answers after three seconds
 *   POST /login     plays the handler of a callback: says where the browser goes
 *
 * `PORT` is where it listens. With `ANSWER=503` it answers everything with that status.
 */
import { createServer } from "node:http";

const { PORT = "9000", ANSWER = "200" } = process.env;
let count = 0;
let waiting = "";

const server = createServer(async (request, response) => {
  if (request.url === "/waiting") return response.end(waiting);
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString("utf8");
  // A moment later, so that it stands behind what the sender prints.
  setTimeout(() => console.log(`receiver: ${request.method} ${request.url} ${body}`), 100);

  if (ANSWER !== "200") return response.writeHead(Number(ANSWER)).end();
  if (request.url === "/later") {
    waiting = request.headers["x-link-correlation-id"] ?? "";
    return response.writeHead(202).end();
  }
  if (request.url === "/login") return response.end(`{"responseRedirectUrl":"https://app.example/welcome"}`);
  if (request.url === "/slow") await new Promise((resolve) => setTimeout(resolve, 3_000));
  response.writeHead(200, { "content-type": "application/json" }).end(`{"number":${++count}}`);
});

server.listen(Number(PORT), "127.0.0.1", () => console.log(`The receiver listens on http://127.0.0.1:${PORT}`));
