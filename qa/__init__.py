"""Online half: a question becomes quotes, or a reason why there are none."""
