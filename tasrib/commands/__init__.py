"""The commands, one module a group: each reads its arguments, calls one public function and prints."""
