"""The systemic risk kernel against exact fractions, full sweeps and itself."""

from fractions import Fraction

import numpy as np
import numpy.typing as npt
import pytest
from golden_esri import GOLDEN
from hypothesis import given
from hypothesis import strategies as st
from kernel_oracles import Trade, exact_esri, swept_esri

from graphmodel.errors import UsageError
from queries.kernels.esri import CONVERGED, Weighing, esri, spread
from queries.kernels.network import Network, trade_network


def network(
    trades: list[Trade], sector: list[int], table: list[list[int]], **more: list[float]
) -> Network:
    rows = np.array(trades, dtype=np.int64).reshape(-1, 3)
    p, levels = np.array(sector, dtype=np.int64), np.array(table, dtype=np.int64)
    level = levels[p[rows[:, 0]], p[rows[:, 1]]]
    return trade_network(rows[:, 0], rows[:, 1], rows[:, 2], p, level, **more)


@pytest.mark.parametrize("name", GOLDEN)
def test_toy_economies_come_out_as_worked_out_exactly(name: str) -> None:
    known = GOLDEN[name]
    net = network(known["edges"], known["p"], known["ess"])
    found = esri(net, epsilon=known["eps"], substitution=known["substitution"])
    np.testing.assert_allclose(found.total, known["esri"], rtol=0, atol=1e-12)
    np.testing.assert_allclose(found.downstream, known["esri_d"], rtol=0, atol=1e-12)
    np.testing.assert_allclose(found.upstream, known["esri_u"], rtol=0, atol=1e-12)
    assert found.steps.tolist() == known["T"]
    for firm in range(len(known["p"])):
        ends = spread(net, [firm], epsilon=known["eps"], substitution=known["substitution"])
        np.testing.assert_allclose(ends.down, known["h_d"][firm], rtol=0, atol=1e-12)
        np.testing.assert_allclose(ends.up, known["h_u"][firm], rtol=0, atol=1e-12)


@st.composite
def economies(draw: st.DrawFn) -> tuple[list[Trade], list[int], list[list[int]]]:
    size = draw(st.integers(2, 7))
    sectors = draw(st.integers(1, 4))
    firm = st.integers(0, size - 1)
    pairs = draw(st.sets(st.tuples(firm, firm).filter(lambda p: p[0] != p[1]), max_size=16))
    trades = [(i, j, draw(st.integers(1, 1000))) for i, j in sorted(pairs)]
    sector = draw(st.lists(st.integers(0, sectors - 1), min_size=size, max_size=size))
    row = st.lists(st.integers(0, 2), min_size=sectors, max_size=sectors)
    return trades, sector, draw(st.lists(row, min_size=sectors, max_size=sectors))


@given(
    economies(),
    st.booleans(),
    st.lists(
        st.sampled_from([Fraction(0), Fraction(1, 3), Fraction(1, 2), Fraction(1)]), min_size=7
    ),
    st.lists(st.one_of(st.none(), st.integers(1, 3000)), min_size=7),
    st.sampled_from([Fraction(1, 100), Fraction(1, 7), Fraction(1, 10000)]),
)
def test_random_economies_agree_with_exact_fractions(
    economy: tuple[list[Trade], list[int], list[list[int]]],
    substitution: bool,  # noqa: FBT001  # drawn by Hypothesis
    hits: list[Fraction],
    revenue: list[int | None],
    epsilon: Fraction,
) -> None:
    trades, sector, table = economy
    size = len(sector)
    psi = hits[:size]
    known = [np.nan if r is None else float(r) for r in revenue[:size]]
    net = network(trades, sector, table, revenue=known)
    exact = exact_esri(
        trades, sector, table, psi,
        epsilon=epsilon, substitution=substitution, revenue=revenue[:size],
    )  # fmt: skip
    found = esri(
        net, [np.arange(size)], psi=[[float(p) for p in psi]],
        epsilon=float(epsilon), substitution=substitution, threads=1,
    )  # fmt: skip
    # A decrease of exactly ε may round to either side; then one more or one less update is made.
    if int(found.steps[0]) == exact[3]:
        got = (found.total[0], found.downstream[0], found.upstream[0])
        assert got == pytest.approx([float(x) for x in exact[:3]], abs=1e-12)
    else:
        assert abs(int(found.steps[0]) - exact[3]) == 1


