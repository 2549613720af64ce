"""Tests of finetune/settings.py and expanded.py without torch: python test/finetune/test_settings.py (needs pyyaml)"""

import json
import sys
import tempfile
import unittest
from pathlib import Path

import yaml

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "finetune"))
import settings
from expanded import new_ids

IDS = [300, 301, 302]
TIED = ("model", "texts.jsonl", IDS, ["model.embed_tokens"], True)
UNTIED = ("model", "texts.jsonl", IDS, ["model.embed_tokens", "lm_head"], False)


def plan_of(content):
    path = Path(tempfile.mkdtemp()) / "embedding-plan.json"
    path.write_text(json.dumps(content))
    return path


class Plan(unittest.TestCase):
    def test_ids_in_order(self):
        plan = {"schema": "vocab.embedding-plan/1", "rows": [{"id": 302}, {"id": 300}, {"id": 301}]}
        self.assertEqual(new_ids(plan_of(plan)), IDS)

    def test_another_file_is_refused(self):
        with self.assertRaisesRegex(SystemExit, "expected the schema vocab.embedding-plan/1, found vocab.certificate/1"):
            new_ids(plan_of({"schema": "vocab.certificate/1"}))

    def test_a_plan_without_tokens_is_refused(self):
        with self.assertRaisesRegex(SystemExit, "no new tokens"):
            new_ids(plan_of({"schema": "vocab.embedding-plan/1", "rows": []}))


class Settings(unittest.TestCase):
    def test_rows_alone(self):
        made = settings.axolotl_rows(*UNTIED)
        self.assertEqual(made["unfrozen_parameters"], ["^model.embed_tokens.weight$[300:303]", "^lm_head.weight$[300:303]"])
        self.assertEqual(made["weight_decay"], 0.0)
        self.assertNotIn("adapter", made)

    def test_each_matrix_by_its_name(self):
        self.assertEqual(settings.axolotl_lora(*TIED)["peft_trainable_token_indices"], {"model.embed_tokens": IDS})
        self.assertEqual(settings.axolotl_lora(*UNTIED)["peft_trainable_token_indices"], {"model.embed_tokens": IDS, "lm_head": IDS})

    def test_no_adapter_where_it_would_take_the_head_from_its_matrix(self):
        self.assertEqual(settings.llama_factory(*TIED)["finetuning_type"], "full")
        self.assertEqual(settings.llama_factory(*UNTIED)["additional_target"], "model.embed_tokens,lm_head")

    def test_yaml_is_read_as_it_was_meant(self):
        for made in (settings.axolotl_rows(*UNTIED), settings.axolotl_lora(*TIED), settings.llama_factory(*TIED), {"a": 1e-12, "b": 1.0, "c": 0.1}):
            self.assertEqual(yaml.safe_load(settings.written("a.yaml", made)), made)


if __name__ == "__main__":
    unittest.main()
