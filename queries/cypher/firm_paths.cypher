// 两家企业之间的联系：最短的供应和配套路径
// Between two firms: the shortest way by supply and cooperation
// :param source => 'chenglan'
// :param firm => '澄澜琤岬精锻有限公司（虚构）'
// :param other => '澄澜胤礁重工有限公司（虚构）'

MATCH (a:Enterprise {liantu_source: $source}) WHERE a.name = $firm OR a.liantu_id = $firm
MATCH (b:Enterprise {liantu_source: $source}) WHERE b.name = $other OR b.liantu_id = $other
MATCH p = shortestPath((a)-[:SUPPLIES|COOPERATES*..6]-(b))
RETURN length(p) AS steps, [n IN nodes(p) | n.name] AS firms, [r IN relationships(p) | type(r)] AS ties
