// 在补的环节：招商和技改项目
// Segments being filled by projects
// :param source => 'chenglan'

MATCH (p:Project {liantu_source: $source})-[:FILLS]->(s:Segment)-[:PART_OF]->(c:Chain)
RETURN c.name AS chain, s.name AS segment, p.name AS project, p.stage AS stage, p.expected AS expected, p.investment AS investment
ORDER BY chain, segment, project
