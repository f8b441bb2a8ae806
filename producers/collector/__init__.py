"""The HTTP collector: what pixels, links, shops and servers send becomes records on Kafka.

door ─▶ app ─▶ pixel · click · batch · postback · hooks ─▶ judging ─▶ durable ─▶ Kafka, or disk
                (a request to events of ours)        (would it count?)  (only then 2xx)

A request is bounded (limits, rate_limits), read as events by a pure function of its endpoint, judged by the
models that the workers judge by, and answered once its events are acknowledged. Not here: what counts, which
is the workers' to decide, and the campaigns, which are read from the registry.
"""
