"""What comparisons ask of people and messages: tables and texts in, figures out."""
