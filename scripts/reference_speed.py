"""The work of donut's training steps and scores in PyTorch, for `reference.py --speed`: as one
writes it, and tuned by hand. tests/bench/speed and scripts/bench_speed set it beside donut."""

import ctypes
import itertools
import math
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import torch
from reference import (EPSILON, FILL, STEPS, Donut, draw_batch, elbo_terms, last_point,
                       negative_elbo, ten_steps)
from torch import nn
from torch.distributions import Distribution, Normal
from torch.nn import functional

HALF_LOG_TWO_PI = 0.5 * math.log(2 * math.pi)


def forward(layer, x, relu=False):
    product = torch._addmm_activation if relu else torch.addmm
    return product(layer.b, x, layer.w.T, out=layer.y)


def backward(layer, x, dx, relu=False, add=False):
    """From layer.d, the gradient of its output, to its parameters and, unless None, to dx."""
    if relu:
        torch.ops.aten.threshold_backward.grad_input(layer.d, layer.y, 0, grad_input=layer.d)
    torch.mm(layer.d.T, x, out=layer.dw)
    torch.mv(layer.d.T, layer.one, out=layer.db)
    if add:
        dx.addmm_(layer.d, layer.w)
    elif dx is not None:
        torch.mm(layer.d, layer.w, out=dx)


class Training:
    """donut's training step. Parameters, gradient and Adam's moments are one vector each."""

    def __init__(self, model, n):
        parameters = list(model.parameters())
        self.model, self.steps = model, 0
        self.w = nn.utils.parameters_to_vector(parameters).detach()
        nn.utils.vector_to_parameters(self.w, parameters)  # makes views of them
        self.g, self.m, self.v, self.root = (torch.zeros_like(self.w) for _ in range(4))
        self.gradients = self.g.split([p.numel() for p in parameters])
        for p, g in zip(parameters, self.gradients):
            p.grad = g.view_as(p)
        self.hidden = [w.detach() for w in model.hidden_weights()]
        self.d_hidden = [w.grad for w in model.hidden_weights()]
        self.layers = [SimpleNamespace(
            w=layer.weight.detach(), b=layer.bias.detach(), dw=layer.weight.grad,
            db=layer.bias.grad, one=torch.ones(n), y=torch.empty(n, layer.out_features),
            d=torch.empty(n, layer.out_features), t=torch.empty(n, layer.out_features))
            for _, layer in model.named_layers()]

    def evaluate(self, x, alpha, noise):
        """The loss, and the gradient of loss / n: without autograd, every tensor in its place."""
        e0, e1, z_mu, z_sd, d0, d1, x_mu, x_sd = self.layers
        softplus, n = torch._C._nn.softplus, len(x)
        forward(e1, forward(e0, x, relu=True), relu=True)
        sd_z = softplus(forward(z_sd, e1.y), out=z_sd.t).add_(EPSILON)
        z = torch.addcmul(forward(z_mu, e1.y), sd_z, noise, out=z_mu.t)
        forward(d1, forward(d0, z, relu=True), relu=True)
        sd_x = softplus(forward(x_sd, d1.y), out=x_sd.t).add_(EPSILON)
        u = torch.sub(x, forward(x_mu, d1.y), out=x_mu.t).div_(sd_x)
        beta = alpha.mean(1)
        minus = torch.log(sd_x, out=x_mu.y).addcmul_(u, u, value=0.5).add_(HALF_LOG_TWO_PI)
        loss = alpha.view(-1) @ minus.view(-1)
        loss += beta @ (z * z).sum(1).mul_(0.5).add_(z.shape[1] * HALF_LOG_TWO_PI)
        loss -= sd_z.log().sum() + 0.5 * (noise * noise).sum() + z.numel() * HALF_LOG_TWO_PI

        torch.div(alpha, sd_x, out=x_mu.d).mul_(-1 / n)
        torch.mul(u, u, out=x_sd.d).sub_(1).mul_(x_mu.d).mul_(x_sd.y.sigmoid_())
        x_mu.d.mul_(u)
        backward(x_mu, d1.y, d1.d)
        backward(x_sd, d1.y, d1.d, add=True)
        backward(d1, d0.y, d0.d, relu=True)
        backward(d0, z, z_mu.d, relu=True)
        z_mu.d.addcmul_(z, (beta / n)[:, None])
        torch.mul(z_mu.d, noise, out=z_sd.d).sub_(sd_z.reciprocal_().mul_(1 / n))
        z_sd.d.mul_(z_sd.y.sigmoid_())
        backward(z_mu, e1.y, e1.d)
        backward(z_sd, e1.y, e1.d, add=True)
        backward(e1, e0.y, e0.d, relu=True)
        backward(e0, x, None, relu=True)
        return loss

    def evaluate_autograd(self, x, alpha, noise):
        self.g.zero_()
        loss = negative_elbo(elbo_terms(self.model, x, alpha, noise), alpha)
        (loss / len(x)).backward()
        return loss.detach()

    @torch.no_grad()
    def update(self, rate=1e-3, l2=1e-3, limit=10):
        torch._foreach_add_(self.d_hidden, self.hidden, alpha=2 * l2)
        norms = torch.stack(torch._foreach_norm(self.gradients)).tolist()
        for g, norm in zip(self.gradients, norms):
            if norm > limit:
                g.mul_(limit / norm)
        self.steps += 1
        c = math.sqrt(1 - 0.999 ** self.steps)
        self.m.mul_(0.9).add_(self.g, alpha=0.1)
        self.v.mul_(0.999).addcmul_(self.g, self.g, value=0.001)
        torch.sqrt(self.v, out=self.root).add_(1e-8 * c)
        self.w.addcdiv_(self.m, self.root, value=-rate * c / (1 - 0.9 ** self.steps))


