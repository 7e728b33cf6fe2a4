#!/usr/bin/python3
"""Writes tests/reference/*.bin: what PyTorch computes for small networks of Donut.

The same network as src/model is built from PyTorch's own layers, distributions and optimiser, and
evaluated in float64. Parameters, inputs and noise are rounded to float32 first, so that both sides
start from identical numbers. Run it from anywhere, without arguments; it needs Debian's
python3-torch. tests/unit/test_reference.c and test_score_reference.c read the files and need no
Python. The last bits are those of Debian's reference BLAS (libblas3). With --speed it writes no
files but measures how fast PyTorch does the same; reference_speed.py says how.

A file is little-endian: the 8 bytes DONUTREF, u32 version (1), u32 number of tensors; then for each
tensor u32 length of its name, the name, u32 rank, u64 dimensions[rank], float64 values, row-major.

  shape                W, K, depth, hidden widths from x to z, and of a cnn encoder the channels of
                       its convolutions; epsilon is 1e-4
  adam                 rate, beta1, beta2, epsilon, l2, clip norm, 1 = one norm over all tensors
  parameter/LAYER.w|b  weights (in, out) and biases (out) of encoder0.., z_mu, z_sd, decoder0..,
                       x_mu, x_sd; of a convolution, in is 3 positions times their channels
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

import os
import pathlib
import struct
import sys

SPEED = sys.argv[1:] == ['--speed']
if SPEED:  # what the libraries read when they are loaded: all that the processor has
    os.environ.pop('OPENBLAS_CORETYPE', None)
    if {'avx512f', 'avx512bw', 'avx512dq', 'avx512vl'} <= set(
            pathlib.Path('/proc/cpuinfo').read_text(encoding='ascii').split()):
        os.environ.setdefault('ATEN_CPU_CAPABILITY', 'avx512')

try:
    import torch
    from torch import nn
    from torch.distributions import Normal
    from torch.nn import functional
except ImportError:
    print('reference.py: PyTorch is missing; on Debian: apt-get install python3-torch',
          file=sys.stderr)
    sys.exit(1)

EPSILON = 1e-4
FILL = -1.75  # what stands for a missing point
STEPS = 10
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


class Convolutions(nn.ModuleList):
    def __init__(self, channels):
        super().__init__(nn.Conv1d(i, o, 3) for i, o in zip([1, *channels], channels))

    def forward(self, x):
        """Position by position, all channels of each."""
        h = x[:, None]
        for layer in self:
            h = functional.max_pool1d(functional.relu(layer(h)), 2)
        return h.transpose(1, 2).flatten(1)


class Donut(nn.Module):
    def __init__(self, window, latent, hidden, channels=()):
        super().__init__()
        self.encoder = Convolutions(channels) if channels else self.layers([window] + hidden)
        features = self.features(torch.zeros(1, window)).shape[1]
        self.z = Gauss(features, latent)
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

    def features(self, x):
        is_cnn = isinstance(self.encoder, Convolutions)
        return self.encoder(x) if is_cnn else self.through(self.encoder, x)

    def encode(self, x):
        return self.z(self.features(x))

    @staticmethod
    def matrix(weight):
        """(out, in) or, of a convolution, (out, channels, positions) as (in, out)."""
        return weight.transpose(1, -1).flatten(1).T

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
            yield name + '.w', self.matrix(of(layer.weight))
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


def make(name, seed, window, latent, hidden, n, samples, channels=(), **options):
    torch.manual_seed(seed)
    model = Donut(window, latent, hidden, channels)
    x, alpha = draw_batch(n, window)
    noise = as_float32(torch.randn(n, latent))
    step_noise = as_float32(torch.randn(STEPS, n, latent))
    tensors = {
        'shape': torch.tensor([window, latent, len(hidden), *hidden, *channels]),
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
    make('w15_k2_cnn', 8, 15, 2, [6], n=5, samples=20, channels=[3, 4],
         rate=1e-3, l2=0.05, clip=10, together=False)


if __name__ == '__main__':
    if SPEED:
        sys.dont_write_bytecode = True
        import reference_speed
        reference_speed.serve()
    else:
        main()
