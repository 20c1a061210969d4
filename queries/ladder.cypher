// 梯度培育：每家企业在每条赛道上的位置、有效期和下一步
// The ladder: the place of every enterprise on every track, its term and the next rung
//
// The twin of the question ladder with --show due: titles held, and who is ready or near.
// :param source => 'chenglan'
// :param chain => ''
// :param region => ''
// :param as_of => ''
// :param near => 0.8

// the day asked about: the one given, else the latest the data speak of
CALL () {
  MATCH (x:Scope {liantu_source: $source}) RETURN max(x.as_of) AS scoped
}
CALL () {
  MATCH (n {liantu_source: $source}) RETURN max(n.cited_on) AS cited
}
CALL () {
  MATCH ()-[r {liantu_source: $source}]->() RETURN max(r.cited_on) AS linked
}
CALL () {
  MATCH (f:Fact {liantu_source: $source}) RETURN max(f.as_of) AS stated
}
WITH CASE WHEN $as_of <> '' THEN $as_of WHEN scoped IS NOT NULL THEN scoped
  ELSE reduce(m = '', v IN [cited, linked, stated] | CASE WHEN v IS NOT NULL AND v > m THEN v ELSE m END) END AS written
WITH CASE
    WHEN size(written) = 4 THEN written + '-12'
    WHEN written CONTAINS 'Q' THEN substring(written, 0, 5) + CASE substring(written, 6, 1) WHEN '1' THEN '03' WHEN '2' THEN '06' WHEN '3' THEN '09' ELSE '12' END
    ELSE written END AS month
WITH CASE WHEN size(month) <> 7 THEN month
  ELSE month + CASE substring(month, 5, 2)
    WHEN '02' THEN CASE WHEN toInteger(substring(month, 0, 4)) % 4 = 0 THEN '-29' ELSE '-28' END
    WHEN '04' THEN '-30' WHEN '06' THEN '-30' WHEN '09' THEN '-30' WHEN '11' THEN '-30' ELSE '-31' END END AS today

// the enterprises asked about, and every title of each
MATCH (e:Enterprise {liantu_source: $source})
WHERE e.standing <> 'outside'
  AND ($chain = '' OR EXISTS { (e)-[:IN_CHAIN]->(:Chain {liantu_id: $chain}) }
    OR EXISTS { (e)-[:IN_SEGMENT]->(:Segment)-[:PART_OF]->(:Chain {liantu_id: $chain}) })
CALL (e) {
  MATCH (e)-[:LOCATED_IN]->(:Region)-[:PART_OF*0..]->(r:Region)
  RETURN collect(r.liantu_id) AS within
}
WITH today, e, within
WHERE $region = '' OR $region IN within
CALL (e) {
  MATCH (e)-[:IN_CHAIN]->(c:Chain) RETURN collect(c.liantu_id) AS chains
}
CALL (within, chains) {
  MATCH (x:Scope {liantu_source: $source, table: '企业资质'})
  WHERE x.complete = true AND (x.region IS NULL OR x.region IN within) AND (x.chain IS NULL OR x.chain IN chains)
  RETURN count(x) > 0 AS complete
}
CALL (e) {
  MATCH (e)-[h:HOLDS]->(q:Qualification)
  RETURN collect({title: q.name, certified: h.certified, expires: h.expires, own: '1', listing: false}) AS held
}
WITH today, e, complete OR e.qualifications IS NOT NULL AS told,
  held + [t IN coalesce(e.qualifications, []) | {title: trim(t), certified: null, expires: null, own: '0', listing: false}]
  + [t IN split(replace(replace(coalesce(e.listing, ''), '；', ';'), '、', ';'), ';') | {title: trim(t), certified: null, expires: null, own: '0', listing: true}] AS titles
