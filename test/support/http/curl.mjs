#!/usr/bin/env node
// Plays curl for the commands of the documents, on machines that have none: the options that they use, and no others.
// It ends with 22 when the answer is a refusal, as `curl --fail` does.
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    request: { type: "string", short: "X" },
    header: { type: "string", short: "H", multiple: true, default: [] },
    data: { type: "string", short: "d" },
    "data-binary": { type: "string" },
    user: { type: "string", short: "u" },
    include: { type: "boolean", short: "i" },
  },
});
const given = values["data-binary"] ?? values.data;
const body = given?.startsWith("@") ? readFileSync(given.slice(1)) : given;
const headers = new Headers(
  values.header.map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()]),
);
if (values.user !== undefined) headers.set("authorization", `Basic ${Buffer.from(values.user).toString("base64")}`);
const method = values.request ?? (body === undefined ? "GET" : "POST");
const answer = await fetch(positionals[0], { method, headers, body, redirect: "manual" });
if (values.include)
  console.log(
    `HTTP/1.1 ${answer.status}\n${[...answer.headers].map(([name, value]) => `${name}: ${value}\n`).join("")}`,
  );
console.log(await answer.text());
process.exitCode = answer.status >= 400 ? 22 : 0;
