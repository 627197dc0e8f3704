"""Packages of the distribution: those of seqapp/, and the scripts of pipelines/ as seqapp/pipelines/.

All else stands in pyproject.toml, which can rename no folder that it finds.
"""

from setuptools import find_packages, setup

setup(
    packages=[*find_packages(include=["seqapp*"]), "seqapp.pipelines", "seqapp.pipelines.recipes"],
    package_dir={"seqapp.pipelines": "pipelines", "seqapp.pipelines.recipes": "pipelines/recipes"},
)
