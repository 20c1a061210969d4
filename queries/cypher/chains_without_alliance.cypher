// 没有联盟覆盖的产业链
// Chains that no alliance covers
// 数据里没有记载，不等于确知没有 / not recorded, which is not the same as none
// :param source => 'chenglan'

MATCH (c:Chain {liantu_source: $source})
WHERE NOT EXISTS { (:Alliance)-[:COVERS]->(c) }
OPTIONAL MATCH (c)-[:LOCATED_IN]->(r:Region)
RETURN c.name AS chain, r.name AS region, c.grade AS grade, COUNT { (:Enterprise)-[:IN_CHAIN]->(c) } AS firms
ORDER BY chain, region
