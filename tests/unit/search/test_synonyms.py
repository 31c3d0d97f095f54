"""Which words stand for which: rules, places before the merger, the shipped list."""

import pytest

from search import dictionary, former_places
from search.engines.base import Clause
from search.question import read
from search.synonyms import NO_RULES, Phrase, Rule, Rules, expand, one_way


class EveryWord:
    """An index that holds everything, some words more often."""

    def frequency(self, token: str) -> int:
        return 1 if token.startswith("_quyen_su") else 9


class NoWord:
    """An index that holds nothing."""

    def frequency(self, token: str) -> int:
        return 0


def rules(*lines: str) -> Rules:
    found = []
    for line in lines:
        typed, _, finds = line.partition("→")
        found += dictionary.rules_of(dictionary.parted(typed), dictionary.parted(finds))
    return Rules(found)


def instead(question: str, *lines: str) -> list[list[str]]:
    expansion = expand(read(question), rules(*lines), EveryWord())  # type: ignore[arg-type]  # what it asks
    return [[clause.token for clause in place] for place in expansion.instead]


@pytest.mark.parametrize(
    ("question", "line", "expected"),
    [
        ("bắp luộc", "bắp, ngô", [["ngô"], []]),
        ("ngô luộc", "bắp, ngô", [["bắp"], []]),
        ("bap luoc", "bắp, ngô", [["ngô"], []]),
        ("khoai mì khô", "sắn, khoai mì", [["sắn"], ["sắn"], []]),
        ("sắn khô", "sắn, khoai mì", [["_khoai_mi"], []]),
        ("sổ đỏ", "sổ đỏ → giấy chứng nhận quyền sử dụng đất", [["_quyen_su"], ["_quyen_su"]]),
        ("giấy phép", "bằng lái → giấy phép", [[], []]),
        ("dâu tây", "đậu, đỗ", [[], []]),
        ("đậu tây", "đậu, đỗ", [["đỗ"], []]),
        ("dau tay", "đậu, đỗ", [["đỗ"], []]),
        ("khoai lang", "khoai mì, sắn", [[], []]),
    ],
)
def test_a_word_finds_what_its_rule_says(question: str, line: str, expected: list[list[str]]) -> None:
    assert instead(question, line) == expected


def test_the_longest_phrase_counts_and_words_inside_it_do_not() -> None:
    found = instead("trái thơm chín", "thơm, hương", "trái thơm, dứa")
    assert found == [["dứa", "thom"], ["dứa"], []]


def test_what_was_typed_already_is_not_looked_for_again() -> None:
    assert instead("thẻ bảo hiểm y tế", "thẻ bảo hiểm → thẻ bảo hiểm y tế") == [[], [], [], [], []]


def test_a_tone_may_stand_on_either_letter() -> None:
    assert instead("giải toả", "giải tỏa → thu hồi") == [["_thu_hoi"], ["_thu_hoi"]]
    assert instead("ra ngay", "ra → tòa") == [["tòa", "toà"], []]
    assert [one_way(word) for word in ("hoà", "khoẻ", "thuỷ", "quý", "hoàn", "Đắk".lower())] == [
        "hòa",
        "khỏe",
        "thủy",
        "quý",
        "hoàn",
        "đăk",
    ]


def test_a_word_for_the_kind_of_fruit_may_be_left_out_before_its_name() -> None:
    expansion = expand(read("trái bơ"), NO_RULES, EveryWord())  # type: ignore[arg-type]  # what it asks
    assert expansion.instead[0] == (Clause("text_folded", "bo", 0.1),)
    assert not expand(read("bơ trái"), NO_RULES, EveryWord()).instead[1]  # type: ignore[arg-type]  # what it asks


def test_what_the_index_lacks_is_not_looked_for() -> None:
    expansion = expand(read("bắp"), rules("bắp, ngô"), NoWord())  # type: ignore[arg-type]  # what it asks
    assert (list(expansion.instead), list(expansion.words)) == ([()], [])


def places(question: str) -> set[str]:
    made = Rules(former_places.of_districts())
    return {
        " ".join(found)
        for _, _, applying in made.matching(read(question))
        for rule in applying
        for found in rule.found
    }


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("gừng Kon Tum", {"quảng ngãi"}),
        ("gung kon tum", {"quảng ngãi"}),
        ("gừng tỉnh Kon Tum", {"quảng ngãi"}),
        ("gừng Kon", set()),
        ("cà phê huyện Ngọc Hồi", {"bờ y", "dục nông", "sa loong"}),
        ("cà phê Ngọc Hồi", set()),  # a commune of Hà Nội is called so today
        ("cà phê Ngọc Hồi Kon Tum", {"bờ y", "dục nông", "sa loong", "quảng ngãi"}),
        ("gạo huyện Châu Thành", set()),  # of nine provinces
        ("mật ong Sơn La", set()),
    ],
)
def test_a_place_before_the_merger_finds_what_it_is_today(question: str, expected: set[str]) -> None:
    assert places(question) == expected


def test_a_name_that_several_districts_had_counts_beside_its_province() -> None:
    assert "long hồ" not in places("gạo huyện Châu Thành")
    assert places("gạo huyện Châu Thành Trà Vinh") > {"vĩnh long"}


def test_a_former_commune_finds_todays() -> None:
    communes = [
        former_places.TodaysCommune("Măng Ri", "Quảng Ngãi", ("Xã Tê Xăng", "Xã Măng Ri")),
        former_places.TodaysCommune("Yên Bình", "Lào Cai", ("Xã Tân Hương",)),
        former_places.TodaysCommune("Tân Hội", "Đồng Tháp", ("Xã Tân Hương",)),
    ]
    made = Rules(former_places.of_communes(communes))

    def found(question: str) -> list[str]:
        return [
            " ".join(target)
            for *_, some in made.matching(read(question))
            for rule in some
            for target in rule.found
        ]

    assert found("mật ong xã Tê Xăng") == ["măng ri"]
    assert found("mật ong Tê Xăng") == ["măng ri"]
    assert found("mật ong xã Măng Ri") == []
    assert found("chè Tân Hương") == []
    assert found("chè Tân Hương Lào Cai") == ["yên bình"]


def test_every_entry_of_the_shipped_list_has_a_name_of_its_own_and_says_something() -> None:
    entries = dictionary.shipped_entries()
    assert len(entries) > 150
    assert len({entry.key for entry in entries}) == len(entries)
    for entry in entries:
        typed = [Phrase.of(word).written for word in entry.words]
        found = [Phrase.of(word).written for word in entry.found]
        assert len(set(typed)) == len(typed), entry
        assert not set(typed) & set(found), entry
        assert len(typed) > 1 or found, entry
        assert max(map(len, typed)) <= 5, entry
        assert len(", ".join(entry.words)) <= 300
        assert len(", ".join(entry.found)) <= 300
        assert len(entry.key) <= 80


def test_rules_are_added_without_changing_either() -> None:
    one, other = rules("bắp, ngô"), Rules([Rule(Phrase.of("heo"), (("lợn",),))])
    assert (len(one), len(other), len(one + other)) == (2, 1, 3)
