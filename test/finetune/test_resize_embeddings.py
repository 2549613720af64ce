"""Tests of the arithmetic of finetune/resize_embeddings.py, with numpy alone: python test/finetune/test_resize_embeddings.py"""

import struct
import sys
import unittest
from fractions import Fraction
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "finetune"))
from resize_embeddings import median, new_rows, norm, rounded, target_rows


def plan_of(*rows, target=None):
    return {"rows": rows, "target": target or {"vocabSize": 5, "embeddingRows": None, "padToMultipleOf": None}}


def row(ids, weights, **more):
    return {"id": 4, "input": {"ids": ids, "weights": weights}, "output": {"ids": ids[:1], "weights": [1.0]}, **more}


MATRIX = np.array([[1.0, 2.0], [3.0, -4.0], [0.5, 0.25], [6.0, 8.0]])


def old(ids):
    return MATRIX[ids]


def nearest_bfloat16(value):
    """Slow and exact: of all bfloat16 numbers around it the nearest, with fractions."""
    bits = struct.unpack(">I", struct.pack(">f", np.float32(value)))[0] >> 16
    candidates = [b for b in range(max(0, (bits & 0x7FFF) - 2), (bits & 0x7FFF) + 3) if b < 0x7F80]
    size = lambda b: Fraction(struct.unpack(">f", struct.pack(">I", b << 16))[0])
    best = min(candidates, key=lambda b: (abs(size(b) - abs(Fraction(value))), b & 1))
    return best | (0x8000 if value < 0 or (value == 0 and np.signbit(value)) else 0)


class NewRows(unittest.TestCase):
    def test_weighted_sum_in_the_order_of_the_plan(self):
        rows = new_rows(old, plan_of(row([0, 1], [0.5, 0.5]), row([3, 3, 2], [0.25, 0.25, 0.5])), "input")
        self.assertEqual(rows.tolist(), [[2.0, -1.0], [3.25, 4.125]])

    def test_output_has_weights_of_its_own(self):
        self.assertEqual(new_rows(old, plan_of(row([1, 0], [0.5, 0.5])), "output").tolist(), [[3.0, -4.0]])

    def test_order_of_addition_is_kept(self):
        matrix = np.array([[1e16], [1.0], [-1e16]])
        ids, weights = [0, 1, 2], [1.0, 1.0, 1.0]
        plan = {"rows": [{"input": {"ids": ids, "weights": weights}}]}
        self.assertEqual(new_rows(lambda i: matrix[i], plan, "input")[0, 0], (1e16 + 1.0) - 1e16)

    def test_median_norm(self):
        scale = {"rule": "median-norm", "ids": [1, 3]}  # norms 5 and 10
        rows = new_rows(old, plan_of(row([3], [1.0], scale=scale)), "input")
        self.assertEqual(rows.tolist(), [[4.5, 6.0]])

    def test_norm_adds_from_first_to_last(self):
        vector = np.random.default_rng(0).normal(size=1000)
        total = 0.0
        for value in vector:
            total += float(value) * float(value)
        self.assertEqual(norm(vector), float(np.sqrt(total)))

    def test_median(self):
        self.assertEqual(median([3.0, 1.0, 2.0]), 2.0)
        self.assertEqual(median([4.0, 1.0, 2.0, 3.0]), 2.5)


class Rows(unittest.TestCase):
    def test_never_fewer_enough_and_padded(self):
        target = {"vocabSize": 130, "embeddingRows": 128, "padToMultipleOf": None}
        self.assertEqual(target_rows(plan_of(target=target), 100), 130)
        self.assertEqual(target_rows(plan_of(target=target), 200), 200)
        self.assertEqual(target_rows(plan_of(target={**target, "padToMultipleOf": 64}), 100), 192)

    def test_filling_padding_never_adds_rows(self):
        plan = {**plan_of(), "placement": "fill-padding"}
        self.assertEqual(target_rows(plan, 5), 5)
        with self.assertRaises(ValueError):
            target_rows(plan, 4)


class Rounding(unittest.TestCase):
    def test_bfloat16_once(self):
        # Just above the middle of two bfloat16 numbers: float32 would round it to the middle, and that to even, down.
        value = 1 + 2.0**-8 + 2.0**-40
        self.assertEqual(rounded(np.array([value]), "bfloat16")[0], 0x3F81)

    def test_bfloat16_is_the_nearest(self):
        generator = np.random.default_rng(1)
        values = np.concatenate([generator.normal(size=300), generator.normal(size=100) * 1e-40, [0.0, -0.0, 1 + 2.0**-8]])
        middles = (np.arange(0x3F80, 0x3FC0, dtype=np.uint32) << 16 | 0x8000).view(np.float32).astype(np.float64)
        values = np.concatenate([values, middles, middles + 2.0**-45, middles - 2.0**-45, -middles])
        expected = [nearest_bfloat16(value) for value in values.tolist()]
        self.assertEqual(rounded(values, "bfloat16").tolist(), expected)

    def test_float16_and_float32(self):
        self.assertEqual(rounded(np.array([1 / 3]), "float32")[0], np.float32(1 / 3))
        self.assertEqual(rounded(np.array([1 + 2.0**-11 + 2.0**-40]), "float16")[0], np.float16(1 + 2.0**-10))


if __name__ == "__main__":
    unittest.main()
