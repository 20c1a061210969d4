// 不在任何联盟的企业
// Firms in no alliance
// 本企业及其党组织都不是任何联盟的成员 / neither the firm nor its Party organization is a member
// :param source => 'chenglan'
// :param region => ''

MATCH (f:Enterprise {liantu_source: $source})
WHERE f.standing <> 'outside' AND NOT EXISTS { (f)-[:MEMBER_OF]->(:Alliance) }
  AND NOT EXISTS { (f)<-[:ORG_OF]-(:PartyOrganization)-[:MEMBER_OF]->(:Alliance) }
OPTIONAL MATCH (f)-[:LOCATED_IN]->(r:Region)
WITH f, r
WHERE $region = '' OR r.liantu_id = $region OR r.name = $region
RETURN f.name AS firm, r.name AS region, f.size AS size, f.above_scale AS above_scale
ORDER BY region, firm
