"""Expressions that only ask: taken out of a query before it is cut into words.

The dictionary glues them to words otherwise:
校车上要不要装… would be cut 上要 不要; 由谁来抓 keeps 由谁来 as a word.
"""

from __future__ import annotations

import re

_ASKING = re.compile(
    "要不要|有没有|能不能|可不可以|会不会|是不是|行不行|该不该|让不让|准不准|许不许|给不给|好不好"
    "|算不算|需不需要|应不应该|可以不可以|由谁来?|归谁|谁来|是谁|谁管|请问|想问一?下|问一?下"
    "|什么时候|啥时候|啥时间|什么时间|多长时间|多久|多少|几(?=[个名位次回遍节篇天岁年月条本册份所项门场成号点])"
    "|怎么(?:办|样|做)?|咋(?:办|样|整)?|如何|为什么|为啥|什么样|什么|啥|哪些|哪个|哪里|哪儿"
    "|可以吗|行吗|能吗|对吗|好吗|吗$|呢$|不$"
)


def without_asking(folded: str) -> str:
    """Return a folded query with blanks in place of expressions that only ask."""
    return _ASKING.sub(lambda found: " " * len(found[0]), folded)
