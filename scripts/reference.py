#!/usr/bin/python3
"""Writes tests/reference/*.bin: what PyTorch computes for small networks of Donut.

The same network as src/model is built from PyTorch's own layers, distributions and optimiser, and
evaluated in float64. Parameters, inputs and noise are rounded to float32 first, so that both sides
start from identical numbers. Run it from anywhere, without arguments; it needs Debian's
python3-torch. tests/unit/test_reference.c and test_score_reference.c read the files and need no
Python. With --speed it writes no files but measures how fast PyTorch does the same: see serve().

A file is little-endian: the 8 bytes DONUTREF, u32 version (1), u32 number of tensors; then for each
tensor u32 length of its name, the name, u32 rank, u64 dimensions[rank], float64 values, row-major.

  shape                W, K, depth, hidden widths from x to z; epsilon is 1e-4
  adam                 rate, beta1, beta2, epsilon, l2, clip norm, 1 = one norm over all tensors
  parameter/LAYER.w|b  weights (in, out) and biases (out) of encoder0.., z_mu, z_sd, decoder0..,
                       x_mu, x_sd
  x, alpha, noise      a batch (n, W), (n, W), (n, K): some points missing, one window altogether
  loss                 sum over the batch of minus the M-ELBO (paper, eqn 3)
  log_x, log_z, log_q  (n) its terms: sum alpha log p(x|z), log p(z), log q(z|x)
  gradient/LAYER.w|b   of loss / n
  step_noise           (10, n, K) noise of z for ten steps of Adam on the batch
  step_loss            (10) the loss in each of them, before the step
  after/LAYER.w|b      the parameters after them; each step follows loss / n + l2 sum w^2 over the
                       hidden layers' weights, with the gradient clipped
  score/x, score/noise (windows, W), (L, K) complete windows to be scored with the same noise each
  score/score          (windows) -(1/L) sum_l log p(x_t|z_l) of the last point
  score/mean, variance (windows) mean of mu_x, and mean of sd_x^2 plus variance of mu_x
  impute/x, missing    (windows, W) windows with missing points (missing = 1), filled
  impute/noise_z, _x   (M, K), (M, W) noise of the M steps of MCMC imputation, the same for each
  impute/result        (windows, W) the windows afterwards
  impute/score         (windows) score of the last point given the imputed window and score/noise
"""

import ctypes
import itertools
import math
import os
import pathlib
import statistics
import struct
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

SPEED = sys.argv[1:] == ['--speed']
if SPEED:  # what the libraries read when they are loaded: all that the processor has
    os.environ.pop('OPENBLAS_CORETYPE', None)
    if {'avx512f', 'avx512bw', 'avx512dq', 'avx512vl'} <= set(
            pathlib.Path('/proc/cpuinfo').read_text(encoding='ascii').split()):
        os.environ.setdefault('ATEN_CPU_CAPABILITY', 'avx512')

try:
    import torch
    from torch import nn
    from torch.distributions import Distribution, Normal
    from torch.nn import functional
except ImportError:
    print('reference.py: PyTorch is missing; on Debian: apt-get install python3-torch',
          file=sys.stderr)
    sys.exit(1)

EPSILON = 1e-4
FILL = -1.75  # what stands for a missing point
STEPS = 10
HALF_LOG_TWO_PI = 0.5 * math.log(2 * math.pi)
FOLDER = pathlib.Path(__file__).resolve().parent.parent / 'tests' / 'reference'


def as_float32(tensor):
    return tensor.float().double()


class Gauss(nn.Module):
    """Mean and standard deviation from the features."""

    def __init__(self, features, size):
        super().__init__()
        self.mu = nn.Linear(features, size)
        self.sd = nn.Linear(features, size)

    def forward(self, h):
        return Normal(self.mu(h), functional.softplus(self.sd(h)) + EPSILON)


