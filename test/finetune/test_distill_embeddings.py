"""Tests of finetune/distill_embeddings.py with torch, on tiny random models: python test_distill_embeddings.py"""

import copy
import hashlib
import random
import sys
import types
import unittest
from pathlib import Path

import numpy as np
import torch
from transformers import AutoModelForCausalLM, GPTNeoXConfig

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "finetune"))
sys.path.insert(0, str(Path(__file__).resolve().parent))
from distill_embeddings import NewRows, Snippets, combined, last_parts, learn, losses, schedule, split, tokens_sha256
from resize_embeddings import resize_embeddings
from tiny_models import configurations

torch.set_num_threads(1)
VOCABULARY, START = 257, 256
PARTS = {257: [1, 2], 258: [3, 4, 5], 259: [6, 6]}


def plan_of():
    rows = [
        {
            "id": id,
            "input": {"ids": ids[-1:], "weights": [1.0]},
            "output": {"ids": ids, "weights": [1 / len(ids)] * len(ids)},
        }
        for id, ids in PARTS.items()
    ]
    target = {"vocabSize": 260, "embeddingRows": None, "padToMultipleOf": None}
    return {"base": {"vocabSize": VOCABULARY}, "target": target, "rows": rows}


def model_of(name, rows=264):
    configuration = configurations(rows, START).get(name) or GPTNeoXConfig(
        vocab_size=rows, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=48, max_position_embeddings=64
    )
    torch.manual_seed(3)
    return AutoModelForCausalLM.from_config(configuration).eval().requires_grad_(False)


KINDS = ["llama", "gemma3", "gpt2", "gpt_neox"]


class Pieces(unittest.TestCase):
    def test_parts_in_the_order_of_the_text(self):
        self.assertEqual(split([9, 258, 257, 9], PARTS), [9, 3, 4, 5, 1, 2, 9])
        self.assertEqual(last_parts([9, 258, 257, 9], PARTS), [0, 3, 5, 6])

    def test_the_new_tokens_are_named(self):
        plan = {"rows": [{"id": 21, "bytes": "d8b1"}, {"id": 20, "bytes": "d8b0"}]}
        self.assertEqual(tokens_sha256(plan), hashlib.sha256(b"20 d8b0\n21 d8b1\n").hexdigest())

    def test_a_method_that_leaves_parts_out_of_one_side(self):
        self.assertEqual(Snippets(plan_of(), 1, 1).parts, PARTS)

    def test_pieces_are_kept_until_each_token_has_enough(self):
        snippets = Snippets(plan_of(), 2, 50)
        pieces = [[257, 1], [1, 2], [257, 257, 258], [257, 9], [258, 259]]
        self.assertEqual([snippets.take(ids) for ids in pieces], [0, 0, 1, 0, 1])
        self.assertEqual([piece.tolist() for piece in snippets.found], [[257, 1], [257, 257, 258], [258, 259]])
        self.assertEqual(snippets.seen, {257: 2, 258: 2, 259: 1})

    def test_documents_that_the_base_divides_otherwise_are_left_out(self):
        ids = {"a": [257], "b": [258], "c": [257]}
        base = {"a": [1, 2], "b": [3, 4, 6], "c": [1, 2]}
        tokenizer, base_tokenizer = (lambda text, table=table, **_: {"input_ids": table[text]} for table in (ids, base))
        snippets = Snippets(plan_of(), 9, 50).collect("abc", tokenizer, base_tokenizer)
        self.assertEqual((len(snippets.found), snippets.otherwise), (2, 1))


