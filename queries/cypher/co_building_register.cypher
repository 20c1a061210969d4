// 结对共建台账
// Register of co-building pairs
// :param source => 'chenglan'

MATCH (a {liantu_source: $source})-[r:CO_BUILDS]->(b)
WITH r, CASE WHEN a.name < b.name THEN a.name ELSE b.name END AS one, CASE WHEN a.name < b.name THEN b.name ELSE a.name END AS other
RETURN one, other, r.form AS form, r.signed AS signed, r.expires AS expires, r.status AS status
ORDER BY one, other, signed
