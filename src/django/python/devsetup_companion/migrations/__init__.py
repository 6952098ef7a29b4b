"""The migration graph, the states it passes through, and what is watched while it is applied."""
