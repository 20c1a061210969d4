// 一个环节的外地供应商
// Suppliers from outside of one segment
// 按采购金额排列；可作招商线索 / by amount bought
// :param source => 'chenglan'
// :param segment => '铸锻件'

MATCH (f:Enterprise {liantu_source: $source, standing: 'outside'})-[s:SUPPLIES]->(b:Enterprise)
MATCH (g:Segment {liantu_source: $source, liantu_id: s.segment})
WHERE g.name = $segment OR g.liantu_id = $segment
OPTIONAL MATCH (r:Region {liantu_source: $source, liantu_id: s.source_region})
RETURN f.name AS supplier, r.name AS region, s.year AS year, count(DISTINCT b) AS buyers, sum(s.amount) AS amount
ORDER BY amount DESC, supplier, year
