// 没有同类资源的需求
// Needs without a resource of their category
// :param source => 'chenglan'

MATCH (n:Need {liantu_source: $source})
WHERE n.closed IS NULL AND NOT EXISTS {
  MATCH (r:Resource {liantu_source: $source}) WHERE r.category = n.category
}
OPTIONAL MATCH (n)-[:RAISED_BY]->(f:Enterprise)
RETURN n.liantu_id AS need, f.name AS firm, n.category AS category, n.content AS content
ORDER BY need
