"""A language model's endpoint that plays a part: good, broken or hostile, over real HTTP.

    from evals.scripted.endpoint import Endpoint

    with Endpoint.playing("copyist") as endpoint:
        ...  # ANZE_LLM_BASE_URL=endpoint.url; endpoint.received is what it was sent

`scripts` names the parts, `writers` writes what a model would, `faults` breaks the wire.
"""
