// 每笔采购：最近一年、供方是否在本园区、本市、本省、是否进口
// Every purchase of the latest year of each pair: within the park, the city, the province, or abroad
//
// The twin of the question sourcing. Blank where a region is not reported or too coarse to tell.
// :param source => 'chenglan'
// :param chain => ''
// :param region => ''

// every region with what lies around it and the units it lies in
CALL () {
  MATCH (r:Region {liantu_source: $source})
  CALL (r) {
    MATCH (r)-[:PART_OF*0..]->(x:Region)
    CALL (x) {
      MATCH (x)-[:PART_OF*0..]->(y:Region) RETURN count(y) AS depth
    }
    RETURN collect({id: x.liantu_id, level: coalesce(x.level, ''), name: x.name, depth: depth}) AS line
  }
  WITH r, line, [n IN line WHERE n.level = '市' AND NONE(m IN line WHERE m.level = '市' AND m.depth > n.depth) | n.id] AS cities,
    [n IN line WHERE n.level = '省' AND NONE(m IN line WHERE m.level = '省' AND m.depth > n.depth) | n] AS provinces,
    [n IN line WHERE n.level = '功能区' AND NONE(m IN line WHERE m.level = '功能区' AND m.depth > n.depth) | n.id] AS parks
  RETURN collect({
    id: r.liantu_id, line: [n IN line | n.id], park: parks[0], province: [n IN provinces | n.id][0],
    city: CASE WHEN size(cities) > 0 THEN cities[0]
      ELSE [n IN provinces WHERE n.name ENDS WITH '市' | n.id][0] END,
    abroad: size(cities) = 0 AND size(provinces) = 0
      AND r.name =~ '.*(境外|国外|海外|进口|日本|韩国|美国|德国|法国|英国|意大利|荷兰|瑞士|瑞典|芬兰|奥地利|西班牙|比利时|丹麦|挪威|俄罗斯|加拿大|澳大利亚|新加坡|马来西亚|泰国|越南|印度|巴西|以色列|欧洲|北美).*'
  }) AS regions
}

// purchases of the enterprises asked about
MATCH (b:Enterprise {liantu_source: $source})
WHERE b.standing <> 'outside'
  AND ($chain = '' OR EXISTS { (b)-[:IN_CHAIN]->(:Chain {liantu_id: $chain}) }
    OR EXISTS { (b)-[:IN_SEGMENT]->(:Segment)-[:PART_OF]->(:Chain {liantu_id: $chain}) })
OPTIONAL MATCH (b)-[:LOCATED_IN]->(home:Region)
WITH regions, b, home.liantu_id AS own, coalesce(home.liantu_id, b.park) AS lying
WHERE $region = '' OR ANY(x IN regions WHERE x.id = own AND $region IN x.line)
WITH regions, b, [x IN regions WHERE x.id = lying][0] AS at
MATCH (a:Enterprise)-[s:SUPPLIES]->(b)
CALL (a, b) {
  MATCH (a)-[o:SUPPLIES]->(b) RETURN max(o.year) AS last
}
WITH regions, a, s, b, at, last
WHERE s.year IS NULL OR s.year = last
OPTIONAL MATCH (a)-[:LOCATED_IN]->(home:Region)
WITH regions, a, s, b, at, coalesce(home.liantu_id, a.park, s.source_region) AS origin
OPTIONAL MATCH (p:Product {liantu_source: $source})
WHERE p.liantu_id = s.product
OPTIONAL MATCH (k:Segment {liantu_source: $source})
WHERE k.liantu_id = s.segment
CALL (a) {
  MATCH (a)-[:IN_SEGMENT]->(g:Segment)
  WITH DISTINCT g
  RETURN collect(g.name) AS stands
}
WITH s, a, b, p, k, stands,
  [x IN regions WHERE x.id = origin][0] AS there,
  [x IN regions WHERE x.id = coalesce(a.park, origin)][0] AS place,
  [x IN regions WHERE x.id = coalesce(b.park, at.park)][0] AS park,
  [x IN regions WHERE x.id = at.city][0] AS city,
  [x IN regions WHERE x.id = at.province][0] AS province
RETURN b.liantu_id AS buyer_id,
  a.liantu_id AS supplier_id,
  CASE WHEN p IS NOT NULL THEN p.name
    WHEN k IS NOT NULL THEN '（' + k.name + '）'
    WHEN size(stands) = 1 THEN '（' + stands[0] + '）'
    ELSE '' END AS goods,
  s.amount AS amount,
  s.year AS year,
  CASE WHEN park IS NULL OR place IS NULL THEN null
    WHEN park.id IN place.line THEN true
    WHEN place.id IN park.line THEN null
    ELSE false END AS same_park,
  CASE WHEN city IS NULL OR there IS NULL THEN null
    WHEN city.id IN there.line THEN true
    WHEN there.id IN city.line THEN null
    ELSE false END AS same_city,
  CASE WHEN province IS NULL OR there IS NULL THEN null
    WHEN province.id IN there.line THEN true
    WHEN there.id IN province.line THEN null
    ELSE false END AS same_province,
  coalesce(there.abroad, false) AS abroad
ORDER BY buyer_id, supplier_id, goods
