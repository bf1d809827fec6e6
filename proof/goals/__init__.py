"""The goals: each module has one ``GOAL``."""
