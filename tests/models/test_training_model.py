"""The training step: gradients, batches, word translation, and that it learns at all."""

import dataclasses

import numpy as np
import pytest
import scipy.sparse as sp
from tiaowen_models.training.bank import TokenBank, bank_source
from tiaowen_models.training.batches import Drop, Sampler, bags, spread
from tiaowen_models.training.sources import Pair, Source
from tiaowen_models.training.translation import Translator, lexical_probabilities

NOUNS = ["教师", "学生", "家长", "食堂", "作业", "宿舍", "校车", "经费"]
NOUNS += ["档案", "考试", "教材", "操场", "图书", "保安", "校服", "党员"]
VERBS = ["检查", "公示", "管理", "评价", "培训", "维修", "登记", "表彰"]


def source(name: str = "askers_zh", kind: str = "pairs") -> Source:
    pairs = [
        Pair((noun, verb), (f"学校应当对{noun}进行", f"{verb}并上报。"), ((f"{noun}另行规定",),))
        for noun in NOUNS
        for verb in VERBS
    ]
    return Source(name, kind, False, pairs)  # type: ignore[arg-type]


def sampler(seed: int = 0, drop: Drop | None = None) -> tuple[Sampler, object, TokenBank]:
    bank = TokenBank()
    banked = bank_source(bank, source())
    flat, ends = bank.arrays()
    rng = np.random.default_rng(seed)
    return Sampler(flat, ends, len(bank.tokens), rng, drop or Drop(0, 0)), banked, bank


def test_spread_lists_the_positions_of_ranges_with_their_owners() -> None:
    ranges, owners = np.array([[3, 5], [7, 7], [0, 2]]), np.array([0, 1, 2])
    positions, rows = spread(ranges, owners)
    assert positions.tolist() == [3, 4, 0, 1]
    assert rows.tolist() == [0, 0, 2, 2]


def test_bags_count_with_the_square_root() -> None:
    bag = bags(np.array([0, 0, 0, 0, 1]), np.array([2, 2, 2, 2, 0]), 2, 3)
    assert bag.toarray().tolist() == [[0, 0, 2], [1, 0, 0]]


def test_a_batch_holds_the_texts_of_its_pairs() -> None:
    draws, banked, bank = sampler()
    batch = draws.of(banked, np.array([5, 0]))  # type: ignore[arg-type]
    tokens = np.array(bank.tokens)
    assert set(tokens[batch.query[1].indices]) == {NOUNS[0], VERBS[0]}
    assert batch.clause.shape == (2, len(tokens))
    assert batch.extra is not None
    assert batch.extra.shape[0] == 2
    assert not batch.same.any()


def test_the_same_clause_is_no_negative() -> None:
    bank = TokenBank()
    pairs = [Pair(("甲",), ("同一条",)), Pair(("乙",), ("同一条",)), Pair(("丙",), ("别的",))]
    banked = bank_source(bank, Source("x", "pairs", False, pairs))
    flat, ends = bank.arrays()
    draws = Sampler(flat, ends, len(bank.tokens), np.random.default_rng(0), Drop(0, 0))
    same = draws.of(banked, np.arange(3)).same
    assert same.tolist() == [[False, True, False], [True, False, False], [False, False, False]]


def test_passages_ask_with_one_part_for_the_rest() -> None:
    bank = TokenBank()
    letters = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳"
    pairs = [Pair((), tuple(letters[at : at + 6])) for at in range(10)]
    banked = bank_source(bank, Source("x", "passages", False, pairs))
    flat, ends = bank.arrays()
    draws = Sampler(flat, ends, len(bank.tokens), np.random.default_rng(0), Drop(0, 0))
    apart = 0
    for _ in range(40):
        batch = draws.draw(banked, 8)
        both = batch.query.multiply(batch.clause).sum(1)
        total = (batch.query + batch.clause).sum(1)
        apart += int(((both == 0) & (total == 6)).sum())
    assert apart > 150  # of 320: the others keep the query's words in the clause on purpose


def test_word_translation_finds_what_goes_with_what() -> None:
    rng = np.random.default_rng(0)
    rows_zh, rows_en = [], []
    for _ in range(400):  # words 0-9 translate to words 10-19; 20 stands in every translation
        words = rng.choice(10, 3, replace=False)
        rows_zh.append(words)
        rows_en.append([*(words + 10), 20])
    zh, en = (
        sp.csr_matrix(
            (
                np.ones(sum(map(len, rows)), dtype=np.float32),
                np.concatenate(rows),
                np.cumsum([0, *map(len, rows)]),
            ),
            shape=(len(rows), 21),
        )
        for rows in (rows_zh, rows_en)
    )
    table = lexical_probabilities(zh, en)
    assert all(table[word].toarray()[0].argmax() == word + 10 for word in range(10))
    translator = Translator(table)
    swapped = translator.swap(zh[:50], rng)
    assert swapped.shape == (50, 21)
    assert swapped[:, :10].nnz == 0
    assert not translator.knows[20]


