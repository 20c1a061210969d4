// 党组织和联盟覆盖到哪里：逐口径、逐分组计数
// Where Party organizations and alliances reach: counts by measure and group
//
// The twin of the question coverage. Groups overlap and are never added up.
// :param source => 'chenglan'
// :param chain => ''
// :param region => ''
// :param base => 'all'
// :param min_members => 3
// :param as_of => ''

// regions shown, chains with their labels and grades, levels of alliances
CALL () {
  MATCH (r:Region {liantu_source: $source})-[:PART_OF*0..]->(:Region {liantu_source: $source, liantu_id: $region})
  RETURN collect(DISTINCT r.liantu_id) AS below
}
CALL () {
  MATCH (c:Chain {liantu_source: $source})
  OPTIONAL MATCH (c)-[:LOCATED_IN]->(home:Region)
  WITH c, home, COUNT { MATCH (o:Chain {liantu_source: $source}) WHERE o.name = c.name } AS namesakes
  RETURN collect({id: c.liantu_id, grades: coalesce(c.grade, []),
    label: CASE WHEN namesakes > 1 AND home IS NOT NULL THEN c.name + '@' + home.name ELSE c.name END}) AS known
}
CALL () {
  MATCH (a:Alliance {liantu_source: $source})
  RETURN collect(DISTINCT coalesce(a.level, '')) AS levels,
    collect(DISTINCT CASE WHEN a.nature = '党建' THEN coalesce(a.level, '') ELSE null END) AS party_levels
}
WITH below, known, levels, party_levels, CASE WHEN $region <> '' THEN $region ELSE $chain END AS whole