def random_economy(
    size: int, links: int, sectors: int, seed: int
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    rng = np.random.default_rng(seed)
    weights = rng.pareto(1.2, size) + 1
    ends = rng.choice(size, (2, links), p=weights / weights.sum())
    ends = np.unique(ends[:, ends[0] != ends[1]], axis=1)
    trades = np.vstack([ends, rng.lognormal(0, 1, ends.shape[1])]).T
    sector = rng.integers(0, sectors, size)
    return trades, sector, rng.choice(3, (sectors, sectors), p=[0.2, 0.4, 0.4])


def laid_out(
    trades: npt.NDArray[np.float64], sector: npt.NDArray[np.int64], table: npt.NDArray[np.int64]
) -> Network:
    source, target = trades[:, 0].astype(np.int64), trades[:, 1].astype(np.int64)
    level = table[sector[source], sector[target]]
    return trade_network(source, target, trades[:, 2], sector, level)


def test_a_larger_economy_agrees_with_full_sweeps() -> None:
    trades, sector, table = random_economy(2000, 9000, 12, seed=4)
    found = esri(laid_out(trades, sector, table))
    hubs = np.argsort(-found.total)[:25]
    for firm in [*hubs.tolist(), *range(0, 2000, 80)]:
        known = swept_esri(trades, sector, table, firm)
        got = (found.total[firm], found.downstream[firm], found.upstream[firm])
        assert got == pytest.approx(known, abs=1e-12)


def test_the_number_of_threads_changes_no_bit() -> None:
    net = laid_out(*random_economy(1500, 9000, 10, seed=7))
    one, two = esri(net, threads=1), esri(net, threads=2)
    for first, second in zip(one, two, strict=True):
        assert first.tobytes() == second.tobytes()


def test_ten_thousand_firms_agree_with_full_sweeps() -> None:
    rng = np.random.default_rng(1)
    ends = rng.integers(0, 10_000, (2, 40_000))
    ends = np.unique(ends[:, ends[0] != ends[1]], axis=1)
    trades = np.vstack([ends, rng.lognormal(0, 1, ends.shape[1])]).T
    sector = rng.integers(0, 40, 10_000)
    table = rng.choice(3, (40, 40), p=[0.4, 0.4, 0.2])
    chosen = rng.permutation(10_000)[:24].tolist()
    found = esri(laid_out(trades, sector, table), chosen)
    assert found.steps.max() > 5  # far enough to be swept side by side
    for place, firm in enumerate(chosen):
        known = swept_esri(trades, sector, table, firm)
        got = (found.total[place], found.downstream[place], found.upstream[place])
        assert got == pytest.approx(known, abs=1e-12)


def test_neither_company_nor_order_changes_a_bit() -> None:
    net = laid_out(*random_economy(800, 6000, 8, seed=5))
    firms = np.random.default_rng(3).permutation(800)
    mixed, plain = esri(net, list(firms)), esri(net)
    assert mixed.total.tobytes() == plain.total[firms].tobytes()
    assert mixed.downstream.tobytes() == plain.downstream[firms].tobytes()
    some = esri(net, list(firms[:5]), substitution=False)
    assert some.total.tobytes() == esri(net, substitution=False).total[firms[:5]].tobytes()


def test_partial_closures_of_several_firms_agree_with_every_firm_in_full() -> None:
    net = laid_out(*random_economy(900, 7000, 8, seed=9))
    rng = np.random.default_rng(2)
    closures = [rng.integers(0, 900, 3) for _ in range(20)]
    psi = [rng.choice([0.0, 0.3, 1.0], 3) for _ in range(20)]
    counted = (rng.random(900) < 0.7).astype(np.float64)
    weighing = Weighing(counted, rng.random(900), 0.05)
    found = esri(net, list(closures), psi=list(psi), weighing=weighing)
    for place, (firms, left) in enumerate(zip(closures, psi, strict=True)):
        ends = spread(net, firms, psi=left)
        lost = 1.0 - np.minimum(ends.down, ends.up)
        assert found.total[place] == pytest.approx(net.firms.share @ lost, abs=1e-12)
        assert found.downstream[place] == pytest.approx(
            net.firms.share @ (1.0 - ends.down), abs=1e-12
        )
        others = np.ones(900, dtype=bool)
        others[firms[left < 1]] = False
        assert found.value[place] == pytest.approx((weighing.value * lost)[others].sum(), abs=1e-9)
        assert found.firms[place] == counted[others & (1.0 - ends.down >= 0.05)].sum()
        assert found.steps[place] == ends.steps


def test_progress_is_told_and_an_interruption_goes_through() -> None:
    net = laid_out(*random_economy(600, 4000, 6, seed=3))
    heard: list[tuple[str, float]] = []
    esri(net, progress=lambda what, share: heard.append((what, share)))
    assert heard[-1] == ("ESRI 600 / 600", 1.0)

    def interrupt(_what: str, _share: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        esri(net, progress=interrupt)
    assert esri(net, [[0]]).total[0] > 0


@pytest.mark.parametrize("firm", [-1, 3])
def test_a_firm_that_is_not_there_is_refused(firm: int) -> None:
    net = network([(0, 1, 5)], [0, 0, 0], [[2]])
    with pytest.raises(UsageError, match=f"0 to 2, not {firm} to {firm}"):
        esri(net, [[firm]])
    with pytest.raises(UsageError, match="0 to 2"):
        spread(net, [firm])


def test_scenarios_leave_nothing_behind() -> None:
    net = laid_out(*random_economy(400, 3000, 6, seed=2))
    everyone = esri(net, epsilon=CONVERGED, max_steps=200)
    for firm in range(0, 400, 37):
        alone = esri(net, [[firm]], epsilon=CONVERGED, max_steps=200)
        assert alone.total[0] == everyone.total[firm]


def test_isolated_firms_have_no_systemic_risk() -> None:
    found = esri(network([(0, 1, 5)], [0, 0, 0], [[2]]))
    assert found.total[2] == found.downstream[2] == found.upstream[2] == 0
    nobody_trades = esri(network([], [0, 1], [[2, 2], [2, 2]]))
    assert nobody_trades.total.tolist() == [0, 0]


def test_closing_two_firms_at_once_counts_each_loss_once() -> None:
    # 0 and 1 both sell 5 to 2, of one sector; all inputs essential; nobody else sells.
    net = network([(0, 2, 5), (1, 2, 5)], [0, 0, 1], [[2, 2], [2, 2]])
    assert esri(net, [[0, 1]]).total[0] == 1
    assert esri(net, [[0]]).downstream[0] == 0.5


def test_firms_hit_and_their_worth_leave_out_what_was_closed() -> None:
    # 0 sells 5 to 2, as does 1 of the same sector; 2 sells 4 to 3. All inputs are essential.
    net = network([(0, 2, 5), (1, 2, 5), (2, 3, 4)], [0, 0, 1, 2], [[2] * 3] * 3)
    weighing = Weighing(np.array([1.0, 1, 1, 0]), np.array([10.0, 20, 40, 80]), 0.5)
    found = esri(net, [[0]], weighing=weighing)
    # 2 and 3 lose half of their output; 3 does not count, but is worth 80.
    assert found.firms.tolist() == [1]
    assert found.value.tolist() == [0.5 * 40 + 0.5 * 80]


def test_repeated_sales_of_a_pair_are_added_up() -> None:
    once = esri(network([(0, 1, 7), (1, 2, 3)], [0, 1, 2], [[2] * 3] * 3))
    twice = esri(network([(0, 1, 3), (0, 1, 4), (1, 2, 3)], [0, 1, 2], [[2] * 3] * 3))
    assert once.total.tolist() == twice.total.tolist()


def test_a_delivery_too_small_to_count_does_not_join_two_slots() -> None:
    # Firm 3 needs 0 (sector 0), and 1 and 2 (sector 1), whose first share is 1e-400, that is 0.
    trades = np.array([(0, 3, 1.0), (1, 3, 1e-200), (2, 3, 1e200), (3, 4, 1.0)])
    net = trade_network(trades[:, 0], trades[:, 1], trades[:, 2], [0, 1, 1, 2, 3], [2, 2, 2, 0])
    worth = Weighing(np.ones(5), np.array([0.0, 0.0, 0.0, 1.0, 0.0]), 0.0)
    found = esri(net, [[0, 2]], psi=[[0.5, 0.7]], substitution=False, weighing=worth)
    assert found.value[0] == pytest.approx(0.5)  # the worse of 0.5 and 0.3, not their sum


@pytest.mark.parametrize(
    ("trade", "says"),
    [((1, 1, 5), "itself"), ((0, 1, -5), "-5"), ((0, 1, float("nan")), "finite")],
)
def test_self_supply_and_impossible_amounts_are_refused(
    trade: tuple[int, int, float], says: str
) -> None:
    with pytest.raises(UsageError, match=says):
        trade_network([trade[0]], [trade[1]], [trade[2]], [0, 0], [2])


def test_revenue_keeps_losses_from_creeping_to_everything() -> None:
    # Two firms that sell to each other: without other revenue a closure takes all, in the limit.
    closed = [(0, 1, 10), (1, 2, 10), (2, 1, 10)]
    table = [[1] * 3] * 3
    without = esri(network(closed, [0, 1, 2], table), epsilon=CONVERGED)
    with_revenue = network(closed, [0, 1, 2], table, revenue=[10.0, 40.0, 40.0])
    # 1 closes: 2 loses 10/40 of its sales, 0 all of its 10.
    found = spread(with_revenue, [1], epsilon=CONVERGED)
    assert found.up.tolist() == [0, 0, 0.75]
    assert without.upstream[1] == 1
