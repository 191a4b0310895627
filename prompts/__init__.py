"""Texts for the language model: one ``.md`` a prompt. None yet: answers are extractive."""
