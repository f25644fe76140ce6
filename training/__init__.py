"""How the shipped model is made and measured: the corpus, the recipe, the evaluation."""
