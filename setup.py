"""The distribution `newsfold`. Runners that stage code take this file: --setup_file ./setup.py."""

from pathlib import Path

from setuptools import find_packages, setup


def _runtime_requirements() -> list[str]:
    lines = Path(__file__).with_name("requirements").joinpath("runtime.in").read_text("utf-8").splitlines()
    names = (line.split("#")[0].strip() for line in lines)
    return [name for name in names if name]


setup(
    name="newsfold",
    version="0.1.0",
    description="Streaming ingestion for news: fold near-identical stories, tag, write partitioned Parquet.",
    license="Apache-2.0",
    python_requires=">=3.11",
    packages=find_packages(include=["pipelines*", "transforms*", "schemas*"]),
    package_data={"transforms.entities": ["data/*"], "transforms.language": ["data/*"]},
    install_requires=_runtime_requirements(),
    extras_require={
        "gcp": ["apache-beam[gcp]"],
        "lingua": ["lingua-language-detector>=2.1"],
        "spacy": ["spacy>=3.7"],
        "hf": ["transformers>=4.40", "torch>=2.2"],
    },
    entry_points={"console_scripts": ["newsfold=pipelines.cli:main"]},
)
