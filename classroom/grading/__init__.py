"""Marks a class: a judge that runs no learner's code, a zygote that forks quickly, a child that may only answer."""
