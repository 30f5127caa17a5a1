"""The merge tree equals scipy's, and pre-merged groups give the same speakers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.cluster.hierarchy import fcluster, linkage

from diarize_worker.stages.tree import Groups, merge_within_blocks, single_groups, ward_tree


def clouds(num: int, each: int, spread: float = 0.03, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Unit vectors around `num` directions, in mixed order, and which direction each belongs to."""
    random = np.random.default_rng(seed)
    centres = np.linalg.qr(random.normal(size=(32, num)))[0].T
    truth = random.permutation(np.repeat(np.arange(num), each))
    vectors = centres[truth] + random.normal(0, spread, (len(truth), 32))
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True), truth


def are_same(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether two labellings make the same groups."""
    pairs = set(zip(one.tolist(), other.tolist(), strict=True))
    return len(pairs) == len(set(one.tolist())) == len(set(other.tolist()))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 40))
def test_heights_and_cuts_are_those_of_ward(seed: int, num: int) -> None:
    vectors = np.random.default_rng(seed).normal(size=(num, 5))
    tree, expected = ward_tree(single_groups(vectors, 1.0)), linkage(vectors, "ward")
    np.testing.assert_allclose(tree.heights, expected[:, 2], rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(tree.sizes[num:], expected[:, 3])
    for num_clusters in {1, 2, num // 2 + 1, num}:
        assert are_same(tree.cut(num_clusters), fcluster(expected, num_clusters, "maxclust"))


def test_a_group_counts_as_the_vectors_it_stands_for() -> None:
    """Two identical vectors are one group of two: the rest of the tree is the same."""
    vectors = np.random.default_rng(0).normal(size=(6, 4))
    doubled = ward_tree(single_groups(np.repeat(vectors, 2, axis=0), 1.0))
    weighted = ward_tree(single_groups(vectors, 2.0))
    np.testing.assert_allclose(doubled.heights[6:], weighted.heights)


@pytest.mark.parametrize("num", [1, 2])
def test_the_smallest_trees(num: int) -> None:
    tree = ward_tree(single_groups(np.eye(3)[:num], 1.0))
    assert tree.num_leaves == num
    assert tree.num_clusters_at(0.0) == num
    assert tree.num_clusters_at(10.0) == 1
    assert tree.cut(5).tolist() == list(range(num))


def test_a_threshold_is_met_from_below() -> None:
    tree = ward_tree(single_groups(np.array([[0.0], [1.0], [5.0]]), 1.0))
    assert [tree.num_clusters_at(t) for t in (0.9, 1.0, tree.heights[1] - 1e-9, tree.heights[1])] == [
        3,
        2,
        2,
        1,
    ]


def test_pre_merging_keeps_what_belongs_together() -> None:
    vectors, truth = clouds(5, 240)
    groups = merge_within_blocks(single_groups(vectors, 1.0), 400, 0.12)
    assert len(groups) < 100
    assert groups.counts.sum() == len(vectors)
    np.testing.assert_allclose(groups.sums.sum(0), vectors.sum(0))
    assert are_same(ward_tree(groups).cut(5)[groups.group_of], truth)


def test_pre_merging_can_be_repeated() -> None:
    """Groups of groups still know every item, and count all of them."""
    vectors, truth = clouds(3, 400)
    groups: Groups = single_groups(vectors, 1.0)
    for _ in range(2):
        groups = merge_within_blocks(groups, 100, 0.12)
    assert groups.counts.sum() == len(vectors)
    assert len(groups.group_of) == len(vectors)
    assert are_same(ward_tree(groups).cut(3)[groups.group_of], truth)
