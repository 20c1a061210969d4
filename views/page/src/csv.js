/** Rows as a file that a spreadsheet opens without running anything in it. */

/** A cell that no spreadsheet reads as a formula. @param {unknown} value */
export function cell(value) {
  let text = value === null || value === undefined ? "" : String(value);
  if (/^'*[=+\-@＝＋－＠\t\r\n]/.test(text)) text = `'${text}`;
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

/** @param {unknown[][]} rows */
export const csvOf = (rows) => `\ufeff${rows.map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
