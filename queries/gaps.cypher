// 哪些环节缺、断、细、弱：每个末级环节一行
// Which segments are missing, broken, thin or weak: one row per leaf segment
//
// The twin of the question gaps: the same rows, the same order of tests, the same margin of 1e-9.
// :param source => 'chenglan'
// :param chain => ''
// :param region => ''
// :param min_placed => 0.5
// :param min_firms => 1
// :param n_star => 3.0
// :param max_dependence => 0.5
// :param supplier_share => 0.8
// :param captive_share => 0.5
// :param clustered_pairs => 3
// :param unlinked_share => 0.5

// the chains asked about, each with its region and what lies within and around it
MATCH (c:Chain {liantu_source: $source})
WHERE $chain = '' OR c.liantu_id = $chain
OPTIONAL MATCH (c)-[:LOCATED_IN]->(home:Region)
OPTIONAL MATCH (wanted:Region {liantu_source: $source, liantu_id: $region})
WITH c, home.liantu_id AS home, coalesce(wanted.liantu_id, home.liantu_id) AS asked
CALL (asked) {
  MATCH (r:Region {liantu_source: $source})-[:PART_OF*0..]->(:Region {liantu_source: $source, liantu_id: asked})
  RETURN collect(DISTINCT r.liantu_id) AS inside
}
CALL (asked) {
  MATCH (:Region {liantu_source: $source, liantu_id: asked})-[:PART_OF*0..]->(r:Region)
  RETURN collect(DISTINCT r.liantu_id) AS around
}

// its enterprises there, and how many of them have a segment
CALL (c, home, asked, inside) {
  CALL (c) {
    MATCH (f:Enterprise)-[:IN_CHAIN]->(c) RETURN f
    UNION ALL
    MATCH (f:Enterprise)-[:IN_SEGMENT]->(:Segment)-[:PART_OF]->(c) RETURN f
  }
  WITH DISTINCT c, home, asked, inside, f
  WHERE f.standing <> 'outside'
  OPTIONAL MATCH (f)-[:LOCATED_IN]->(own:Region)
  WITH c, f, asked, inside, coalesce(own.liantu_id, home) AS at
  WHERE asked IS NULL OR at IN inside
  WITH f, COUNT { (f)-[:IN_SEGMENT]->(:Segment)-[:PART_OF]->(c) } AS stands
  RETURN count(f) AS members, sum(CASE WHEN stands > 0 THEN 1 ELSE 0 END) AS placed
}
WITH c, home, asked, inside, around, members, placed
WHERE $region = '' OR home IS NULL OR home IN around OR home IN inside OR members > 0

// what is declared complete, which segments have parts, which links are drawn
CALL (c, around) {
  MATCH (x:Scope {liantu_source: $source})
  WHERE x.complete = true AND (x.region IS NULL OR x.region IN around)
    AND (x.chain IS NULL OR x.chain = c.liantu_id)
  RETURN collect(DISTINCT x.table) AS complete
}
CALL (c) {
  MATCH (k:Segment)-[:PART_OF]->(c)
  WHERE k.parent IS NOT NULL AND k.parent <> k.liantu_id
  RETURN collect({child: k.liantu_id, parent: k.parent}) AS parts
}
CALL (c) {
  MATCH (c)<-[:PART_OF]-(a:Segment)-[l:UPSTREAM_OF]->(b:Segment)-[:PART_OF]->(c)
  WHERE coalesce(l.recycling, false) = false
  RETURN collect([a.liantu_id, b.liantu_id]) AS drawn
}

// the leaves, each with the segments above it
MATCH (s:Segment)-[:PART_OF]->(c)
WHERE NONE(p IN parts WHERE p.parent = s.liantu_id)
WITH *, reduce(up = [s.liantu_id], i IN range(1, CASE WHEN size(parts) < 64 THEN size(parts) ELSE 64 END) |
  up + [p IN parts WHERE p.child = up[size(up) - 1] AND NOT p.parent IN up | p.parent]) AS path