WITH today, e, told, [t IN titles WHERE t.title <> '' AND NOT t.title IN ['无', '没有', '未上市', '否', '暂无', '不涉及']
  | {title: t.title, certified: t.certified, expires: t.expires, listing: t.listing,
    key: t.own + ' ' + coalesce(t.certified, '') + ' ' + coalesce(t.expires, ''),
    text: replace(replace(replace(replace(replace(replace(replace(t.title, ' ', ''), '“', ''), '”', ''), '‘', ''), '’', ''), '"', ''), "'", '')}] AS titles
WITH today, e, told, [t IN titles | {title: t.title, certified: t.certified, expires: t.expires, listing: t.listing, key: t.key,
  place: CASE
    WHEN t.text =~ '.*(规上|规模以上).*' AND NOT t.text =~ '.*(培育|入库|后备|储备|申报|拟|候选|辅导).*' THEN 'scale/1'
    WHEN (t.text = '高企' OR t.text CONTAINS '高新技术企业') AND NOT t.text =~ '.*(培育|入库|后备|储备|申报|拟|候选|辅导).*' THEN 'high_tech/0'
    WHEN t.text CONTAINS '小巨人' AND NOT t.text =~ '.*(科技小巨人|培育|入库|后备|储备|申报|拟|候选|辅导).*' THEN 'quality/2'
    WHEN t.text CONTAINS '专精特新' AND NOT t.text =~ '.*(小巨人|培育|入库|后备|储备|申报|拟|候选|辅导).*' THEN 'quality/1'
    WHEN (t.text = '创新型' OR t.text CONTAINS '创新型中小企业') AND NOT t.text =~ '.*(培育|入库|后备|储备|申报|拟|候选|辅导).*' THEN 'quality/0'
    WHEN t.text CONTAINS '单项冠军' AND NOT t.text =~ '.*(省级|市级|培育|入库|后备|储备|申报|拟|候选|辅导).*' THEN 'champion/0'
    WHEN t.text CONTAINS '独角兽' AND NOT t.text =~ '.*(潜在|准独角兽|种子|培育|入库|后备|储备|申报|拟|候选|辅导).*' THEN 'growth/1'
    WHEN t.text CONTAINS '瞪羚' AND NOT t.text =~ '.*(培育|入库|后备|储备|申报|拟|候选|辅导).*' THEN 'growth/0'
    WHEN t.text =~ '.*(上市|主板|科创板|创业板|北交所).*' AND NOT t.text =~ '.*(拟|未|辅导|申报|过会|在审|受理|筹备|计划|后备|储备|培育).*' THEN 'capital/2'
    WHEN t.text =~ '.*(辅导|拟上市|上市申报|过会|在审|受理).*' THEN 'capital/1'
    WHEN t.text =~ '.*(股改|股份制改造|新三板).*' AND NOT t.text =~ '.*(拟股改|未股改|待股改).*' THEN 'capital/0'
    ELSE 'honours/0' END}] AS titles
WITH today, e, told, [t IN titles WHERE NOT t.listing OR t.place STARTS WITH 'capital'] AS titles

// the latest row of each title, its term (three years where a rule says so), whether it has expired
WITH today, e, told, titles, [t IN titles WHERE t.place <> 'scale/1' AND NONE(o IN titles WHERE o.place = t.place
    AND (t.place <> 'honours/0' OR o.title = t.title) AND o.key > t.key)
  | {place: t.place, title: t.title, certified: t.certified, expires: CASE
      WHEN t.expires IS NULL AND t.certified IS NOT NULL AND (t.place STARTS WITH 'high_tech' OR t.place STARTS WITH 'quality' OR t.place STARTS WITH 'champion')
      THEN replace(toString(toInteger(substring(t.certified, 0, 4)) + 3) + substring(t.certified, 4), '-02-29', '-02-28')
      ELSE t.expires END}] AS latest
WITH today, e, told, titles, [t IN latest | {place: t.place, title: t.title, certified: t.certified, expires: t.expires,
  month: CASE
    WHEN size(t.expires) = 4 THEN t.expires + '-12'
    WHEN t.expires CONTAINS 'Q' THEN substring(t.expires, 0, 5) + CASE substring(t.expires, 6, 1) WHEN '1' THEN '03' WHEN '2' THEN '06' WHEN '3' THEN '09' ELSE '12' END
    ELSE t.expires END}] AS latest
