"""The commands, one module a group: each reads its arguments, calls public functions and prints what they return."""