// who stands on it, with output and dependence; who stands above it
CALL (s, home, asked, inside) {
  MATCH (f:Enterprise)-[r:IN_SEGMENT]->(s)
  WHERE f.standing <> 'outside'
  OPTIONAL MATCH (f)-[:LOCATED_IN]->(own:Region)
  WITH s, f, r, asked, inside, coalesce(own.liantu_id, home) AS at
  WHERE asked IS NULL OR at IN inside
  WITH s, f, sum(r.output) AS stated, count(r.output) AS known, avg(r.outside_dependence) AS share
  WITH f, stated, known, share, COUNT { MATCH (f)-[:IN_SEGMENT]->(o:Segment) WHERE o.liantu_id <> s.liantu_id } AS others
  WITH f, share, CASE WHEN known > 0 THEN stated WHEN others = 0 THEN f.output ELSE null END AS output
  RETURN collect({firm: f, id: f.liantu_id, output: output, share: share}) AS here
}
CALL (c, path, home, asked, inside) {
  MATCH (f:Enterprise)-[:IN_SEGMENT]->(a:Segment)-[:PART_OF]->(c)
  WHERE f.standing <> 'outside' AND a.liantu_id IN path AND a.liantu_id <> path[0]
  OPTIONAL MATCH (f)-[:LOCATED_IN]->(own:Region)
  WITH asked, inside, coalesce(own.liantu_id, home) AS at
  WHERE asked IS NULL OR at IN inside
  RETURN count(*) AS coarse
}

// essential purchases: how much comes from a supplier that dominates what it sells
CALL (here) {
  UNWIND here AS h
  WITH h.firm AS buyer
  MATCH (supplier:Enterprise)-[r:SUPPLIES]->(buyer)
  WHERE r.essential = true AND r.amount IS NOT NULL
    AND NOT EXISTS { MATCH (supplier)-[o:SUPPLIES]->(buyer) WHERE o.year > r.year }
  OPTIONAL MATCH (p:Product {liantu_source: $source, liantu_id: r.product})
  WITH supplier, r, p, COLLECT { MATCH (supplier)-[:IN_SEGMENT]->(o:Segment) RETURN DISTINCT o.liantu_id } AS stands
  WITH supplier, r.amount AS amount, CASE
    WHEN p IS NOT NULL THEN 'product ' + p.liantu_id
    WHEN r.segment IS NOT NULL THEN 'segment ' + r.segment
    WHEN size(stands) = 1 THEN 'segment ' + stands[0]
    ELSE '' END AS item
  WITH item, supplier, sum(amount) AS amount
  WITH item, collect(amount) AS amounts, sum(amount) AS whole
  RETURN sum(whole) AS essential,
    sum(reduce(held = 0.0, a IN amounts | held + CASE WHEN whole > 0 AND a > whole * ($supplier_share + 1e-9) THEN a ELSE 0.0 END)) AS captive
}

// qualifications: whether every firm reports, and how many have one
CALL (here) {
  UNWIND here AS h
  WITH h.firm AS f
  WITH f, (f.qualifications IS NOT NULL AND
      ANY(q IN f.qualifications WHERE trim(replace(replace(replace(replace(q, '无', ''), '；', ''), '、', ''), ';', '')) <> ''))
    OR EXISTS { (f)-[:HOLDS]->(:Qualification) } AS has
  WITH f, has, has OR f.qualifications IS NOT NULL OR EXISTS {
    MATCH (x:Scope {liantu_source: $source})
    WHERE x.table = '企业资质' AND x.complete = true
      AND (x.region IS NULL OR EXISTS { (f)-[:LOCATED_IN]->(:Region)-[:PART_OF*0..]->(:Region {liantu_source: $source, liantu_id: x.region}) })
      AND (x.chain IS NULL OR EXISTS { (f)-[:IN_CHAIN]->(:Chain {liantu_source: $source, liantu_id: x.chain}) })
  } AS says
  RETURN sum(CASE WHEN says THEN 0 ELSE 1 END) AS silent, sum(CASE WHEN has THEN 1 ELSE 0 END) AS qualified
}