WITH today, e, told, titles, [t IN latest | {track: split(t.place, '/')[0], rung: toInteger(split(t.place, '/')[1]),
  title: t.title, certified: t.certified, expires: t.expires,
  expired: today <> '' AND t.month IS NOT NULL AND (CASE WHEN size(t.month) <> 7 THEN t.month
    ELSE t.month + CASE substring(t.month, 5, 2)
      WHEN '02' THEN CASE WHEN toInteger(substring(t.month, 0, 4)) % 4 = 0 THEN '-29' ELSE '-28' END
      WHEN '04' THEN '-30' WHEN '06' THEN '-30' WHEN '09' THEN '-30' WHEN '11' THEN '-30' ELSE '-31' END END) < today}] AS latest

// one place on each track: the highest that is good, else the highest that has expired
WITH e, told, titles, [t IN latest WHERE t.track = 'honours' OR NONE(o IN latest WHERE o.track = t.track
    AND ((t.expired AND NOT o.expired) OR (t.expired = o.expired AND o.rung > t.rung)))] AS places
WITH e, told, titles, places, [p IN places | p.track] AS tracks,
  CASE WHEN e.above_scale = false THEN 0 WHEN e.above_scale = true OR ANY(t IN titles WHERE t.place = 'scale/1') THEN 1 ELSE null END AS scale,
  CASE WHEN toUpper(e.industry_code) =~ '[A-Z][0-9]{2}.*' THEN toInteger(substring(e.industry_code, 1, 2))
    WHEN e.industry_code =~ '[0-9]{2}.*' THEN toInteger(substring(e.industry_code, 0, 2)) ELSE null END AS division,
  CASE WHEN e.revenue <= 5000 THEN 0.05 WHEN e.revenue <= 20000 THEN 0.04 ELSE 0.03 END AS band
WITH e, places
  + CASE WHEN scale = 0 AND e.revenue >= $near * 2000.0 AND division >= 6 AND division <= 46
    THEN [{track: 'scale', rung: 0, title: '', certified: null, expires: null}] ELSE [] END
  + CASE WHEN told AND NOT 'high_tech' IN tracks AND e.rd_spending / CASE WHEN e.revenue > 0 THEN e.revenue ELSE null END >= $near * band
    THEN [{track: 'high_tech', rung: -1, title: '', certified: null, expires: null}] ELSE [] END
  + CASE WHEN told AND NOT 'quality' IN tracks AND e.size <> '大' AND ANY(p IN places WHERE p.track = 'high_tech' AND NOT p.expired)
    THEN [{track: 'quality', rung: -1, title: '', certified: null, expires: null}] ELSE [] END AS places
UNWIND places AS p
WITH DISTINCT e.liantu_id AS enterprise_id, p.track AS track, p.rung AS rung, p.title AS title, p.certified AS certified, p.expires AS expires,
  CASE p.track WHEN 'scale' THEN ['below_scale', 'above_scale'] WHEN 'high_tech' THEN ['high_tech']
    WHEN 'quality' THEN ['innovative', 'specialised', 'little_giant'] WHEN 'champion' THEN ['champion']
    WHEN 'growth' THEN ['gazelle', 'unicorn'] WHEN 'capital' THEN ['reformed', 'tutoring', 'listed'] ELSE [] END AS rungs
WITH DISTINCT enterprise_id, track,
  CASE WHEN track = 'honours' THEN title WHEN rung < 0 THEN 'none' ELSE rungs[rung] END AS current,
  CASE WHEN rung + 1 < size(rungs) THEN rungs[rung + 1] ELSE '' END AS next, certified, expires
RETURN enterprise_id, track, current, certified, expires, next
ORDER BY enterprise_id, track, current
