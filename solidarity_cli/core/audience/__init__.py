"""Audiences, and the filter that removes what an audience may not see."""