class Rows(unittest.TestCase):
    def test_hooks_are_the_model_with_more_rows(self):
        """Whether the new ids lie in padding rows (264) or not (257)."""
        ids = torch.tensor([[START, 5, 258, 7, 257, 257, 9, 259]])
        for name in KINDS:
            for size in (264, VOCABULARY):
                with self.subTest(name=name, rows=size):
                    model = model_of(name, size)
                    resized = resize_embeddings(copy.deepcopy(model), plan_of())
                    expected = resized(input_ids=ids).logits
                    rows = NewRows(model, plan_of())
                    found = model(input_ids=ids).logits
                    self.assertEqual(rows.tied, name in ("gemma3", "gpt2"))
                    self.assertLess((found - expected).abs().max().item(), 1e-4)
                    self.assertTrue(found.requires_grad)

    def test_a_base_without_a_row_for_its_last_id(self):
        """As the text models of Gemma 3."""
        ids = torch.tensor([[4, 5, 258, 7, 257, 257, 9, 259]])
        resized = resize_embeddings(model_of("gemma3", VOCABULARY - 1), plan_of())
        NewRows(model := model_of("gemma3", VOCABULARY - 1), plan_of())
        found, expected = model(input_ids=ids).logits, resized(input_ids=ids).logits
        self.assertEqual(found.shape, expected.shape)
        self.assertLess((found - expected).abs().max().item(), 1e-4)

    def test_hidden_states_are_compared_where_the_parts_end(self):
        """A new token whose one part is an old token, and that has its row, reads as that token: no error."""
        plan = plan_of()
        for row in plan["rows"]:
            row["input"] = row["output"] = {"ids": [row["id"] - 250], "weights": [1.0]}
        for name in KINDS:
            rows = NewRows(model := model_of(name), plan)
            batch = [np.array([9, 257, 8]), np.array([258, 259, 1, 2, 3, 4])]
            parts = {257: [7], 258: [8], 259: [9]}
            hidden, entropy = losses(model, rows, batch, parts, START, "both")
            self.assertLess(hidden.item(), 1e-9)
            self.assertGreater(entropy.item(), 1)
            worse, nothing = losses(model, rows, batch, PARTS, START, "hidden")
            self.assertGreater(worse.item(), 0.01)
            self.assertIsNone(nothing)
            nothing, alone = losses(model, rows, batch, parts, START, "entropy")
            self.assertIsNone(nothing)
            self.assertEqual(alone.item(), entropy.item())

    def test_padding_changes_nothing(self):
        rows = NewRows(model := model_of("llama"), plan_of())
        pieces = [np.array([258, 1, 257]), np.array([4, 257, *range(30, 60)])]
        alone = [losses(model, rows, [piece], PARTS, START, "both")[1].item() for piece in pieces]
        together = losses(model, rows, pieces, PARTS, START, "both")[1].item()
        sizes = [len(piece) for piece in pieces]
        self.assertAlmostEqual(together, np.average(alone, weights=sizes), places=5)


class Learning(unittest.TestCase):
    def pieces(self):
        rng = random.Random(1)
        # A piece without a new token is never kept.
        found = [np.array([rng.randrange(0, 260) for _ in range(11)] + [257 + i % 3, 9]) for i in range(48)]
        return types.SimpleNamespace(found=found, parts=PARTS)

    def run_once(self, name, loss, seed=0):
        model = model_of(name)
        before = copy.deepcopy(model.state_dict())
        rows = NewRows(model, plan_of())
        start = rows.input.detach().clone()
        snippets = self.pieces()
        measure = lambda: sum(losses(model, rows, [piece], PARTS, START, "hidden")[0].item() for piece in snippets.found)
        first = measure()
        learn(model, rows, snippets, START, types.SimpleNamespace(rate=0.05, seed=seed, epochs=4, batch=8, loss=loss))
        for key, value in model.state_dict().items():
            self.assertTrue(torch.equal(value, before[key]), key)
        self.assertFalse(torch.equal(start, rows.input))
        return rows, first, measure()

    def test_rows_come_nearer_and_nothing_else_changes(self):
        for name in KINDS:
            _, first, last = self.run_once(name, "hidden")
            self.assertLess(last, first, name)

    def test_a_head_of_its_own_learns_from_cross_entropy_alone(self):
        planned = NewRows(model_of("llama"), plan_of()).output.detach()
        self.assertTrue(torch.equal(self.run_once("llama", "hidden")[0].output, planned))
        self.assertFalse(torch.equal(self.run_once("llama", "both")[0].output, planned))

    def test_the_seed_decides(self):
        torch.use_deterministic_algorithms(True)
        one, same, other = (self.run_once("gpt2", "both", seed)[0].input for seed in (0, 0, 1))
        self.assertTrue(torch.equal(one, same))
        self.assertFalse(torch.equal(one, other))

    def test_both_losses_are_as_large(self):
        hidden, entropy = torch.tensor(0.2, requires_grad=True), torch.tensor(5.0, requires_grad=True)
        total = combined(hidden, entropy)
        total.backward()
        self.assertAlmostEqual(total.item(), 0.4, places=6)
        self.assertAlmostEqual(entropy.grad.item(), 0.04, places=6)
        self.assertIs(combined(hidden, None), hidden)
        self.assertIs(combined(None, entropy), entropy)

    def test_steps_rise_and_fall(self):
        sizes = [schedule(step, 100) for step in range(100)]
        self.assertEqual(max(sizes), 1.0)
        self.assertEqual(sizes[0], 0.2)
        self.assertLess(sizes[-1], 0.01)
        self.assertEqual(schedule(0, 1), 1.0)


if __name__ == "__main__":
    unittest.main()
