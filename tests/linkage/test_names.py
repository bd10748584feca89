"""Names in one form."""

import pytest

from songhe.linkage.names import alike, normal, variants


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("张伟", "張偉"),
        ("刘秀兰", "劉秀蘭"),
        ("郑国强", "鄭國強"),
        ("叶晓峰", "葉曉峯"),
        ("买买提·吐尔逊", "買買提•吐爾遜"),
        ("买买提·吐尔逊", "买买提吐尔逊"),
        ("古丽 巴哈尔", "古丽・巴哈尔"),
        ("王　芳", "王芳"),
        ("ＡＢ", "ab"),
    ],
)
def test_these_are_one_name(one, other):
    assert normal(one) == normal(other)


@pytest.mark.parametrize(("one", "other"), [("张伟", "章伟"), ("肖华", "萧华"), ("于勇", "於勇"), ("王芳", "王方")])
def test_homophones_are_not(one, other):
    assert normal(one) != normal(other)


@pytest.mark.parametrize(
    ("one", "other", "are"),
    [
        ("张伟", "张伟", True),
        ("张伟", "章伟", True),
        ("张小伟", "张伟", True),
        ("张伟", "李明", False),
        ("张", "张小伟", False),
    ],
)
def test_alike_is_one_character(one, other, are):
    assert alike(one, other) is alike(other, one) is are


def test_the_table_leads_to_standard_characters_only():
    standard = set(variants())
    forms = [form for row in variants().values() for form in row]
    assert len(forms) == len(set(forms))
    assert not standard & set(forms)
    assert len(forms) > 600
