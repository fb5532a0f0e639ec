import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import { type Column, layOut } from "../../src/cli/table.ts";

interface Row {
  readonly id: string;
  readonly name: string;
  readonly took: string;
}

const COLUMNS: readonly Column<Row>[] = [
  { title: "ID", value: ({ id }) => id },
  { title: "NAME", value: ({ name }) => name, isLong: true },
  { title: "TOOK", value: ({ took }) => took, extra: 1 },
];
const ID = "0de24b4c-9c00-8070-87e5-e28007942709";
const row = (name: string): Row => ({ id: ID, name, took: "14 ms" });

describe("a table on a narrow terminal", () => {
  it("is as wide as its texts if there is room", () => {
    const { widths, leftOut } = layOut([row("orders"), row("shop")], COLUMNS, 80);
    expect([widths, leftOut]).toEqual([[36, 6, 5], []]);
  });

  it("cuts long names first, and marks the cut", () => {
    const { cells, widths } = layOut([row("orders-of-the-shop"), row("shop")], COLUMNS, 60);
    expect(widths.reduce((sum, width) => sum + width, 4)).toBe(60);
    expect(cells[0]?.[1]).toBe("orders-of-the-…");
    expect(cells[1]?.[1]).toBe("shop");
  });

  it("then omits the least important columns, reports them, and never cuts an id", () => {
    const { cells, leftOut, columns } = layOut([row("orders-of-the-shop")], COLUMNS, 48);
    expect(columns.map(({ title }) => title)).toEqual(["ID", "NAME"]);
    expect(cells).toEqual([[ID, "orders-of…"]]);
    expect(leftOut).toEqual(["TOOK"]);
    expect(layOut([row("orders")], COLUMNS, 10).cells[0]?.[0]).toBe(ID);
  });

  it("aligns characters of two columns or none, and removes control characters", () => {
    expect(["日本語", "é", "e\u0301", "👍", "👩‍🚀"].map((text) => stringWidth(text))).toEqual([6, 1, 1, 2, 2]);
    const { cells, widths } = layOut([row("日本\u001b[2J\nx")], COLUMNS, Number.POSITIVE_INFINITY);
    expect([cells[0]?.[1], widths[1]]).toEqual(["日本 [2J x", 10]);
    expect(layOut([row("日本語日本語")], COLUMNS.slice(0, 2), 47).cells[0]?.[1]).toBe("日本語日…");
  });
});
