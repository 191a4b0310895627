"""A language model behind an endpoint of the OpenAI shape: bounded, and read with distrust."""
