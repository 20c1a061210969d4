// 一条链的环节、上游和企业数
// The segments of a chain with what is upstream and how many firms
// :param source => 'chenglan'
// :param chain => '氢能'

MATCH (s:Segment {liantu_source: $source})-[:PART_OF]->(c:Chain)
WHERE c.name = $chain OR c.liantu_id = $chain
OPTIONAL MATCH (u:Segment)-[l:UPSTREAM_OF]->(s)
WHERE coalesce(l.recycling, false) = false
WITH s, u ORDER BY u.name
WITH s, collect(u.name) AS upstream
RETURN s.name AS segment, upstream, COUNT { (:Enterprise)-[:IN_SEGMENT]->(s) } AS firms, s.chokepoint AS chokepoint
ORDER BY segment
