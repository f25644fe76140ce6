"""Campaigns with a known truth: how they are drawn, what peers say of them, how the figures are laid out."""
