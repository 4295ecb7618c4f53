import numpy as np
import pytest
from scipy import stats
from tiaowen_evaluation.statistics import holm, intervals, paired


def test_holm_by_hand():
    # sorted 0.01·4, 0.02·3, 0.03·2, 0.04·1, each at least the one before
    assert holm([0.04, 0.01, 0.03, 0.02]) == pytest.approx([0.06, 0.04, 0.06, 0.06])
    assert holm([0.9, 0.8]) == pytest.approx([1.0, 1.0])


def test_intervals_are_scipys_bootstrap():
    rng = np.random.default_rng(1)
    values = rng.random((120, 3))
    for column, found in enumerate(intervals(values)):
        sample = values[:, column]
        theirs = stats.bootstrap(
            (sample,), np.mean, n_resamples=5000, method="percentile", rng=2
        ).confidence_interval
        assert found.value == pytest.approx(sample.mean())
        assert found.low == pytest.approx(theirs.low, abs=0.006)
        assert found.high == pytest.approx(theirs.high, abs=0.006)
        assert found.low < found.value < found.high


def test_a_constant_figure_has_no_width():
    (found,) = intervals(np.full((30, 1), 0.1))
    assert found.high - found.low < 1e-12


@pytest.mark.parametrize("seed", range(4))
def test_the_paired_test_is_scipys(seed):
    rng = np.random.default_rng(seed)
    a = {str(n): float(v) for n, v in enumerate(rng.random(60))}
    b = {n: min(1.0, max(0.0, v + float(rng.normal(-0.05, 0.2)))) for n, v in a.items()}
    found = paired(a, b)
    sample = np.asarray([b[n] - a[n] for n in a])
    for theirs, ours in (("two-sided", found.p), ("less", found.p_fall)):
        expected = stats.permutation_test(
            (sample,),
            np.mean,
            permutation_type="samples",
            alternative=theirs,
            n_resamples=20_000,
            rng=seed,
        ).pvalue
        assert ours == pytest.approx(expected, abs=0.015)
    assert found.effect == pytest.approx(sample.mean() / sample.std(ddof=1))


def test_few_changes_are_tested_exactly():
    before = {str(n): 1.0 for n in range(50)}
    after = before | {"0": 0.0, "1": 0.0, "2": 0.0}
    found = paired(before, after)
    assert found.p_fall == pytest.approx(1 / 8)  # all three fell: one of 2³ sign patterns
    assert found.p == pytest.approx(2 / 8)
    assert (found.wins, found.losses, found.n) == (0, 3, 50)


def test_nothing_moved():
    found = paired({"a": 0.3}, {"a": 0.3})
    assert (found.mean, found.p, found.p_fall, found.effect) == (0.0, 1.0, 1.0, 0.0)


def test_a_draw_repeats():
    rng = np.random.default_rng(3)
    a = {str(n): float(v) for n, v in enumerate(rng.random(80))}
    b = {str(n): float(v) for n, v in enumerate(rng.random(80))}
    assert paired(a, b) == paired(a, b)
