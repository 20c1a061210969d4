/** Counts of places added up to the places they lie in. */

/** Numbers of a region with those of its parts. @param {number[]} parent @param {number[]} where @param {number[]} firms @param {(i: number) => number} slot @param {number} size */
export function rolledUp(parent, where, firms, slot, size) {
  const count = parent.length;
  const grid = Array.from({ length: count + 1 }, () => new Float64Array(size));
  where.forEach((region, i) => {
    for (let at = region < 0 ? count : region; at >= 0; at = at === count ? -1 : parent[at]) grid[at][slot(i)] += firms[i];
  });
  return grid;
}
