// 结对共建台账：甲方、乙方、形式、日期、事项、状态
// The register of co-building pairs: both parties, form, dates, matter and status
//
// The twin of the question pairings. States on a day and the pairs advised are computed by the
// question itself. With a chain or a region: pairs with a Party organization of it on either side.
// :param source => 'chenglan'
// :param chain => ''
// :param region => ''

// Party organizations asked about
CALL () {
  MATCH (x:PartyOrganization {liantu_source: $source})
  WHERE $chain <> '' OR $region <> ''
  CALL (x) {
    MATCH (x)-[:LOCATED_IN]->(:Region)-[:PART_OF*0..]->(r:Region)
    RETURN collect(r.liantu_id) AS own
  }
  CALL (x) {
    MATCH (x)-[:ORG_OF]->(h)-[:LOCATED_IN]->(:Region)-[:PART_OF*0..]->(r:Region)
    RETURN collect(r.liantu_id) AS of_hosts
  }
  CALL (x) {
    MATCH (x)-[:ORG_OF]->(e:Enterprise)-[:IN_CHAIN]->(c:Chain)
    WHERE e.standing <> 'outside'
    RETURN collect(c.liantu_id) AS direct
  }
  CALL (x) {
    MATCH (x)-[:ORG_OF]->(e:Enterprise)-[:IN_SEGMENT]->(:Segment)-[:PART_OF]->(c:Chain)
    WHERE e.standing <> 'outside'
    RETURN collect(c.liantu_id) AS placed
  }
  CALL (x) {
    MATCH (x)-[:MEMBER_OF]->(:Alliance)-[:COVERS]->(c:Chain)
    RETURN collect(c.liantu_id) AS allied
  }
  CALL (x) {
    MATCH (x)-[:ORG_OF]->(h)-[:MEMBER_OF]->(:Alliance)-[:COVERS]->(c:Chain)
    RETURN collect(c.liantu_id) AS through
  }
  WITH x, CASE WHEN size(own) > 0 THEN own ELSE of_hosts END AS within, direct + placed + allied + through AS chains
  WHERE ($region = '' OR $region IN within) AND ($chain = '' OR $chain IN chains)
  RETURN collect(x.liantu_id) AS asked
}
MATCH (a {liantu_source: $source})-[r:CO_BUILDS]->(b)
WHERE ($chain = '' AND $region = '')
  OR (a:PartyOrganization AND a.liantu_id IN asked) OR (b:PartyOrganization AND b.liantu_id IN asked)
RETURN a.name AS party_a, a.liantu_id AS party_a_id, b.name AS party_b, b.liantu_id AS party_b_id,
  coalesce(r.form, '') AS form, r.signed AS signed, r.expires AS expires,
  coalesce(r.matter, '') AS matter, coalesce(r.status, '') AS status
ORDER BY party_a, party_b, party_a_id, party_b_id