class Scoring:
    """last_point() a window at a time, whose activations stay in cache, and with the last point's
    rows alone of the decoder's heads."""

    def __init__(self, model, noise):
        samples, heads = len(noise), [model.x.mu, model.x.sd]
        self.model, self.noise = model, torch.cat([noise, torch.ones(samples, 1)], 1)
        self.h0, self.h1 = (torch.empty(samples, layer.out_features) for layer in model.decoder)
        self.last_w = torch.stack([head.weight[-1] for head in heads], 1).detach()
        self.last_b = torch.stack([head.bias[-1] for head in heads]).detach()[:, None, None]

    @torch.inference_mode()
    def score(self, x):
        model, first, second = self.model, *self.model.decoder
        h, out = model.through(model.encoder, x), torch.empty(len(x), len(self.noise), 2)
        mu, sd = model.z.mu(h), functional.softplus(model.z.sd(h)) + EPSILON
        # (mu + sd noise) W + b = (noise, 1) (sd W; mu W + b), so z itself is not needed
        w = torch.cat([sd[:, :, None] * first.weight.T, first(mu)[:, None]], 1)
        for i in range(len(x)):
            torch.mm(self.noise, w[i], out=self.h0).relu_()
            torch._addmm_activation(second.bias, self.h0, second.weight.T, out=self.h1)
            torch.mm(self.h1, self.last_w, out=out[i])
        mu, a = out.permute(2, 0, 1).contiguous() + self.last_b
        sd, mean = functional.softplus(a) + EPSILON, mu.mean(1)

        def mean_square(t):
            return torch.linalg.vector_norm(t, dim=1) ** 2 / len(self.noise)
        score = HALF_LOG_TWO_PI + sd.log().mean(1) + 0.5 * mean_square((x[:, -1:] - mu) / sd)
        return score, mean, mean_square(sd) + mean_square(mu - mean[:, None])