class Donut(nn.Module):
    def __init__(self, window, latent, hidden):
        super().__init__()
        self.encoder = self.layers([window] + hidden)
        self.z = Gauss(hidden[-1], latent)
        self.decoder = self.layers([latent] + hidden[::-1])
        self.x = Gauss(hidden[0], window)
        for name, parameter in self.named_parameters():
            if name.endswith('weight'):
                nn.init.xavier_uniform_(parameter)
            else:
                nn.init.uniform_(parameter, -0.1, 0.6)
        with torch.no_grad():
            for parameter in self.parameters():
                parameter.copy_(as_float32(parameter))

    @staticmethod
    def layers(widths):
        return nn.ModuleList(nn.Linear(i, o) for i, o in zip(widths, widths[1:]))

    @staticmethod
    def through(layers, h):
        for layer in layers:
            h = functional.relu(layer(h))
        return h

    def encode(self, x):
        return self.z(self.through(self.encoder, x))

    def decode(self, z):
        return self.x(self.through(self.decoder, z))

    def named_layers(self):
        for i, layer in enumerate(self.encoder):
            yield f'encoder{i}', layer
        yield 'z_mu', self.z.mu
        yield 'z_sd', self.z.sd
        for i, layer in enumerate(self.decoder):
            yield f'decoder{i}', layer
        yield 'x_mu', self.x.mu
        yield 'x_sd', self.x.sd

    def named_tensors(self, of=lambda parameter: parameter):
        for name, layer in self.named_layers():
            yield name + '.w', of(layer.weight).T
            yield name + '.b', of(layer.bias)

    def hidden_weights(self):
        return [layer.weight for layer in [*self.encoder, *self.decoder]]


def elbo_terms(model, x, alpha, noise):
    """log p(x|z) without missing points, log p(z) and log q(z|x) by window."""
    q = model.encode(x)
    z = q.mean + q.stddev * noise
    log_x = (alpha * model.decode(z).log_prob(x)).sum(-1)
    log_z = Normal(torch.zeros_like(z), torch.ones_like(z)).log_prob(z).sum(-1)
    return log_x, log_z, q.log_prob(z).sum(-1)


def negative_elbo(terms, alpha):
    log_x, log_z, log_q = terms
    return -(log_x + alpha.mean(-1) * log_z - log_q).sum()


def draw_batch(n, window):
    """Window 1 is missing altogether, of the others about a quarter of the points."""
    x = as_float32(torch.randn(n, window))
    alpha = (torch.rand(n, window) > 0.25).double()
    alpha[1] = 0
    x[alpha == 0] = FILL
    return x, alpha


def clip(parameters, limit, together):
    """Scales down gradients whose norm exceeds the limit; how many there were."""
    groups = [parameters] if together else [[p] for p in parameters]
    clipped = 0
    for group in groups:
        norm = torch.sqrt(sum((p.grad ** 2).sum() for p in group))
        if norm > limit:
            clipped += 1
            for p in group:
                p.grad.mul_(limit / norm)
    return clipped


def ten_steps(model, x, alpha, noise, options):
    """Trains in place; the losses and the number of clippings."""
    parameters = list(model.parameters())
    optimiser = torch.optim.Adam(parameters, lr=options['rate'], betas=(0.9, 0.999), eps=1e-8)
    losses, clipped = [], 0
    for step_noise in noise:
        optimiser.zero_grad()
        loss = negative_elbo(elbo_terms(model, x, alpha, step_noise), alpha)
        penalty = sum((w ** 2).sum() for w in model.hidden_weights())
        (loss / len(x) + options['l2'] * penalty).backward()
        clipped += clip(parameters, options['clip'], options['together'])
        optimiser.step()
        losses.append(loss.detach())
    return torch.stack(losses), clipped


def last_point(model, x, noise):
    """Score, mean and variance of the last point of each window."""
    q = model.encode(x)
    z = q.mean[:, None] + q.stddev[:, None] * noise  # (windows, L, K)
    p = model.decode(z)
    score = -p.log_prob(x[:, None])[..., -1].mean(1)
    mu, sd = p.mean[..., -1], p.stddev[..., -1]
    return score, mu.mean(1), (sd ** 2).mean(1) + mu.var(1, unbiased=False)


