/** What a link says of itself, in one line. */
import { label, written } from "./labels.js";
import { linkProperties } from "./model.js";

/** @param {number} link */
export function noteOf(link) {
  return linkProperties(link)
    .map(({ column, value }) => (value === true ? label(column) : written(value, column.unit)))
    .join(" · ");
}
