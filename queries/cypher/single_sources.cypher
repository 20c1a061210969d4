// 只有一家企业的环节
// Segments with a single firm
// chain 空着则看所有产业链 / blank chain: all chains
// :param source => 'chenglan'
// :param chain => ''

MATCH (f:Enterprise)-[:IN_SEGMENT]->(s:Segment {liantu_source: $source})-[:PART_OF]->(c:Chain)
WHERE f.standing <> 'outside' AND ($chain = '' OR c.liantu_id = $chain OR c.name = $chain)
WITH c, s, collect(DISTINCT f.name) AS firms
WHERE size(firms) = 1
RETURN c.name AS chain, s.name AS segment, firms[0] AS firm
ORDER BY chain, segment
