/** A slow ERP that takes one event of a repository at a time, and refuses work every now and then. */
import { createServer } from "node:http";

const { PORT = "9103", WORK_MS = "300" } = process.env;

/** The newest event of each repository, and the repositories that are worked on. */
const newest = new Map();
const busy = new Set();
let requests = 0;

const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const { number, repository } = JSON.parse(Buffer.concat(chunks).toString("utf8"));
  const name = repository.full_name;
  requests++;
  if (requests % 5 === 0) {
    console.log(`erp: ${name} #${number} has to come again`);
    return response.writeHead(503).end();
  }
  const isOverlapping = busy.has(name);
  busy.add(name);
  await new Promise((resolve) => setTimeout(resolve, Number(WORK_MS)));
  busy.delete(name);
  const isInOrder = !isOverlapping && number === (newest.get(name) ?? 0) + 1;
  newest.set(name, number);
  console.log(`erp: ${name} #${number} ${isInOrder ? "entered in order" : "OUT OF ORDER"}`);
  response.writeHead(204).end();
});

server.listen(Number(PORT), "127.0.0.1", () => console.log(`The ERP listens on http://127.0.0.1:${PORT}`));
