// 一个主体的公开数字和来源
// Stated figures of one subject with their sources
// 只并列，不相加 / side by side, never added
// :param source => 'chenglan'
// :param subject => '澄澜市（虚构）'

MATCH (f:Fact {liantu_source: $source})-[:ABOUT]->(x)
WHERE x.name = $subject OR x.liantu_id = $subject
RETURN f.metric AS metric, f.verbatim AS verbatim, f.value AS value, f.unit AS unit, f.as_of AS as_of, f.citation AS citation
ORDER BY metric, as_of, verbatim