CALL (below, known, levels, party_levels, whole) {
  // every enterprise that counts
  MATCH (e:Enterprise {liantu_source: $source})
  WHERE e.standing <> 'outside' AND coalesce(e.party_expected, true) = true
    AND CASE $base
      WHEN 'above_scale' THEN coalesce(e.above_scale, false)
      WHEN 'key' THEN coalesce(e.key, false)
      WHEN 'three_members' THEN coalesce(e.full_members >= $min_members, false)
      WHEN 'chain_members' THEN EXISTS { (e)-[:IN_CHAIN]->(:Chain) } OR EXISTS { (e)-[:IN_SEGMENT]->(:Segment)-[:PART_OF]->(:Chain) }
      ELSE true END
  CALL (e) {
    MATCH (e)-[:LOCATED_IN]->(:Region)-[:PART_OF*0..]->(r:Region)
    RETURN collect({id: r.liantu_id, name: r.name}) AS within
  }
  CALL (e) {
    MATCH (e)-[:IN_CHAIN]->(c:Chain) RETURN collect(c.liantu_id) AS direct
  }
  CALL (e) {
    MATCH (e)-[:IN_SEGMENT]->(:Segment)-[:PART_OF]->(c:Chain) RETURN collect(c.liantu_id) AS placed
  }
  WITH e, below, known, party_levels, whole, within, direct, [k IN known WHERE k.id IN direct OR k.id IN placed] AS chains
  WHERE ($region = '' OR ANY(w IN within WHERE w.id = $region)) AND ($chain = '' OR ANY(k IN chains WHERE k.id = $chain))
  CALL (within, direct) {
    MATCH (x:Scope {liantu_source: $source})
    WHERE x.complete = true AND (x.region IS NULL OR ANY(w IN within WHERE w.id = x.region)) AND (x.chain IS NULL OR x.chain IN direct)
    RETURN collect(x.table) AS complete
  }
  CALL (e) {
    MATCH (o:PartyOrganization)-[h:ORG_OF]->(e)
    WHERE NOT coalesce(o.type, '') IN ['行动支部', '攻坚党小组']
    WITH o, CASE WHEN h.mode IS NULL AND o.type = '联合党支部' THEN '联合' ELSE coalesce(h.mode, '') END AS mode
    RETURN collect(mode) AS modes, collect(CASE WHEN mode <> '派驻指导员' THEN o.liantu_id ELSE null END) AS hosts
  }
  CALL (e) {
    MATCH ()-[p:HOLDS_POST]->(e)
    WHERE p.role IN ['党建指导员', '联络员', '红链专员']
    WITH CASE
      WHEN p.end IS NULL OR $as_of = '' THEN $as_of
      WHEN size(p.end) = 4 THEN p.end + '-12-31'
      WHEN p.end CONTAINS 'Q' THEN substring(p.end, 0, 5) + CASE substring(p.end, 6) WHEN '1' THEN '03-31' WHEN '2' THEN '06-30' WHEN '3' THEN '09-30' ELSE '12-31' END
      WHEN size(p.end) = 7 THEN p.end + '-31'
      ELSE p.end END AS last
    RETURN count(CASE WHEN last >= $as_of THEN 1 ELSE null END) AS posts
  }
  CALL (e) {
    MATCH (e)-[:MEMBER_OF]->(a:Alliance)
    RETURN collect({nature: coalesce(a.nature, ''), level: coalesce(a.level, '')}) AS own
  }
  CALL (hosts) {
    MATCH (o:PartyOrganization {liantu_source: $source})-[:MEMBER_OF]->(a:Alliance)
    WHERE o.liantu_id IN hosts
    RETURN collect({nature: coalesce(a.nature, ''), level: coalesce(a.level, '')}) AS theirs
  }
  WITH e, below, party_levels, whole, within, chains, complete, posts, modes, own + theirs AS alliances, coalesce(e.party_status, '') AS status
  WITH *, status IN ['单独', '联合'] OR ANY(m IN modes WHERE m IN ['单独', '联合', '']) AS organized,
    status = '派驻指导员' OR '派驻指导员' IN modes AS sent,
    '联盟成员' IN complete AND NONE(a IN alliances WHERE a.nature = '') AS listed
  WITH *, [
      {measure: 'party_organization', state: CASE WHEN organized THEN 'covered'
        WHEN status = '无' OR sent OR '依托' IN complete THEN 'not_covered' ELSE 'not_reported' END},
      {measure: 'party_work', state: CASE WHEN organized OR sent OR posts > 0 THEN 'covered'
        WHEN status = '无' OR ('依托' IN complete AND '岗位' IN complete) THEN 'not_covered' ELSE 'not_reported' END},
      {measure: 'alliance_enterprise', state: CASE WHEN ANY(a IN alliances WHERE a.nature = '党建') THEN 'covered'
        WHEN listed THEN 'not_covered' ELSE 'not_reported' END}
    ] AS says,
    [g IN ['重点', '优势', '卓越', '其他'] WHERE ANY(k IN chains WHERE g IN k.grades)] AS grades
  WITH says, party_levels, alliances, listed,
    [{by: 'total', group: '合计', id: whole}]
    + CASE WHEN size(within) = 0 THEN [{by: 'region', group: '未填报', id: ''}]
      ELSE [w IN within WHERE $region = '' OR w.id IN below | {by: 'region', group: w.name, id: w.id}] END
    + CASE WHEN size(chains) = 0 THEN [{by: 'chain', group: '未填报', id: ''}]
      ELSE [k IN chains WHERE $chain = '' OR k.id = $chain | {by: 'chain', group: k.label, id: k.id}] END
    + CASE WHEN size(grades) = 0 THEN [{by: 'chain_grade', group: '未填报', id: ''}]
      ELSE [g IN grades | {by: 'chain_grade', group: g, id: ''}] END
    + [{by: 'size_class', group: coalesce(e.size, '未填报'), id: ''}] AS groups
  WITH [l IN party_levels | {measure: 'alliance_enterprise', by: 'alliance_level', id: '',
      group: CASE WHEN l = '' THEN '未填报' ELSE l END,
      state: CASE WHEN ANY(a IN alliances WHERE a.nature = '党建' AND a.level = l) THEN 'covered'
        WHEN listed AND (l = '' OR NONE(a IN alliances WHERE a.nature = '党建' AND a.level = '')) THEN 'not_covered'
        ELSE 'not_reported' END}] AS levelled, says, groups
  UNWIND levelled + reduce(all = [], m IN says | all + [g IN groups | {measure: m.measure, by: g.by, group: g.group, id: g.id, state: m.state}]) AS one
  RETURN one.measure AS measure, one.by AS by, one.group AS group, one.id AS group_id, one.state AS state, count(*) AS number

  UNION ALL

  // every chain
  MATCH (c:Chain {liantu_source: $source})
  WHERE $chain = '' OR c.liantu_id = $chain
  CALL (c) {
    MATCH (c)-[:LOCATED_IN]->(:Region)-[:PART_OF*0..]->(r:Region)
    RETURN collect({id: r.liantu_id, name: r.name}) AS within
  }
  WITH c, below, known, levels, whole, within
  WHERE $region = '' OR ANY(w IN within WHERE w.id = $region)
  CALL (c, within) {
    MATCH (x:Scope {liantu_source: $source, table: '联盟覆盖'})
    WHERE x.complete = true AND (x.region IS NULL OR ANY(w IN within WHERE w.id = x.region)) AND (x.chain IS NULL OR x.chain = c.liantu_id)
    RETURN count(*) > 0 AS listed
  }
  CALL (c) {
    MATCH (a:Alliance)-[:COVERS]->(c)
    RETURN collect(coalesce(a.level, '')) AS covering
  }
  WITH c, levels, covering, listed,
    CASE WHEN size(covering) > 0 THEN 'covered' WHEN listed THEN 'not_covered' ELSE 'not_reported' END AS state,
    [{by: 'total', group: '合计', id: whole}]
    + CASE WHEN size(within) = 0 THEN [{by: 'region', group: '未填报', id: ''}]
      ELSE [w IN within WHERE $region = '' OR w.id IN below | {by: 'region', group: w.name, id: w.id}] END
    + [k IN known WHERE k.id = c.liantu_id | {by: 'chain', group: k.label, id: k.id}]
    + CASE WHEN size(coalesce(c.grade, [])) = 0 THEN [{by: 'chain_grade', group: '未填报', id: ''}]
      ELSE [g IN c.grade | {by: 'chain_grade', group: g, id: ''}] END AS groups
  UNWIND [g IN groups | {by: g.by, group: g.group, id: g.id, state: state}]
    + [l IN levels | {by: 'alliance_level', id: '', group: CASE WHEN l = '' THEN '未填报' ELSE l END,
        state: CASE WHEN l IN covering THEN 'covered' WHEN listed AND (l = '' OR NOT '' IN covering) THEN 'not_covered' ELSE 'not_reported' END}] AS one
  RETURN 'alliance_chain' AS measure, one.by AS by, one.group AS group, one.id AS group_id, one.state AS state, count(*) AS number

  UNION ALL

  // rows that are there although nothing in them counts: totals, levels, subjects of stated figures
  CALL (below) {
    MATCH (f:Fact {liantu_source: $source})-[:ABOUT]->(r:Region)
    WHERE ($region = '' OR r.liantu_id IN below)
      AND f.metric =~ '(?is).*(工作覆盖|party work|组织覆盖|party organi[sz]ation coverage|链.*(联盟|党委|党支部|覆盖)|alliances? (over|of) chains|覆盖企业|吸纳企业|带动.*企业|纳入.*企业|alliance coverage|党组织|党委|党支部|党小组|行动支部|联盟|指导员|专员|联络员).*'
    RETURN collect(DISTINCT {by: 'region', group: r.name, id: r.liantu_id}) AS regions
  }
  CALL () {
    MATCH (f:Fact {liantu_source: $source})-[:ABOUT]->(c:Chain)
    WHERE ($chain = '' OR c.liantu_id = $chain)
      AND f.metric =~ '(?is).*(工作覆盖|party work|组织覆盖|party organi[sz]ation coverage|链.*(联盟|党委|党支部|覆盖)|alliances? (over|of) chains|覆盖企业|吸纳企业|带动.*企业|纳入.*企业|alliance coverage|党组织|党委|党支部|党小组|行动支部|联盟|指导员|专员|联络员).*'
    RETURN collect(c.liantu_id) AS ids
  }
  WITH levels, party_levels, [{by: 'total', group: '合计', id: whole}] + regions
    + [k IN known WHERE k.id IN ids | {by: 'chain', group: k.label, id: k.id}] AS groups
  WITH reduce(all = [], m IN ['party_organization', 'party_work', 'alliance_enterprise', 'alliance_chain'] |
      all + [g IN groups | {measure: m, by: g.by, group: g.group, id: g.id}])
    + [l IN party_levels | {measure: 'alliance_enterprise', by: 'alliance_level', group: CASE WHEN l = '' THEN '未填报' ELSE l END, id: ''}]
    + [l IN levels | {measure: 'alliance_chain', by: 'alliance_level', group: CASE WHEN l = '' THEN '未填报' ELSE l END, id: ''}] AS empty
  UNWIND empty AS one
  RETURN one.measure AS measure, one.by AS by, one.group AS group, one.id AS group_id, '' AS state, 0 AS number
}
WITH measure, by, group, group_id,
  sum(number) AS eligible,
  sum(CASE WHEN state = 'covered' THEN number ELSE 0 END) AS covered,
  sum(CASE WHEN state = 'not_covered' THEN number ELSE 0 END) AS not_covered,
  sum(CASE WHEN state = 'not_reported' THEN number ELSE 0 END) AS not_reported
RETURN measure, by, group, group_id, eligible, covered, not_covered, not_reported
ORDER BY measure, by, group, group_id
