// 企业得到的融资，按方式
// Finance of firms by method
// 授信不与贷款相加 / credit lines are never added to loans
// :param source => 'chenglan'

MATCH (b:FinancialInstitution {liantu_source: $source})-[r:FINANCES]->(f:Enterprise)
RETURN f.name AS firm, r.method AS method, count(r) AS times, sum(r.amount) AS amount
ORDER BY firm, method