@pytest.mark.neural
def test_softmax_slope_is_the_gradient_of_the_cross_entropy() -> None:
    import torch
    from tiaowen_models.training.model import softmax_slope

    torch.manual_seed(0)
    scores = torch.rand(6, 9, dtype=torch.float64).requires_grad_()
    same = torch.zeros(6, 6, dtype=torch.bool)
    same[1, 2] = same[2, 1] = True
    heated = scores / 0.05
    own, target = heated[:, :6].masked_fill(same, -1e9), torch.arange(6)
    entropy = torch.nn.functional.cross_entropy
    expected = entropy(torch.cat([own, heated[:, 6:]], 1), target) + entropy(own.T, target)
    loss, slope = softmax_slope(scores.detach().clone(), same, 0.05)
    assert loss == pytest.approx(float(expected.detach()))
    assert torch.allclose(slope, torch.autograd.grad(expected, scores)[0], atol=1e-9)


def test_late_match_slopes_agree_with_differences() -> None:
    from tiaowen_models.training.late import LateMatch

    rng = np.random.default_rng(0)
    query = sp.random(4, 6, 0.5, format="csr", random_state=1)
    clause = sp.random(5, 9, 0.5, format="csr", random_state=2)
    asked, held, weight = rng.normal(size=(6, 7)), rng.normal(size=(9, 7)), rng.normal(size=(4, 5))

    def value(a: np.ndarray, h: np.ndarray) -> float:
        return float((LateMatch(query, clause, a, h).scores() * weight).sum())

    match = LateMatch(query, clause, asked, held)
    match.scores()
    slopes = match.backward(weight)
    for side, (array, slope) in enumerate(zip((asked, held), slopes, strict=True)):
        way = rng.normal(size=array.shape)
        moved = [[asked, held], [asked, held]]
        moved[0][side], moved[1][side] = array + 1e-3 * way, array - 1e-3 * way
        expected = (value(*moved[0]) - value(*moved[1])) / 2e-3
        assert float((slope * way).sum()) == pytest.approx(expected, abs=0.02)


@pytest.mark.neural
def test_training_learns_repeats_and_ships(tmp_path) -> None:  # type: ignore[no-untyped-def]
    from tiaowen_models.static import StaticEmbedder
    from tiaowen_models.training.embedding import Plan, Trainer
    from tiaowen_models.training.material import prepare
    from tiaowen_models.training.shipping import freeze, ship

    glossary = [Pair((f"word {at}",), (noun,)) for at, noun in enumerate(NOUNS)]
    found = [source("messages"), source(), Source("glossary", "pairs", True, glossary)]
    plan = Plan(dimensions=32, batch=64, steps=60, asker_steps=20, asker_batch=64, rate=0.02)

    def run() -> StaticEmbedder:
        material = prepare(found, features=500)
        trainer = Trainer(material, plan)
        trainer.general()
        return freeze(trainer.askers(), material.vocabulary, name="tiny")

    first = run()
    assert run().fingerprint == first.fingerprint
    pairs = source().pairs
    queries = first.encode_queries(["".join(pair.query) for pair in pairs])
    clauses = first.encode_clauses(["".join(pair.clause) for pair in pairs])
    best = (queries @ clauses.T).argmax(1)
    assert (best == np.arange(len(pairs))).mean() > 0.9
    ship(first, tmp_path)
    assert StaticEmbedder.load(tmp_path).fingerprint == first.fingerprint


@pytest.mark.neural
def test_the_last_stage_mines_the_statute_book_and_ranks_the_answer_above_it() -> None:
    from tiaowen_models.training.embedding import Plan, Trainer
    from tiaowen_models.training.material import prepare
    from tiaowen_models.training.negatives import Mine
    from tiaowen_models.training.shipping import freeze

    articles = [("某法", f"学校应当对{noun}进行{verb}。") for noun in NOUNS for verb in VERBS]
    book = Source("statute_book", "passages", False, [Pair((), article) for article in articles])
    asked = [
        Pair((f"谁{article[1][9:11]}{article[1][5:7]}",), article) for article in articles[:64:9]
    ]
    words = [Pair((f"word {at}",), (noun,)) for at, noun in enumerate(NOUNS)]
    glossary = Source("glossary", "pairs", True, words)
    found = [Source("statutes", "pairs", False, asked), book, source(), glossary]
    plan = Plan(dimensions=32, batch=64, steps=60, asker_steps=120, asker_batch=64, rate=0.02)
    material = prepare(found, features=500)
    assert len(material.unjudged) == len(articles) - len(asked)
    mine = Mine(anywhere=8, first=0, every=10)
    trainer = Trainer(material, dataclasses.replace(plan, mine=mine))
    trainer.general()
    embedder = freeze(trainer.askers(), material.vocabulary, name="tiny")
    queries = embedder.encode_queries(["".join(pair.query) for pair in asked])
    clauses = embedder.encode_clauses(["".join(article) for article in articles])
    best = (queries @ clauses.T).argmax(1)
    assert (best == np.arange(0, 64, 9)).mean() > 0.7
