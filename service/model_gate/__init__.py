"""What stands before the model's provider: a breaker, pauses it asked for, and our own caps, shared by all workers."""

from service.model_gate.gate import GateClosed, ModelGate, Pass

__all__ = ["GateClosed", "ModelGate", "Pass"]
