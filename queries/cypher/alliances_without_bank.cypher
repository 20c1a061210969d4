// 没有金融机构的联盟
// Alliances without a financial institution
// :param source => 'chenglan'

MATCH (a:Alliance {liantu_source: $source})
WHERE NOT EXISTS { (:FinancialInstitution)-[:MEMBER_OF]->(a) }
RETURN a.name AS alliance, a.level AS level, COUNT { ()-[:MEMBER_OF]->(a) } AS members
ORDER BY members DESC, alliance
