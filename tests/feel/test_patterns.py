"""Patterns mean what XPath says they mean, in any script, and take linear time."""

from __future__ import annotations

import pytest

from tests.feel.asking import value


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('matches("B", "[A-Z-[OI]]")', True), ('matches("O", "[A-Z-[OI]]")', False), ('matches("x", "[A-Z-[OI]]", "i")', True),
        ('matches("o", "[A-Z-[OI]]", "i")', False), ('matches("z", "^[^a-c-[x]]$")', True), ('matches("x", "^[^a-c-[x]]$")', False),
        ('matches("e", "^[a-z-[aeiou-[e]]]$")', True), ('matches("a", "^[a-z-[aeiou-[e]]]$")', False),
        (r'matches("b", "^[\\s\\n-[\\n]]$")', False), (r'matches(" ", "^[\\s-[\\n]]$")', True),
        (r'matches("投诉", "^\\p{IsCJKUnifiedIdeographs}+$")', True), (r'matches("投a", "^\\P{IsBasicLatin}+$")', False),
        (r'matches("a投", "^[\\P{IsBasicLatin}a]+$")', True), (r'matches("hi", "\\p{ I s B a s i c L a t i n }+", "x")', True),
        (r'matches("h", "\\p{ IsBasicLatin}")', None), (r'matches("投诉", "^\\w+$")', True), (r'matches("a_b", "^\\w+$")', True),
        (r'matches("，", "\\w")', False), (r'matches("，", "^[\\W]$")', True), (r'matches("a-b", "^[\\w-]+$")', True),
        (r'matches("１２", "^\\d+$")', True), (r'matches("12", "^[^\\D]+$")', True), (r'matches("x", "^[\\S]$")', True),
        (r'matches("a:b", "^\\i\\c*$")', True), (r'matches("1a", "^\\i\\c*$")', False), (r'matches("x y", "x\\ s y", "x")', True),
        (r'matches("a/b", "a\\/b")', True), ('matches("&", "[&]")', True), ('matches("-", "[-a]")', True), ('matches("a", "(?:a)")', True),
        ('matches("a", "(?i)A")', None), ('matches("a]", "a]")', None), ('matches("a", "[]")', None), ('matches("a", "[a")', None),
        (r'matches("a", "\\e")', None), (r'matches("a", "\\")', None), (r'matches("a", "\\p{L")', None), (r'matches("a", "\\p{IsX}")', None),
        (r'matches("a", "[\\b]")', None), ('matches("a", "[b-[a-c]]")', None), (r'matches("a", "[\\w-[a]]")', None),
        ('matches("a", "[a-[b]x]")', None),
        (r'replace("abc", "b", "\\\\")', "a\\c"), (r'replace("abc", "b", "\\$")', "a$c"), (r'replace("abc", "b", "\\x")', None),
        ('replace("abc", "b", "$")', None), ('replace("abc", "(b)", "$12")', "ab2c"), ('replace("abc", "(b)", "$2")', "ac"),
        ('replace("abc", "(x)|b", "[$1]")', "a[]c"), ('replace("a.b", ".", "$1", "q")', "a$1b"), ('replace("abc", "x*", "-")', None),
        ('split("ab", "")', None), (r'split("a1b22c", "\\d+")', ["a", "b", "c"]), ('split("", "x")', [""]),
        (r'extract("a1b22", "\\d+")', ["1", "22"]),
    ],
)  # fmt: skip
def test_a_pattern_means_what_xpath_says(text: str, wanted: object) -> None:
    assert value(text) == wanted
