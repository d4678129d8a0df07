"""The checks of every lesson, a file each: `from minisora.course.checks import lesson_03 as check`.

What a check may say and how it is written stands in `minisora/course/checking.py`.
"""
