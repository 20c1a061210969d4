// 到期没有办结的需求
// Needs past their date and not closed
// today 写日期 / a date
// :param source => 'chenglan'
// :param today => '2026-10-31'

MATCH (n:Need {liantu_source: $source})
WHERE n.closed IS NULL AND n.due < $today
OPTIONAL MATCH (n)-[:RAISED_BY]->(f:Enterprise)
RETURN n.liantu_id AS need, f.name AS firm, n.category AS category, n.due AS due, n.responsible AS responsible
ORDER BY due, need