// capacity against orders of the same product and unit: the one ordered furthest beyond it
CALL (s, c, here, home, asked, inside) {
  CALL (s, here) {
    UNWIND here AS h
    WITH s, h.firm AS f
    MATCH (f)-[r:IN_SEGMENT]->(s)
    MATCH (p:Product {liantu_source: $source, liantu_id: r.product})
    RETURN f, p, r.capacity AS capacity, r.unit AS unit
    UNION ALL
    UNWIND here AS h
    WITH s, h.firm AS f
    MATCH (f)-[r:MAKES]->(p:Product)
    WHERE p.segment = s.liantu_id
    RETURN f, p, r.capacity AS capacity, r.unit AS unit
  }
  WITH c, home, asked, inside, f, p, capacity, trim(CASE WHEN coalesce(unit, '') = '' THEN coalesce(p.unit, '') ELSE unit END) AS unit
  WITH c, home, asked, inside, p, count(DISTINCT f.liantu_id) AS listed,
    collect({firm: f.liantu_id, capacity: capacity, unit: unit}) AS offers
  UNWIND offers AS offer
  WITH c, home, asked, inside, p, listed, offer
  WHERE offer.capacity IS NOT NULL AND offer.unit <> ''
  WITH c, home, asked, inside, p, listed, offer.unit AS unit, offer.firm AS firm, max(offer.capacity) AS capacity
  WITH c, home, asked, inside, p, listed, unit, sum(capacity) AS capacity, count(firm) AS stating
  WHERE stating = listed
  MATCH (buyer:Enterprise)-[:ORDERS]->(d:Order {liantu_source: $source})
  WHERE d.product = p.liantu_id AND d.quantity IS NOT NULL AND buyer.standing <> 'outside'
    AND trim(CASE WHEN coalesce(d.unit, '') = '' THEN coalesce(p.unit, '') ELSE d.unit END) = unit
  OPTIONAL MATCH (buyer)-[:LOCATED_IN]->(own:Region)
  WITH p, unit, capacity, d, own.liantu_id AS at, home, asked, inside,
    EXISTS { (buyer)-[:IN_CHAIN]->(c) } OR EXISTS { (buyer)-[:IN_SEGMENT]->(:Segment)-[:PART_OF]->(c) } AS member
  WHERE asked IS NULL OR at IN inside OR (at IS NULL AND member AND home IN inside)
  WITH p.name AS name, unit, capacity, sum(d.quantity) AS ordered
  WITH name, unit, capacity, ordered, CASE WHEN capacity > 0 THEN ordered / capacity ELSE 1e308 END AS excess
  ORDER BY excess DESC, name, unit
  WITH collect({capacity: capacity, ordered: ordered}) AS offers
  RETURN CASE WHEN size(offers) = 0 THEN false ELSE
    offers[0].capacity < offers[0].ordered - 1e-9 * CASE WHEN abs(offers[0].ordered) > 1 THEN abs(offers[0].ordered) ELSE 1.0 END
  END AS short_of_capacity
}

// the criteria of one leaf
WITH *, size(here) AS firms, [h IN here | h.id] AS ids,
  [h IN here WHERE h.output IS NOT NULL | h.output] AS outputs,
  [h IN here WHERE h.share IS NOT NULL] AS dependent
WITH *, reduce(t = 0.0, o IN outputs | t + o) AS total,
  reduce(t = 0.0, o IN outputs | t + o * o) AS squares,
  ALL(h IN dependent WHERE h.output IS NOT NULL) AS weighed,
  reduce(t = 0.0, h IN dependent | t + coalesce(h.output, 0.0)) AS weight
WITH *, CASE WHEN weighed AND weight > 0 THEN reduce(t = 0.0, h IN dependent | t + h.share * h.output) / weight
             WHEN size(dependent) > 0 THEN reduce(t = 0.0, h IN dependent | t + h.share) / size(dependent)
             ELSE null END AS dependence,
  size([h IN here WHERE h.firm.above_scale IS NOT NULL]) AS scaled,
  size([h IN here WHERE h.firm.above_scale = true]) AS above_scale
