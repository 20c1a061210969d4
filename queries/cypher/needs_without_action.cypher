// 没有行动项目对应的需求
// Needs that no action addresses
// :param source => 'chenglan'
// :param category => ''

MATCH (n:Need {liantu_source: $source})
WHERE n.closed IS NULL AND NOT EXISTS { (:Action)-[:ADDRESSES]->(n) } AND ($category = '' OR n.category = $category)
OPTIONAL MATCH (n)-[:RAISED_BY]->(f:Enterprise)
RETURN n.liantu_id AS need, f.name AS firm, n.category AS category, n.content AS content, n.due AS due
ORDER BY due, need