def impute(model, x, missing, noise_z, noise_x):
    for step_z, step_x in zip(noise_z, noise_x):
        q = model.encode(x)
        p = model.decode(q.mean + q.stddev * step_z)
        x = torch.where(missing == 1, p.mean + p.stddev * step_x, x)
    return x


def detection_tensors(model, window, latent, samples, windows=3, iterations=4):
    x = as_float32(torch.randn(windows, window))
    noise = as_float32(torch.randn(samples, latent))
    score, mean, variance = last_point(model, x, noise)
    yield from {'score/x': x, 'score/noise': noise, 'score/score': score, 'score/mean': mean,
                'score/variance': variance}.items()
    missing = (torch.rand(windows, window) < 0.4).double()
    missing[:, 0] = 1
    missing[:, -1] = 0
    x = torch.where(missing == 1, torch.tensor(FILL), x)
    noise_z = as_float32(torch.randn(iterations, latent))
    noise_x = as_float32(torch.randn(iterations, window))
    result = impute(model, x, missing, noise_z, noise_x)
    yield from {'impute/x': x, 'impute/missing': missing, 'impute/noise_z': noise_z,
                'impute/noise_x': noise_x, 'impute/result': result,
                'impute/score': last_point(model, result, noise)[0]}.items()


def write(path, tensors):
    with open(path, 'wb') as file:
        file.write(b'DONUTREF' + struct.pack('<II', 1, len(tensors)))
        for name, tensor in tensors.items():
            values = tensor.detach().double().contiguous().flatten().tolist()
            file.write(struct.pack('<I', len(name)) + name.encode())
            file.write(struct.pack(f'<I{tensor.dim()}Q', tensor.dim(), *tensor.shape))
            file.write(struct.pack(f'<{len(values)}d', *values))


def make(name, seed, window, latent, hidden, n, samples, **options):
    torch.manual_seed(seed)
    model = Donut(window, latent, hidden)
    x, alpha = draw_batch(n, window)
    noise = as_float32(torch.randn(n, latent))
    step_noise = as_float32(torch.randn(STEPS, n, latent))
    tensors = {
        'shape': torch.tensor([window, latent, len(hidden), *hidden]),
        'adam': torch.tensor([options['rate'], 0.9, 0.999, 1e-8, options['l2'], options['clip'],
                              options['together']]),
        'x': x, 'alpha': alpha, 'noise': noise, 'step_noise': step_noise,
    }
    tensors.update((f'parameter/{key}', t.detach().clone()) for key, t in model.named_tensors())
    with torch.no_grad():
        tensors.update(detection_tensors(model, window, latent, samples))

    terms = elbo_terms(model, x, alpha, noise)
    loss = negative_elbo(terms, alpha)
    (loss / n).backward()
    tensors.update(zip(['log_x', 'log_z', 'log_q'], terms))
    tensors['loss'] = loss
    tensors.update((f'gradient/{key}', t.clone()) for key, t in
                   model.named_tensors(lambda parameter: parameter.grad))
    tensors['step_loss'], clipped = ten_steps(model, x, alpha, step_noise, options)
    tensors.update((f'after/{key}', t) for key, t in model.named_tensors())
    path = FOLDER / f'{name}.bin'
    write(path, tensors)
    print(f'{path.name}: {path.stat().st_size} bytes, loss {loss.item():.6g}, '
          f'{clipped} gradients clipped')


def main():
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    FOLDER.mkdir(parents=True, exist_ok=True)
    make('w7_k3', 6, 7, 3, [5, 4], n=5, samples=130,
         rate=1e-3, l2=1e-3, clip=1, together=False)
    make('w12_k2', 11, 12, 2, [8], n=4, samples=16,
         rate=1e-3, l2=0.3, clip=10, together=False)
    make('w9_k1_depth3', 6, 9, 1, [6, 5, 3], n=6, samples=9,
         rate=1e-3, l2=0.05, clip=8, together=True)


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


if __name__ == '__main__':
    serve() if SPEED else main()
