/** Reads CSV as RFC 4180 has it: quoted fields may hold delimiters, line breaks and doubled quotes. */
import { DataError } from "./server.mjs";

/**
 * One object for each row, by the names in the first one.
 *
 * @param {string} text
 * @param {string} delimiter a single character
 * @returns {Record<string, string>[]}
 */
export function readCsv(text, delimiter) {
  const [names = [], ...rows] = readRows(text.replace(/^\uFEFF/, ""), delimiter);
  return rows
    .filter((row) => row.some((field) => field !== ""))
    .map((row, index) => {
      if (row.length !== names.length) {
        throw new DataError(`Row ${index + 2} has ${row.length} fields, the header has ${names.length}.`);
      }
      return Object.fromEntries(names.map((name, n) => [name.trim(), row[n] ?? ""]));
    });
}

/**
 * @param {string} text
 * @param {string} delimiter
 */
function readRows(text, delimiter) {
  /** @type {string[][]} */
  const rows = [];
  /** @type {string[]} */
  let row = [];
  let at = 0;
  while (at < text.length) {
    const { value, end } = text[at] === '"' ? readQuoted(text, at) : readPlain(text, at, delimiter);
    row.push(value);
    at = end;
    if (text[at] === delimiter) {
      at++;
      if (at < text.length) continue;
      row.push("");
    } else if (at < text.length && text[at] !== "\r" && text[at] !== "\n") {
      throw new DataError(`Row ${rows.length + 1} goes on after a closing quote.`);
    }
    rows.push(row);
    row = [];
    at += text.startsWith("\r\n", at) ? 2 : 1;
  }
  return rows;
}

/**
 * @param {string} text
 * @param {number} start
 * @param {string} delimiter
 */
function readPlain(text, start, delimiter) {
  let end = start;
  while (end < text.length && text[end] !== delimiter && text[end] !== "\r" && text[end] !== "\n") end++;
  return { value: text.slice(start, end), end };
}

/**
 * @param {string} text
 * @param {number} start of the opening quote
 */
function readQuoted(text, start) {
  let end = text.indexOf('"', start + 1);
  while (end >= 0 && text[end + 1] === '"') end = text.indexOf('"', end + 2);
  if (end < 0) throw new DataError("A quoted field is not closed.");
  return { value: text.slice(start + 1, end).replaceAll('""', '"'), end: end + 1 };
}
