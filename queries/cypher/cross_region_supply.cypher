// 跨地区供应：从哪里到哪里，多少金额
// Supply across regions: from where to where, how much
// 每年一行；没有金额的关系只计条数 / relations without an amount are only counted
// :param source => 'chenglan'

MATCH (a:Enterprise {liantu_source: $source})-[s:SUPPLIES]->(b:Enterprise)
MATCH (a)-[:LOCATED_IN]->(from:Region)
MATCH (b)-[:LOCATED_IN]->(to:Region)
WHERE from.liantu_id <> to.liantu_id
RETURN from.name AS origin, to.name AS destination, s.year AS year, count(s) AS relations, count(s.amount) AS stated, sum(s.amount) AS amount
ORDER BY origin, destination, year
