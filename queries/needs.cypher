// 哪些需求没有资源、没有项目：逐条给出在案的行动项目、资源和状态
// Which needs have no resource and no action: what is on record for each, and its state
//
// The twin of the question needs. Proposals are optimised in Python and are not part of it.
// :param source => 'chenglan'
// :param chain => ''
// :param region => ''
// :param as_of => ''

// the day asked about: as_of, else the latest thing that has happened
CALL () {
  MATCH (n:Need {liantu_source: $source})
  UNWIND [n.raised, n.closed] AS t
  WITH t WHERE $as_of = ''
  RETURN t, false AS whole
  UNION ALL
  MATCH (a:Action {liantu_source: $source})
  WHERE $as_of = ''
  RETURN a.completed AS t, false AS whole
  UNION ALL
  MATCH (:Post {liantu_source: $source})-[v:VISITS]->(:Enterprise)
  WHERE $as_of = ''
  RETURN v.date AS t, false AS whole
  UNION ALL
  MATCH (:Enterprise {liantu_source: $source})-[c:CLAIMS]->(:Resource)
  UNWIND [c.applied, c.paid] AS t
  WITH t WHERE $as_of = ''
  RETURN t, false AS whole
  UNION ALL
  MATCH (x:Scope {liantu_source: $source})
  WHERE $as_of = ''
  RETURN x.as_of AS t, true AS whole
  UNION ALL
  RETURN $as_of AS t, true AS whole
}
WITH t, whole WHERE t IS NOT NULL AND t <> ''
WITH t, whole, substring(t, 0, 4) AS year, toInteger(substring(t, 0, 4)) AS y
WITH max(CASE
  WHEN size(t) = 4 THEN year + CASE WHEN whole THEN '-12-31' ELSE '-01-01' END
  WHEN t CONTAINS 'Q' THEN year + CASE substring(t, 6, 1)
    WHEN '1' THEN CASE WHEN whole THEN '-03-31' ELSE '-01-01' END
    WHEN '2' THEN CASE WHEN whole THEN '-06-30' ELSE '-04-01' END
    WHEN '3' THEN CASE WHEN whole THEN '-09-30' ELSE '-07-01' END
    ELSE CASE WHEN whole THEN '-12-31' ELSE '-10-01' END END
  WHEN size(t) = 7 AND NOT whole THEN t + '-01'
  WHEN size(t) = 7 THEN t + CASE
    WHEN substring(t, 5, 2) IN ['04', '06', '09', '11'] THEN '-30'
    WHEN substring(t, 5, 2) <> '02' THEN '-31'
    WHEN y % 4 = 0 AND (y % 100 <> 0 OR y % 400 = 0) THEN '-29'
    ELSE '-28' END
  ELSE t END) AS latest
WITH coalesce(latest, '') AS today

MATCH (n:Need {liantu_source: $source})
OPTIONAL MATCH (n)-[:RAISED_BY]->(e:Enterprise)
WITH today, n, e
WHERE ($chain = '' AND $region = '') OR (e IS NOT NULL AND e.standing <> 'outside'
  AND ($chain = ''
    OR EXISTS { (e)-[:IN_CHAIN]->(:Chain {liantu_source: $source, liantu_id: $chain}) }
    OR EXISTS { (e)-[:IN_SEGMENT]->(:Segment)-[:PART_OF]->(:Chain {liantu_source: $source, liantu_id: $chain}) })
  AND ($region = ''
    OR EXISTS { (e)-[:LOCATED_IN]->(:Region)-[:PART_OF*0..]->(:Region {liantu_source: $source, liantu_id: $region}) }))
CALL (n) {
  MATCH (a:Action)-[:ADDRESSES]->(n)
  WHERE NOT (coalesce(a.status, '') CONTAINS '取消' OR coalesce(a.status, '') CONTAINS '终止'
    OR coalesce(a.status, '') CONTAINS '中止' OR coalesce(a.status, '') CONTAINS '撤销')
  WITH DISTINCT a.liantu_id AS id ORDER BY id
  RETURN collect(id) AS actions
}
CALL (n) {
  MATCH (r:Resource)<-[:USES]-(a:Action)-[:ADDRESSES]->(n)
  WHERE NOT (coalesce(a.status, '') CONTAINS '取消' OR coalesce(a.status, '') CONTAINS '终止'
    OR coalesce(a.status, '') CONTAINS '中止' OR coalesce(a.status, '') CONTAINS '撤销')
  WITH DISTINCT r.liantu_id AS id ORDER BY id
  RETURN collect(id) AS resources
}
CALL (n) {
  MATCH (p:Post {liantu_source: $source})
  WHERE p.liantu_id = n.post
  RETURN collect(p.name) AS posts
}
WITH today, n, e, actions, resources, posts,
  CASE
    WHEN size(n.closed) = 4 THEN n.closed + '-01-01'
    WHEN n.closed CONTAINS 'Q' THEN substring(n.closed, 0, 4) + CASE substring(n.closed, 6, 1)
      WHEN '1' THEN '-01-01' WHEN '2' THEN '-04-01' WHEN '3' THEN '-07-01' ELSE '-10-01' END
    WHEN size(n.closed) = 7 THEN n.closed + '-01'
    ELSE n.closed END AS closed_from,
  CASE
    WHEN size(n.due) = 4 THEN n.due + '-12-31'
    WHEN n.due CONTAINS 'Q' THEN substring(n.due, 0, 4) + CASE substring(n.due, 6, 1)
      WHEN '1' THEN '-03-31' WHEN '2' THEN '-06-30' WHEN '3' THEN '-09-30' ELSE '-12-31' END
    WHEN size(n.due) = 7 THEN n.due + '-31'
    ELSE n.due END AS due_until
RETURN n.liantu_id AS need_id,
  coalesce(e.name, '') AS enterprise,
  coalesce(e.credit_code, '') AS credit_code,
  coalesce(n.category, '') AS category,
  coalesce(n.raised, '') AS raised,
  reduce(s = '', id IN resources | s + CASE WHEN s = '' THEN '' ELSE '、' END + id) AS resource_id,
  coalesce(n.type, '') AS type,
  coalesce(n.due, '') AS due,
  coalesce(n.closed, '') AS closed,
  reduce(s = '', id IN actions | s + CASE WHEN s = '' THEN '' ELSE '、' END + id) AS action_id,
  CASE
    WHEN closed_from IS NOT NULL AND (today = '' OR closed_from <= today) THEN 'closed'
    WHEN due_until IS NOT NULL AND due_until < today THEN 'overdue'
    WHEN size(actions) > 0 THEN 'in_progress'
    ELSE 'unmatched' END AS state,
  CASE WHEN size(posts) > 0 THEN posts[0] ELSE '' END AS post
ORDER BY need_id
