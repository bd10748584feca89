"""The tree of one day, without a database."""

import pytest

from songhe.divisions.codes import CITY, COUNTY, TOWN, VILLAGE
from songhe.divisions.errors import DivisionError
from songhe.divisions.tree import Node, Tree

NODES = [
    Node(1, "421300", "随州市", CITY, None),
    Node(2, "421303", "曾都区", COUNTY, 1),
    Node(3, "421321", "随县", COUNTY, 1),
    Node(4, "421303001", "西城街道", TOWN, 2),
    Node(5, "421303001001", "乌龙巷社区", VILLAGE, 4),
    Node(6, "421303001002", "文帝社区", VILLAGE, 4),
    Node(7, "421391", "随州高新区", COUNTY, 1, is_committee=True),
]


@pytest.fixture
def tree() -> Tree:
    return Tree(reversed(NODES))


@pytest.mark.parametrize("code", ["4213", "421300", "421300000", "421300000000"])
def test_a_code_is_found_in_every_length(tree: Tree, code: str):
    assert tree.find(code) == NODES[0]


@pytest.mark.parametrize("code", ["", "42", "421399", "421303001003", "乌龙巷"])
def test_a_code_nobody_has_is_not_found(tree: Tree, code: str):
    assert tree.find(code) is None


def test_parents_come_before_their_children_and_siblings_by_code(tree: Tree):
    assert [node.id for node in tree] == [1, 2, 4, 5, 6, 3, 7]
    assert [node.id for node in tree.children(1)] == [2, 3, 7]
    assert [node.id for node in tree.children(None)] == [1]


def test_a_path_leads_from_the_root(tree: Tree):
    assert [node.id for node in tree.path(5)] == [1, 2, 4, 5]
    assert tree.full_name(5) == "随州市曾都区西城街道乌龙巷社区"


def test_a_subtree_holds_the_division_itself(tree: Tree):
    assert tree.subtree([2]) == {2, 4, 5, 6}
    assert tree.subtree([3, 6]) == {3, 6}
    assert tree.subtree([2, 5]) == {2, 4, 5, 6}


def test_what_does_not_exist_holds_nothing(tree: Tree):
    assert tree.subtree([99]) == frozenset()
    assert tree.subtree([]) == frozenset()
    assert not tree.holds(99, 99)


def test_a_division_holds_itself_and_what_is_below(tree: Tree):
    held = {(above.id, below.id) for above in tree for below in tree if tree.holds(above.id, below.id)}
    assert held == {(above.id, below) for above in tree for below in tree.subtree([above.id])}


def test_asking_for_what_does_not_exist_says_so(tree: Tree):
    with pytest.raises(DivisionError, match="no division 99 on that day"):
        tree.node(99)
    assert tree.get(99) is None


def test_at_level_goes_up_never_down(tree: Tree):
    assert tree.at_level(5, COUNTY) == NODES[1]
    assert tree.at_level(3, VILLAGE) == NODES[2]


def test_the_nearest_division_that_holds_several(tree: Tree):
    assert tree.common([5, 6]) == NODES[3]
    assert tree.common([5, 3]) == NODES[0]
    assert tree.common([5]) == NODES[4]
    assert tree.common([5, 4]) == NODES[3]
    assert tree.common([]) is None


def test_a_level_is_listed_with_its_committees(tree: Tree):
    assert [node.id for node in tree.level(COUNTY)] == [2, 3, 7]


def test_a_node_without_its_parent_is_refused():
    with pytest.raises(DivisionError, match="421303001 hang in the air"):
        Tree([NODES[0], NODES[3]])