def disagreement():
    """Of these two classes with the functions above in float64: the largest relative error."""
    model, truth = Donut(120, 8, [100, 100]), Donut(120, 8, [100, 100]).double()
    truth.load_state_dict(model.state_dict())
    before = nn.utils.parameters_to_vector(truth.parameters()).detach()
    x, alpha = draw_batch(256, 120)
    noise, draws = torch.randn(STEPS, 256, 8), torch.randn(1024, 8)
    with torch.no_grad():
        true_scores = last_point(truth, x[:9], draws.double())
        pairs = list(zip(Scoring(model, draws).score(x[:9].float()), true_scores))
        pairs.append((plain_score(model, x[:9].float(), draws), true_scores[0]))
    training, losses = Training(model, 256), []
    for i, step_noise in enumerate(noise):  # by turns
        with torch.set_grad_enabled(i % 2 == 1):
            evaluate = training.evaluate_autograd if i % 2 else training.evaluate
            losses.append(evaluate(x.float(), alpha.float(), step_noise))
        training.update()
    true_losses, _ = ten_steps(truth, x, alpha, noise.double(),
                               {'rate': 1e-3, 'l2': 1e-3, 'clip': 10, 'together': False})
    after = nn.utils.parameters_to_vector(truth.parameters()).detach()
    pairs += [(torch.stack(losses), true_losses), (training.w - before, after - before)]
    return max(((a - b).norm() / b.norm()).item() for a, b in pairs)


def rate(work, seconds):
    """What work() counts, per second: the median of five stretches after one to warm up."""
    rates = []
    for _ in range(6):
        begin, done, elapsed = time.perf_counter(), 0, 0
        while elapsed < seconds / 5:
            done += work()
            elapsed = time.perf_counter() - begin
        rates.append(done / elapsed)
    return statistics.median(rates[1:])


def batches(series, alpha, n, latent):
    """Shuffled windows, read straight from the series; in each epoch 1 % of it is hidden anew."""
    while True:
        hidden = (torch.rand(len(series)) < 0.01) & (alpha > 0)
        x = series.masked_fill(hidden, FILL).unfold(0, 120, 1)
        x_alpha = alpha.masked_fill(hidden, 0).unfold(0, 120, 1)
        for rows in torch.randperm(len(x)).split(n)[:-1]:
            yield x.index_select(0, rows), x_alpha.index_select(0, rows), torch.randn(n, latent)


def training_rate(series, alpha, seconds, by_hand):
    training, batch = Training(Donut(120, 8, [100, 100]), 256), batches(series, alpha, 256, 8)
    evaluate = training.evaluate if by_hand else training.evaluate_autograd

    def step():
        if not math.isfinite(evaluate(*next(batch)).item()):
            sys.exit('reference.py: the loss is not finite')
        training.update()
        return 256
    with torch.inference_mode(by_hand):
        return rate(step, seconds)


def plain_training_rate(series, alpha, seconds):
    """The step as one writes it: layers, distributions and optimiser as PyTorch has them."""
    model, batch = Donut(120, 8, [100, 100]), batches(series, alpha, 256, 8)
    parameters = list(model.parameters())
    optimiser = torch.optim.Adam(parameters, lr=1e-3)

    def step():
        x, x_alpha, noise = next(batch)
        optimiser.zero_grad()
        loss = negative_elbo(elbo_terms(model, x, x_alpha, noise), x_alpha) / len(x)
        penalty = sum((w ** 2).sum() for w in model.hidden_weights())
        (loss + 1e-3 * penalty).backward()
        for parameter in parameters:
            nn.utils.clip_grad_norm_(parameter, 10)
        optimiser.step()
        if not math.isfinite(loss.item()):
            sys.exit('reference.py: the loss is not finite')
        return len(x)
    return rate(step, seconds)


@torch.no_grad()
def plain_score(model, x, noise):
    """Scores of a batch of windows, all samples at once, from the last point's rows of the heads."""
    q = model.encode(x)
    z = q.mean[:, None] + q.stddev[:, None] * noise
    h = model.through(model.decoder, z)
    mu = h @ model.x.mu.weight[-1] + model.x.mu.bias[-1]
    sd = functional.softplus(h @ model.x.sd.weight[-1] + model.x.sd.bias[-1]) + EPSILON
    return -Normal(mu, sd).log_prob(x[:, -1:]).mean(1)


def plain_scoring_rate(series, samples, seconds):
    model, noise = Donut(120, 8, [100, 100]), torch.randn(samples, 8)
    parts = itertools.cycle(series.unfold(0, 120, 1).split(64)[:-1])

    def work():
        return len(plain_score(model, next(parts), noise))
    return rate(work, seconds)


