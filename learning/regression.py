"""Multinomial logistic regression: what each feature says for each class."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

Floats = NDArray[np.float64]
_MOST_STEPS = 2000


def fit(features: csr_matrix, classes: NDArray[np.int64], penalty: float) -> tuple[Floats, Floats]:
    """Return the weight of each feature for each class, and what every example has; in log odds.

    `penalty` is what half the sum of the squares of weights costs, beside the log loss of each example: the
    larger it is, the smaller weights become. There is one solution, so nothing is drawn at random.
    """
    truth = np.eye(classes.max() + 1)[classes]
    shape = features.shape[1], truth.shape[1]

    def cost(flat: Floats) -> tuple[float, Floats]:
        weights, always = flat[: -shape[1]].reshape(shape), flat[-shape[1] :]
        scores = features @ weights + always
        scores -= scores.max(axis=1, keepdims=True)
        logs = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        wrong = np.exp(logs) - truth
        slope = features.T @ wrong + penalty * weights
        paid = penalty / 2 * float((weights**2).sum()) - float((truth * logs).sum())
        return paid, np.concatenate((slope.ravel(), wrong.sum(axis=0)))

    begin = np.zeros((shape[0] + 1) * shape[1])
    flat = minimize(cost, begin, jac=True, method="L-BFGS-B", options={"maxiter": _MOST_STEPS}).x
    return flat[: -shape[1]].reshape(shape), flat[-shape[1] :]
