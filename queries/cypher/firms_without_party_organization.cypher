// 没有党组织的企业
// Firms known to have no Party organization
// 只列写明 无 的；没有填报的不算 / only those that say so; not reported does not count
// :param source => 'chenglan'

MATCH (f:Enterprise {liantu_source: $source})
WHERE f.party_status = '无' AND NOT EXISTS { (:PartyOrganization)-[:ORG_OF]->(f) }
OPTIONAL MATCH (f)-[:LOCATED_IN]->(r:Region)
RETURN f.name AS firm, r.name AS region, f.full_members AS full_members, f.employees AS employees
ORDER BY full_members DESC, firm
