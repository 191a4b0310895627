"""Questions whose answers are known: what people have asked of a document, and what answered it.

questions.jsonl        one answer a line, with the questions that it answers
vectors.safetensors    how the encoder reads these questions; ``python -m index.known`` makes it
"""
