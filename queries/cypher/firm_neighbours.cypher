// 一家企业的上下游：谁供给它，它供给谁
// Around one firm: who supplies it and whom it supplies
// firm 写企业名称或编码；金额单位万元 / amounts in 10,000 yuan
// :param source => 'chenglan'
// :param firm => '澄澜琤岬精锻有限公司（虚构）'

MATCH (f:Enterprise {liantu_source: $source})
WHERE f.name = $firm OR f.liantu_id = $firm
MATCH (f)-[r:SUPPLIES]-(other:Enterprise)
OPTIONAL MATCH (p:Product {liantu_source: $source, liantu_id: r.product})
RETURN CASE WHEN startNode(r).liantu_id = f.liantu_id THEN 'buys from it' ELSE 'supplies it' END AS side,
  other.name AS firm, p.name AS product, r.year AS year, r.amount AS amount, r.essential AS essential
ORDER BY side, firm, product, year
