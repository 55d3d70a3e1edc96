"""Where the worker benchmark's stock peer meets its jobs in Redis: apart from ours."""

NAMESPACE = "worker-stock"
QUEUE = "stock"
ACTOR = "ask_model"