def scoring_rate(series, samples, seconds, workers):
    model, noise = Donut(120, 8, [100, 100]), torch.randn(samples, 8)
    scorers = [Scoring(model, noise) for _ in range(workers)]
    parts = itertools.cycle(series.unfold(0, 120, 1).split(64 * workers)[:-1])

    def work():
        part = next(parts)
        list(run(Scoring.score, scorers, part.chunk(workers)))
        return len(part)
    if workers == 1:
        run = map
        return rate(work, seconds)
    with ThreadPoolExecutor(workers, initializer=torch.set_num_threads,
                            initargs=(torch.get_num_threads(),)) as pool:
        run = pool.map
        return rate(work, seconds)


def openblas():
    """The BLAS that PyTorch uses, if it is OpenBLAS, and its name."""
    try:
        library = ctypes.CDLL('libblas.so.3')
        library.openblas_get_corename.restype = ctypes.c_char_p
        threads = ['serial', 'pthread', 'openmp'][library.openblas_get_parallel()]
        return library, f'openblas-{threads}-{library.openblas_get_corename().decode()}'
    except (OSError, AttributeError):
        print('reference.py: without OpenBLAS PyTorch is far from its best; on Debian: '
              'apt-get install libopenblas0-openmp', file=sys.stderr)
        return None, 'other'


def serve():
    """Answers each request, a line on standard input, with itself and a number on standard output:

      plain TORCH BLAS SECONDS            windows_per_second=N   donut's training step, as one
                                                                 writes it in PyTorch
      autograd TORCH BLAS SECONDS         windows_per_second=N   the same without what is slow in it
      train TORCH BLAS SECONDS            windows_per_second=N   and with the gradient by hand
      plain_score TORCH BLAS L SECONDS    points_per_second=N    with L draws of z, as one writes it
      score TORCH BLAS PYTHON L SECONDS   points_per_second=N    the same, tuned by hand

    TORCH, BLAS and PYTHON are numbers of threads; those of Python score a share of the windows
    each. The first line says ready, with what, and how far this float32 work is from the float64
    functions above. Ends with the word quit, or its input."""
    torch.manual_seed(1)
    torch.set_num_threads(1)
    Distribution.set_default_validate_args(False)
    ctypes.CDLL(None).mallopt(-1, 2 ** 31 - 1)  # M_TRIM_THRESHOLD and
    ctypes.CDLL(None).mallopt(-3, 2 ** 25)      # M_MMAP_THRESHOLD: temporaries without page faults
    library, name = openblas()
    error = disagreement()
    if not error < 1e-3:
        sys.exit(f'reference.py: what is fast differs from the reference by {error:.2g}')
    print(f'ready torch={torch.__version__} blas={name} error={error:.2g}', flush=True)
    series = torch.sin(torch.arange(100000) / 50) + 0.1 * torch.randn(100000)
    alpha = (torch.rand(100000) > 0.01).float()
    series[alpha == 0] = FILL
    for line in sys.stdin:
        if line.strip() == 'quit':
            break
        try:
            what, threads, blas_threads, *rest = line.split()
            if library:
                library.openblas_set_num_threads(int(blas_threads))
            torch.set_num_threads(int(threads))  # OpenBLAS over OpenMP follows this one
            if what == 'plain':
                found = plain_training_rate(series, alpha, float(rest[0]))
            elif what == 'plain_score':
                found = plain_scoring_rate(series, int(rest[0]), float(rest[1]))
            elif what == 'score':
                workers, samples, seconds = rest
                found = scoring_rate(series, int(samples), float(seconds), int(workers))
            else:
                by_hand = ['autograd', 'train'].index(what)
                found = training_rate(series, alpha, float(rest[0]), by_hand=bool(by_hand))
        except (ValueError, IndexError):
            sys.exit(f'reference.py: not a request: {line.rstrip()}')
        unit = 'points' if what.endswith('score') else 'windows'
        print(f'{line.rstrip()} {unit}_per_second={found:.0f}', flush=True)
