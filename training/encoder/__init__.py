"""How the encoder is made: read from its package, pruned, fine-tuned and written as ONNX."""
