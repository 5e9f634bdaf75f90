"""Tests of the trips (島の日の試験)."""
