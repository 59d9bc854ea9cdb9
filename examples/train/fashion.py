#!/usr/bin/env python3
"""Trains the network of examples/fashion.cpp on the 60,000 images of Fashion-MNIST, on one core.

    apt-get install python3-torch python3-onnx libopenblas0-pthread dataset-fashion-mnist
    /usr/bin/python3 fashion.py --work /tmp/fashion        # --help lists the options

Every --every steps the weights and a sheet (a column per class, guided) go to the work folder; at the end
the weights go to ../data as fashion.safetensors and fashion.onnx, numbers rounded to half precision, and a
few inputs and outputs as fashion_check.safetensors. Run again, it goes on from the last weights in the work
folder.
"""

import argparse
import ctypes
import gzip
import json
import math
import pathlib
import struct
import tempfile
import time
import zlib

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

DATA = pathlib.Path("/usr/share/datasets/fashion-mnist")
CLASSES = 10  # and the label 10 for an image of which no class is known
BATCH, RATE, WARMUP, DROPPED = 32, 2e-3, 300, 0.12


class Block(nn.Module):
    """x + second(silu(conditioned(norm(first(silu(norm(x)))))))"""

    def __init__(self, channels, embedding):
        super().__init__()
        self.norm = nn.GroupNorm(8, channels)
        self.first = nn.Conv2d(channels, channels, 3, padding=1)
        self.condition = nn.Linear(embedding, 2 * channels)
        self.second = nn.Conv2d(channels, channels, 3, padding=1)
        nn.init.zeros_(self.second.weight)

    def forward(self, x, e):
        factor, summand = self.condition(e)[:, :, None, None].chunk(2, 1)
        h = self.first(F.silu(self.norm(x)))
        h = F.group_norm(h, 8) * (1 + factor) + summand
        return x + self.second(F.silu(h))


class Network(nn.Module):
    """14 x 14 places of 32 channels, and below them 7 x 7 of 96. c is log(sigma/alpha)."""

    def __init__(self, upper=32, lower=96, embedding=128):
        super().__init__()
        self.register_buffer("w", torch.exp(torch.linspace(math.log(0.25), math.log(8), 16)))
        self.time = nn.Linear(32, embedding)
        self.label = nn.Embedding(CLASSES + 1, embedding)
        self.input = nn.Conv2d(4, upper, 3, padding=1)
        self.down = nn.Conv2d(4 * upper, lower, 1)
        self.up = nn.Conv2d(lower, 4 * upper, 1)
        self.block = nn.ModuleList(Block(channels, embedding) for channels in (upper, lower, lower, upper))
        self.norm = nn.GroupNorm(8, upper)
        self.output = nn.Conv2d(upper, 4, 3, padding=1)
        nn.init.zeros_(self.output.weight)

    def forward(self, x, c, label):
        phase = c[:, None] * self.w
        e = F.silu(self.time(torch.cat([phase.sin(), phase.cos()], 1)) + self.label(label))
        high = self.block[0](self.input(F.pixel_unshuffle(x, 2)), e)
        low = self.down(F.pixel_unshuffle(high, 2))
        low = self.block[2](self.block[1](low, e), e)
        high = self.block[3](high + F.pixel_shuffle(self.up(low), 2), e)
        return F.pixel_shuffle(self.output(F.silu(self.norm(high))), 2)


def read_data(name="train"):
    def read(kind, offset):
        return np.frombuffer(gzip.open(DATA / f"{name}-{kind}-ubyte.gz").read(), np.uint8, offset=offset)
    images, labels = read("images-idx3", 16), read("labels-idx1", 8)
    return torch.tensor(images.reshape(-1, 1, 28, 28)), torch.tensor(labels.astype(np.int64))


def loss_of(network, images, labels, c, noise):
    """The squared error of the mean under azula's KarrasDenoiser, weighted by (alpha^2 + sigma^2)/sigma^2."""
    alpha = (1 + (2 * c).exp()).rsqrt()[:, None, None, None]
    sigma = c.exp()[:, None, None, None] * alpha
    wanted = (images - alpha * (alpha * images + sigma * noise)) / sigma
    return F.mse_loss(network(alpha * images + sigma * noise, c, labels), wanted)


