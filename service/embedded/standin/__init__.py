"""The stand-in model: a small server on loopback that speaks OpenAI's API and writes plain, true replies by rule.

`draftdesk up` and `demo` use it when there is no API key; the tests and benchmarks use it to script a model's faults.
Its gullible mode, off unless a test or `draftdesk eval --gullible` asks for it, does whatever a mail says: a trial of the checks.
Its answers name the model `stand-in`, so that nobody takes them for a model's. Imports nothing else of the program.
"""
