// 订单和承接企业
// Orders and the firms that take them
// :param source => 'chenglan'

MATCH (o:Order {liantu_source: $source})
OPTIONAL MATCH (b:Enterprise)-[:ORDERS]->(o)
OPTIONAL MATCH (t:Enterprise)-[p:PARTICIPATES]->(o)
WHERE p.role = '承接'
WITH o, b, t ORDER BY t.name
RETURN o.number AS number, b.name AS buyer, o.product AS product, o.quantity AS quantity, o.unit AS unit, collect(t.name) AS takers
ORDER BY number, product
