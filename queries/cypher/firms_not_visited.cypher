// 某日以来没有走访的企业
// Firms not visited since a date
// :param source => 'chenglan'
// :param since => '2026-01-01'

MATCH (f:Enterprise {liantu_source: $source})
WHERE f.standing <> 'outside' AND NOT EXISTS { MATCH ()-[v:VISITS]->(f) WHERE v.date >= $since }
OPTIONAL MATCH ()-[v:VISITS]->(f)
RETURN f.name AS firm, max(v.date) AS last_visit
ORDER BY firm