WITH c, asked, complete, members, placed, drawn, {
    id: s.liantu_id, name: s.name, path: path, ids: ids, firms: firms,
    above_scale: CASE WHEN firms > 0 AND scaled = 0 THEN null ELSE above_scale END,
    traded: ANY(h IN here WHERE EXISTS { MATCH (f:Enterprise {liantu_source: $source, liantu_id: h.id})-[:SUPPLIES]-(:Enterprise) }),
    told: coarse = 0 AND coalesce(s.reported, false),
    coarse: coarse > 0,
    optional: coalesce(s.necessary, true) = false,
    weak: firms > 0 AND (coalesce(s.import_dependence > $max_dependence + 1e-9, false)
      OR coalesce(dependence > $max_dependence + 1e-9, false)
      OR (essential > 0 AND captive > essential * ($captive_share + 1e-9))
      OR coalesce(s.chokepoint, false)
      OR (silent = 0 AND qualified = 0)),
    thin: firms > 0 AND (firms <= $min_firms OR short_of_capacity
      OR (size(outputs) = firms AND total > 0 AND total * total < squares * $n_star * (1 - 1e-9)))
  } AS leaf
WITH c, asked, complete, members, placed, drawn, collect(leaf) AS leaves

// pairs of leaves along the links: whether supply is reported, whether anything joins them
CALL (c, leaves, drawn, complete) {
  UNWIND leaves AS u
  UNWIND leaves AS v
  WITH u, v, complete
  WHERE u.id <> v.id AND ANY(d IN drawn WHERE d[0] IN u.path AND d[1] IN v.path)
  WITH u, v, u.firms > 0 AND v.firms > 0 AND (u.traded AND v.traded OR '供应关系' IN complete) AS reported
  CALL (u, v, reported) {
    UNWIND CASE WHEN reported THEN u.ids ELSE [] END AS id
    MATCH (f:Enterprise {liantu_source: $source, liantu_id: id})
    RETURN sum(CASE WHEN id IN v.ids
      OR EXISTS { MATCH (f)-[:SUPPLIES]->(g:Enterprise) WHERE g.liantu_id IN v.ids }
      OR EXISTS { MATCH (f)-[:COOPERATES]-(g:Enterprise) WHERE g.liantu_id IN v.ids } THEN 1 ELSE 0 END) AS ties
  }
  RETURN collect({up: u.id, down: v.id, reported: reported, unlinked: reported AND ties = 0}) AS pairs
}
WITH *, size([p IN pairs WHERE p.reported]) AS reported, size([p IN pairs WHERE p.unlinked]) AS unlinked
WITH *, reported >= $clustered_pairs AND toFloat(unlinked) / CASE WHEN reported > 0 THEN reported ELSE 1 END > $unlinked_share + 1e-9 AS clustered,
  '企业环节' IN complete OR (members > 0 AND placed >= $min_placed * members - 1e-9) AS none_means_none
OPTIONAL MATCH (place:Region {liantu_source: $source, liantu_id: asked})

// the first state that holds
UNWIND leaves AS leaf
WITH c, place, leaf, CASE
  WHEN leaf.firms = 0 AND (leaf.coarse OR NOT (leaf.told OR none_means_none)) THEN 'not_reported'
  WHEN leaf.firms = 0 AND leaf.optional THEN 'not_applicable'
  WHEN leaf.firms = 0 AND (NONE(p IN pairs WHERE p.down = leaf.id) OR NONE(p IN pairs WHERE p.up = leaf.id)) THEN 'short'
  WHEN leaf.firms = 0 THEN 'broken_missing'
  WHEN NOT clustered AND ANY(p IN pairs WHERE p.down = leaf.id AND p.unlinked) THEN 'broken_unlinked'
  WHEN leaf.weak THEN 'weak'
  WHEN leaf.thin THEN 'thin'
  ELSE 'sound' END AS state
RETURN c.liantu_id AS chain_id, c.name AS chain, place.name AS region, leaf.name AS segment, state,
  CASE WHEN state = 'not_reported' THEN null ELSE leaf.firms END AS firms,
  CASE WHEN state = 'not_reported' THEN null ELSE leaf.above_scale END AS above_scale
ORDER BY chain, region, segment, chain_id
