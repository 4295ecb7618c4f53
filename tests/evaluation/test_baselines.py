import numpy as np
from tiaowen_evaluation.baselines import Recipe, Unit, chunks, recipes, sentences, stands_for
from tiaowen_evaluation.labels import resolve
from tiaowen_evaluation.questions import load_questions


def test_every_character_is_in_one_sentence_and_one_chunk(collection):
    text = "".join(entry.text for entry in collection.entries)
    assert "".join(unit.text for unit in sentences(collection)) == text
    cut = chunks(collection, 30)
    assert "".join(unit.text for unit in cut) == text
    assert all(len(unit.text) <= 30 for unit in cut)


def test_a_chunk_lists_its_clauses_by_share_and_keeps_to_a_document(collection):
    cut = chunks(collection, 30)
    assert cut[0].clause_ids == ("plan/一", "plan/二")
    for unit in cut:
        assert len({clause_id.split("/")[0] for clause_id in unit.clause_ids}) == 1


def test_a_chunk_stands_for_the_best_quote_that_it_holds_whole():
    unit = Unit("家长会不少于两次。教学开", ("a", "b"))
    assert stands_for(unit, {}) == "a"
    assert stands_for(unit, {"a": [("两次", 1)], "b": [("教学开", 3)]}) == "b"
    assert stands_for(unit, {"b": [("教学开放周", 3)]}) == "a"  # cut in two by the chunk's end


def test_each_clause_takes_one_rank_and_zero_scores_none():
    units = [Unit("x", ("a",)), Unit("y", ("b",)), Unit("z", ("a",)), Unit("w", ("c",))]
    scores = np.asarray([1.0, 2.0, 3.0, 0.0])
    recipe = Recipe("r", units, lambda query: scores, {}, passages=True)
    answer = recipe.answer("", limit=10)
    assert answer.clause_ids == ("a", "b")
    assert answer.passage == "z"


def test_the_usual_recipes_find_words(written, question, collection):
    questions, _ = load_questions(written(question()))
    labels, _ = resolve(questions, collection)
    found = {recipe.name: recipe for recipe in recipes(collection, labels)}
    assert len(found.pop("jieba-bm25 chunks").units) == 2  # Okapi's idf is 0 for one text of two
    for recipe in found.values():
        assert recipe.answer("严禁体罚", limit=5).clause_ids[0] == "rules/第一条", recipe.name
