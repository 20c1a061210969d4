// 某日之前到期的资质
// Qualifications that expire before a date
// :param source => 'chenglan'
// :param before => '2027-01-01'

MATCH (f:Enterprise {liantu_source: $source})-[h:HOLDS]->(q:Qualification)
WHERE h.expires < $before
RETURN f.name AS firm, q.name AS qualification, h.certified AS certified, h.expires AS expires
ORDER BY expires, firm, qualification
