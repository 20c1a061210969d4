// 没有被使用的资源
// Resources that no action uses
// :param source => 'chenglan'

MATCH (r:Resource {liantu_source: $source})
WHERE NOT EXISTS { (:Action)-[:USES]->(r) } AND NOT EXISTS { (:Enterprise)-[:CLAIMS]->(r) }
OPTIONAL MATCH (r)-[:OFFERED_BY]->(u)
RETURN r.liantu_id AS resource, r.name AS name, r.category AS category, u.name AS provider
ORDER BY resource