def draw_batch(images, labels, random):
    """Noise levels mostly where shapes are decided; a tenth anywhere, so that no level is unknown."""
    j = torch.randint(len(images), (BATCH,), generator=random)
    label = labels[j].masked_fill(torch.rand(BATCH, generator=random) < DROPPED, CLASSES)
    c = 1.4 * torch.randn(BATCH, generator=random) - 0.3
    anywhere = 11.0 * torch.rand(BATCH, generator=random) - 5.0
    c = torch.where(torch.rand(BATCH, generator=random) < 0.1, anywhere, c)
    noise = torch.randn(BATCH, 1, 28, 28, generator=random)
    return images[j].float() / 127.5 - 1, label, c, noise


def train(network, options):
    images, labels = read_data()
    checkpoint = options.work / "checkpoint.pt"
    random = torch.Generator().manual_seed(1)
    network = network.to(memory_format=torch.channels_last)
    weights = list(network.parameters())
    average = [w.detach().clone() for w in weights]
    adam = torch.optim.Adam(weights, lr=RATE, betas=(0.9, 0.99), foreach=True)
    first = 0
    if checkpoint.exists():
        saved = torch.load(checkpoint)
        first, average = saved["step"], saved["average"]
        network.load_state_dict(saved["network"])
        adam.load_state_dict(saved["adam"])
        random.set_state(saved["random"])
    begin, cpu, total = time.time(), time.process_time(), 0.0
    step = first
    while step < options.steps:
        left = (options.steps - step) / options.decay
        adam.param_groups[0]["lr"] = RATE * min((step + 1) / WARMUP, left, 1.0)
        loss = loss_of(network, *draw_batch(images, labels, random))
        adam.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(weights, 1.0)
        adam.step()
        keep = min(0.9995, (1 + step) / (20 + step))
        with torch.no_grad():
            torch._foreach_mul_(average, keep)
            torch._foreach_add_(average, weights, alpha=1 - keep)
        total += loss.item()
        step += 1
        if step % options.every == 0 or step == options.steps:
            rate = BATCH * (step - first) / (time.time() - begin)
            print(f"step {step}, loss {total / options.every:.4f}, {rate:.0f} images/s, "
                  f"{time.process_time() - cpu:.0f} s of the processor", flush=True)
            total = 0.0
            torch.save({"step": step, "average": average, "network": network.state_dict(),
                        "adam": adam.state_dict(), "random": random.get_state()}, checkpoint)
            write_sheet(with_weights(average), options.work / f"step_{step:05}.png")
    return with_weights(average)


def with_weights(values):
    network = Network()
    with torch.no_grad():
        for weight, value in zip(network.parameters(), values):
            weight.copy_(value)
    return network.requires_grad_(False).eval()


def write_sheet(network, path, steps=12, weight=2.0, rows=6):
    """Drawn by DPM-Solver++(2M) with guidance."""
    labels = torch.arange(CLASSES).repeat(rows)
    levels = torch.linspace(math.log(40), math.log(0.03), steps + 1)
    x = torch.randn(len(labels), 1, 28, 28, generator=torch.Generator().manual_seed(0)) * math.exp(levels[0])
    previous, h_previous = None, None
    for c, c_next in zip(levels[:-1], levels[1:]):
        share = (1 + (2 * c).exp()).rsqrt()
        both = network((share * x).repeat(2, 1, 1, 1), c.repeat(2 * len(labels)),
                       torch.cat([labels, torch.full_like(labels, CLASSES)]))
        mean = share**2 * x.repeat(2, 1, 1, 1) + c.exp() * share * both
        positive, negative = mean.chunk(2)
        mean = negative + weight * (positive - negative)
        h = c - c_next
        use = mean if previous is None else mean + h / (2 * h_previous) * (mean - previous)
        x = (c_next - c).exp() * x + (1 - (c_next - c).exp()) * use
        previous, h_previous = mean, h
    sheet = x.reshape(rows, CLASSES, 28, 28).permute(0, 2, 1, 3).reshape(rows * 28, CLASSES * 28)
    pixels = ((sheet.clamp(-1, 1) + 1) * 127.5).byte().repeat_interleave(3, 0).repeat_interleave(3, 1)
    write_png(path, pixels.numpy())


