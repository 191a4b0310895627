"""Ways to rank provisions, side by side: ``python -m evals.bench``, or ``make bench``.

corpus    questions and the texts that answer them: the five documents, articles of law
material  what all ways are made of: BM25, the encoder's vectors, token vectors, on disk
systems   BM25, dense, hybrid, ours, ours without this or that
stock     LangChain's recipe;  peer  paper-qa
running   each way asked every question: measures, time, memory
growth    what each form costs from a thousand provisions to a million (`recombined`)
tables, chart  Markdown, JSON and the picture
"""
