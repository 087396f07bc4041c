"""Figures to take away: tables of reports with their columns' meanings, in formats of others."""