def write_png(path, pixels):
    def chunk(kind, content):
        check = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)
    height, width = pixels.shape
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) +
                     chunk(b"IEND", b""))


def as_matrices(network):
    """Convolutions as matrices for images whose channels lie together: a column per neighbour and channel."""
    tensors = {}
    for name, value in network.state_dict().items():
        if value.dim() == 4 and value.shape[2] == 3:
            value = value.permute(0, 2, 3, 1).flatten(1)
        elif name == "down.weight":
            value = value.reshape(len(value), -1, 4).transpose(1, 2).flatten(1)
        elif name.startswith("up."):
            value = value.reshape(-1, 4, *value.shape[1:]).transpose(0, 1).flatten(0, 1)
            value = value.flatten(1) if name == "up.weight" else value
        tensors[name] = value
    return tensors


def write_safetensors(path, tensors):
    header, content = {}, b""
    for name, value in tensors.items():
        value = np.ascontiguousarray(value.numpy())
        kind = {"float16": "F16", "float32": "F32", "uint8": "U8"}[str(value.dtype)]
        header[name] = {"dtype": kind, "shape": value.shape,
                        "data_offsets": [len(content), len(content) + value.nbytes]}
        content += value.tobytes()
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + content)


def write_onnx(path, network):
    """The weights stay in half precision in the file and become floats when the model is loaded."""
    import onnx
    from onnx import helper, numpy_helper
    example = torch.zeros(2, 1, 28, 28), torch.zeros(2), torch.zeros(2, dtype=torch.int64)
    names = ["x", "c", "label", "y"]
    torch.onnx.export(network, example, str(path), input_names=names[:3], output_names=names[3:],
                      opset_version=13, dynamic_axes={name: {0: "n"} for name in names})
    model = onnx.load(str(path))
    casts = []
    for tensor in model.graph.initializer:
        name, value = tensor.name, numpy_helper.to_array(tensor)
        if value.dtype == np.float32 and value.size > 64:
            casts.append(helper.make_node("Cast", [name + "_half"], [name], to=onnx.TensorProto.FLOAT))
            tensor.CopyFrom(numpy_helper.from_array(value.astype(np.float16), name + "_half"))
    nodes = casts + list(model.graph.node)
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


def write_check(path, network):
    random = torch.Generator().manual_seed(2)
    x = torch.randn(6, 1, 28, 28, generator=random)
    c = torch.tensor([-4.0, -1.5, -0.3, 0.6, 2.0, 5.0])
    label = torch.tensor([0, 3, 5, 8, 9, 10])
    y = network(x, c, label)
    write_safetensors(path, {"x": x.flatten(1), "c": c, "label": label.byte(), "y": y.flatten(1)})


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path(tempfile.gettempdir()) / "fashion")
    data = pathlib.Path(__file__).resolve().parent.parent / "data"
    parser.add_argument("--out", type=pathlib.Path, default=data)
    parser.add_argument("--steps", type=int, default=24000, help="of 32 images each")
    parser.add_argument("--decay", type=int, default=4000, help="the last steps; the rate falls to zero")
    parser.add_argument("--every", type=int, default=500, help="steps between sheets")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    # M_MMAP_MAX and M_TRIM_THRESHOLD: or else every tensor is mapped, page by page, and unmapped again.
    ctypes.CDLL(None).mallopt(-4, 0)
    ctypes.CDLL(None).mallopt(-1, 2**31 - 1)
    torch.set_num_threads(1)
    torch.manual_seed(0)
    network = train(Network(), options)
    with torch.no_grad():
        for value in network.state_dict().values():
            value.copy_(value.half().float())
    options.out.mkdir(parents=True, exist_ok=True)
    write_safetensors(options.out / "fashion.safetensors",
                      {name: value.half() for name, value in as_matrices(network).items()})
    write_check(options.out / "fashion_check.safetensors", network)
    write_onnx(options.out / "fashion.onnx", network)


if __name__ == "__main__":
    main()
