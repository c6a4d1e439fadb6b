"""Marks a class: a judge that runs no learner's code, a zygote that forks quickly, and a child that may do nothing but answer."""
