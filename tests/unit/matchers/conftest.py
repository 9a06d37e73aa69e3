"""A small store of papers in our own words, and its space."""

from __future__ import annotations

import pytest

from monitor.matchers.space import Space, build_space
from monitor.testing import paper
from monitor.types.papers import Paper

_TEXTS = (
    ("Diffusion Models Are Zero-Shot Classifiers", "A text-to-image diffusion model scores each label. The lowest denoising error names the class."),
    ("Reading Representations out of Denoising Networks", "Diffusion models learn representations that classifiers can use. We probe each layer of the denoising network."),
    ("Faster Sampling for Diffusion Models", "A distilled sampler needs four denoising steps. Image quality stays as it was."),
    ("Robust Image Classifiers under Adversarial Attack", "Adversarial perturbations fool image classifiers. Training on attacks makes them robust."),
    ("Certified Robustness by Random Smoothing", "Noise around an input certifies a classifier against adversarial perturbations."),
    ("Contrastive Learning of Visual Representations", "Two views of one image are pulled together without labels. Self-supervised features rival supervised ones."),
    ("Retrieval for Long Legal Documents", "A language model answers questions about statutes. Retrieval finds the right paragraph first."),
    ("Planning with Language Agents", "An agent writes a plan, runs tools and repairs its plan. Benchmarks of web tasks show the gain."),
    ("Protein Folding with Graph Networks", "A graph network predicts contacts between residues. Folding takes seconds."),
    ("Speech Recognition for Rare Languages", "Transcripts are scarce for most languages. Pseudo labels of unlabelled speech halve the error."),
    ("Bandits with Delayed Feedback", "Regret bounds hold although rewards arrive late. The algorithm is optimistic."),
    ("A Survey of Diffusion Models in Medicine", "We survey diffusion models for medical images: segmentation, synthesis and classification."),
)  # fmt: skip


@pytest.fixture(scope="session")
def store() -> list[Paper]:
    return [paper(number, title=title, abstract=abstract) for number, (title, abstract) in enumerate(_TEXTS, start=1)]


@pytest.fixture(scope="session")
def space(store: list[Paper]) -> Space:
    return build_space(store)
