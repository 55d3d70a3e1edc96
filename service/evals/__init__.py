"""Evals: cases with an expected outcome, drafted by a real model and judged by plain code. Harm counts apart from weakness."""
