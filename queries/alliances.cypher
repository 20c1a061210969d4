// 联盟运行：联盟、类型、性质、组建模式、级别
// Alliances: type, nature, formation mode and level
//
// The twin of the question alliances. What is checked against an operating standard is computed by
// the question itself.
// :param source => 'chenglan'
// :param chain => ''
// :param region => ''

MATCH (a:Alliance {liantu_source: $source})
CALL (a) {
  MATCH (a)-[:LOCATED_IN]->(:Region)-[:PART_OF*0..]->(r:Region)
  RETURN collect(r.liantu_id) AS within
}
CALL (a) {
  MATCH (a)-[:COVERS]->(c:Chain)
  RETURN collect(c.liantu_id) AS chains
}
WITH a, within, chains
WHERE ($region = '' OR $region IN within) AND ($chain = '' OR $chain IN chains)
RETURN a.name AS alliance, a.liantu_id AS alliance_id, coalesce(a.type, '') AS type,
  coalesce(a.nature, '') AS nature, coalesce(a.formation, '') AS formation, coalesce(a.level, '') AS level
ORDER BY alliance, alliance_id
