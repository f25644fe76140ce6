"""Which rule of the law a message looks to have broken: not built yet."""
