// 这段时间没有开会的联盟
// Alliances without a meeting in a period
// 会议、圆桌会；first、last 写日期 / meetings and round tables between two dates
// :param source => 'chenglan'
// :param first => '2026-07-01'
// :param last => '2026-09-30'

MATCH (a:Alliance {liantu_source: $source})
WHERE NOT EXISTS {
  MATCH (a)-[:PARTICIPATES]->(e:Event)
  WHERE e.type IN ['会议', '圆桌会'] AND e.date >= $first AND e.date <= $last
}
OPTIONAL MATCH (a)-[:PARTICIPATES]->(e:Event)
WHERE e.type IN ['会议', '圆桌会']
RETURN a.name AS alliance, a.level AS level, max(e.date) AS last_meeting
ORDER BY alliance
