"""Accepted runs proved (核验): everybody decided anew by another road, a row for each person and day."""
