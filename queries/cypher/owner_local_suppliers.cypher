// 链主企业的本地供应商
// Local suppliers of chain owners
// 链主与供应商同在一个地区 / owner and supplier in the same region
// :param source => 'chenglan'
// :param chain => ''

MATCH (o:Enterprise)-[i:IN_CHAIN]->(c:Chain {liantu_source: $source})
WHERE '链主' IN i.role AND ($chain = '' OR c.liantu_id = $chain OR c.name = $chain)
MATCH (o)-[:LOCATED_IN]->(r:Region)<-[:LOCATED_IN]-(f:Enterprise)-[s:SUPPLIES]->(o)
RETURN c.name AS chain, o.name AS owner, r.name AS region, f.name AS supplier, s.year AS year, sum(s.amount) AS amount
ORDER BY chain, owner, supplier, year
