"""The warm process that takes requests, and the children that perform them."""
