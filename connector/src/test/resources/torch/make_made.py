# SPDX-License-Identifier: Apache-2.0
"""Writes made/ and made.truth.jsonl: corners of torch's format beyond those of edge/.

Run with torch 1.13, numpy 1.24 and zstandard, in this directory. The truth is what torch.load makes of
each file, described as in edge.truth.jsonl. Files that are large and repeat themselves are compressed.
"""
import base64
import collections
import hashlib
import io
import json
import os
import warnings

import numpy as np
import torch
import zstandard

warnings.simplefilter("ignore")
torch.manual_seed(7)
OUT = "made"


def sha(data):
    return hashlib.sha256(data).hexdigest()


def raw(t):
    """Contiguous little-endian bytes."""
    t = t.detach().contiguous().clone().resolve_neg().resolve_conj()
    if t.numel() == 0:
        return b""
    return bytes(t.reshape(-1).view(torch.uint8).numpy()) if t.dtype != torch.bool else t.numpy().tobytes()


def describe(v):
    if isinstance(v, torch.Tensor) and v.layout == torch.sparse_csr:
        return {"t": "sparse_csr", "shape": list(v.shape), "crow_indices": describe(v.crow_indices()),
                "col_indices": describe(v.col_indices()), "values": describe(v.values())}
    if isinstance(v, torch.Tensor) and v.is_sparse:
        return {"t": "sparse_tensor", "dtype": str(v.dtype)[6:], "shape": list(v.shape),
                "indices": describe(v._indices()), "values": describe(v._values())}
    if isinstance(v, torch.Tensor) and v.is_quantized:
        d = describe(v.int_repr())
        d["dtype"], d["stride"] = str(v.dtype)[6:], list(v.stride())
        if v.qscheme() == torch.per_tensor_affine:
            d["scale"], d["zero_point"] = v.q_scale(), v.q_zero_point()
        else:
            d["scales"] = describe(v.q_per_channel_scales())
            d["zero_points"] = describe(v.q_per_channel_zero_points())
            d["axis"] = v.q_per_channel_axis()
        return d
    if isinstance(v, torch.Tensor):
        b = raw(v)
        return {"t": "tensor", "dtype": str(v.dtype)[6:], "shape": list(v.shape), "stride": list(v.stride()),
                "storage_offset": v.storage_offset(), "nbytes": len(b), "sha256": sha(b)}
    if isinstance(v, np.ndarray):
        b = v.astype(v.dtype.newbyteorder("<")).tobytes()
        return {"t": "ndarray", "dtype": v.dtype.name, "shape": list(v.shape), "nbytes": len(b), "sha256": sha(b)}
    if isinstance(v, np.generic):
        b = v.astype(v.dtype.newbyteorder("<")).tobytes()
        return {"t": "npscalar", "dtype": v.dtype.name, "repr": repr(v), "le_hex": b.hex()}
    if isinstance(v, np.dtype):
        return {"t": "np.dtype", "value": "numpy.dtype('%s')" % v.str}
    if isinstance(v, torch.Size):
        return {"t": "torch.Size", "value": list(v)}
    if isinstance(v, (torch.dtype, torch.device)):
        return {"t": "torch." + type(v).__name__, "value": str(v)}
    if isinstance(v, torch.qscheme):
        return {"t": "torch.qscheme", "value": str(v)}
    if isinstance(v, (torch.storage.TypedStorage, torch.UntypedStorage)):
        return describe(torch.tensor(v.tolist() if isinstance(v, torch.storage.TypedStorage) else list(v),
                                     dtype=v.dtype if isinstance(v, torch.storage.TypedStorage) else torch.uint8))
    if isinstance(v, dict):
        return {"t": type(v).__name__, "items": [[describe(k), describe(x)] for k, x in v.items()]}
    if isinstance(v, (list, tuple)):
        return {"t": type(v).__name__, "items": [describe(x) for x in v]}
    if isinstance(v, (set, frozenset)):
        return {"t": "set", "items": [describe(x) for x in sorted(v)]}
    if isinstance(v, str):
        b = v.encode()
        return {"t": "str", "utf8_len": len(b), "sha256": sha(b), "value": v}
    if isinstance(v, (bytes, bytearray)):
        return {"t": "bytes", "len": len(v), "sha256": sha(v), "b64": base64.b64encode(v).decode()}
    if isinstance(v, bool):
        return {"t": "bool", "value": v}
    if isinstance(v, int):
        return {"t": "int", "repr": repr(v)}
    if isinstance(v, float):
        return {"t": "float", "repr": repr(v), "bits_be_hex": np.float64(v).byteswap().tobytes().hex()}
    if isinstance(v, complex):
        return {"t": "complex", "re": repr(v.real), "im": repr(v.imag)}
    if isinstance(v, type):
        return {"t": "type", "value": f"{v.__module__}.{v.__name__}"}
    if v is None:
        return {"t": "None"}
    raise TypeError(type(v))


def pattern(count, dtype=torch.int32):
    """Numbers that repeat, so that they compress, with a period that no power of two has."""
    return (torch.arange(count, dtype=torch.int64) % 8191).to(dtype)


DTYPES = ["float16", "bfloat16", "float32", "float64", "uint8", "int8", "int16", "int32", "int64", "bool",
          "complex64", "complex128"]


def by_dtype():
    made = {}
    for name in DTYPES:
        t = torch.randn(4, 5, dtype=torch.float64) * 9
        dtype = getattr(torch, name)
        t = torch.complex(t, t + 1).to(dtype) if name.startswith("complex") else t.to(dtype)
        made[name] = {"plain": t, "transposed": t.t(), "stepped": t[::2, 1::3], "first": t[0, 0]}
    return made


def views():
    base = torch.arange(120, dtype=torch.float32).reshape(2, 3, 4, 5)
    last = base.contiguous(memory_format=torch.channels_last)
    return {"base": base, "channels_last": last, "slice": base[:, 1:, ::2, 1:4], "permuted": base.permute(3, 1, 0, 2),
            "expanded": base[:1, :1, :, :1].expand(6, 7, 4, 3), "diagonal": torch.eye(9).diagonal(),
            "unfolded": torch.arange(10, dtype=torch.int16).unfold(0, 4, 2), "one": base[1, 2, 3, 4],
            "ones": base[:1, :, 2:3, :], "none": base[:0], "flat": base.view(-1)[7:99:7],
            "as_strided": torch.as_strided(base, (3, 3), (1, 1), 5), "same": base}


def containers():
    loop = [1, 2]
    ordered = collections.OrderedDict(a=torch.ones(2), b=[(), (1,), (1, 2, 3, 4)])
    default = collections.defaultdict(dict, x={"y": torch.zeros(1)})
    return {"ordered": ordered, "default": default, "none": collections.defaultdict(None, k=1), "list": [loop, loop],
            "text": "\u00e9\u4e2d\U0001f600" + "x" * 300, "big": 2 ** 100, "negative": -2 ** 63, "bytes": b"\x00\xff" * 200,
            "bytearray": bytearray(b"abc"), "no bytes": b"", "complex": complex(-1.5, float("inf")), "set": {3, 1},
            "frozen": frozenset([2]), "float": -0.0, 5: "int key", ("t", 1): "tuple key", None: True, True: None,
            "size": torch.Size([2, 0]), "dtype": torch.bfloat16, "device": torch.device("cuda:1"),
            "qscheme": torch.per_channel_affine, "empty": {}}


def arrays():
    made = {name: (np.arange(12).reshape(3, 4) % 2).astype(name) for name in
            ["bool", "uint8", "int8", "uint16", "int16", "uint32", "int32", "uint64", "int64", "float16", "float32",
             "float64", "complex64", "complex128"]}
    made["fortran"] = np.asfortranarray(np.arange(6.0).reshape(2, 3))
    made["big-endian"] = np.arange(5, dtype=">i4")
    made["big-endian complex"] = np.array([1 + 2j, 3 - 4j], dtype=">c16")
    made["none"] = np.zeros((2, 0))
    made["no dimension"] = np.array(7, dtype="u2")
    made["stepped"] = np.arange(20)[::3]
    for v in [np.bool_(True), np.uint8(200), np.int8(-3), np.int16(-300), np.uint32(2 ** 32 - 1), np.int64(-2 ** 62),
              np.uint64(2 ** 64 - 1), np.float16(1.5), np.float32(-0.1), np.float64(1e300), np.complex64(1 + 2j)]:
        made["scalar " + v.dtype.name] = v
    made["dtype"] = np.dtype("f4")
    return made


def quantised():
    t = torch.linspace(-1, 1, 12).reshape(3, 4)
    scales = torch.tensor([.1, .2, .3, .4], dtype=torch.float64)
    made = {name: torch.quantize_per_tensor(t, 0.25, 3, getattr(torch, name)) for name in ["quint8", "qint8", "qint32"]}
    made["channels"] = torch.quantize_per_channel(t, scales, torch.tensor([0, 1, 2, 3]), 1, torch.qint8)
    made["transposed"] = made["qint8"].t()
    return made


def sparse():
    t = torch.tensor([[0., 0, 3], [4, 0, 5], [0, 0, 0]])
    return {"coo": t.to_sparse(), "csr": t.to_sparse_csr(), "dense part": torch.ones(2, 3).to_sparse(1)}


def parameters():
    p = torch.nn.Parameter(torch.ones(2, 3), requires_grad=False)
    return {"p": p, "m": torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.BatchNorm1d(2)).state_dict()}


def types():
    """Up to protocol 2 int and str have the names that they had in Python 2."""
    factories = [int, str, bool, float, bytes, complex, list, tuple, dict, set, frozenset, collections.OrderedDict,
                 collections.defaultdict]
    made = {f.__name__: collections.defaultdict(f, x=1) for f in factories}
    return {"factories": made, "types": factories}


def parts_as_parameters():
    scales, zeros = torch.tensor([.5, .25], dtype=torch.float64), torch.tensor([0, 1])
    quantised = {"tensor": torch.quantize_per_tensor(torch.ones(3), .5, 1, torch.qint8),
                 "channels": torch.quantize_per_channel(torch.eye(2), scales, zeros, 0, torch.quint8)}
    made = {name: torch.nn.Parameter(q, requires_grad=False) for name, q in quantised.items()}
    return {"coo": torch.nn.Parameter(torch.eye(2).to_sparse()), **made}


def remainder():
    """A storage whose last bytes are no whole element."""
    return {"x": torch.arange(10, dtype=torch.uint8)[:8].view(torch.float32), "y": torch.arange(3)}


def large():
    t = pattern(600_000)
    wide = pattern(3 * 180_001, torch.int16).reshape(180_001, 3)
    return {"whole": t, "stepped": t[1::3], "transposed": t[:480_000].reshape(600, 800).t(), "wide": wide.t(),
            "permuted": t[:360_000].reshape(60, 75, 80).permute(2, 0, 1), "bytes": pattern(800_000, torch.uint8)[3::5],
            "halves": pattern(400_000, torch.float16)[::2], "doubles": pattern(90_000, torch.float64).reshape(300, 300).t(),
            "complex": torch.complex(pattern(40_000, torch.float64), pattern(40_000, torch.float64)).reshape(200, 200).t(),
            "rows": t.reshape(750, 800)[:, 13:400], "expanded": t[:9].expand(70_000, 9)}


CASES = {
    "dtypes": by_dtype(), "views": views(), "containers": containers(), "numpy": arrays(), "quantised": quantised(),
    "sparse": sparse(), "parameters": parameters(), "typed-storage": torch.arange(5, dtype=torch.int16).storage(),
    "untyped-storage": torch.arange(3, dtype=torch.int16).storage().untyped(),
    "types": types(), "parts-as-parameters": parts_as_parameters(), "remainder": remainder(),
}
NOT_LEGACY = ["untyped-storage", "remainder"]  # which torch.load cannot read
LARGE = {"large": large()}

os.makedirs(OUT, exist_ok=True)
with open("made.truth.jsonl", "w") as truth:
    def write(name, value, compressed=False, **options):
        buffer = io.BytesIO()
        torch.save(value, buffer, **options)
        data = buffer.getvalue()
        name += ".pt.zst" if compressed else ".pt"
        with open(os.path.join(OUT, name), "wb") as file:
            file.write(zstandard.ZstdCompressor(19).compress(data) if compressed else data)
        value = describe(torch.load(io.BytesIO(data)))
        truth.write(json.dumps({"file": name, "file_bytes": len(data), "value": value}) + "\n")

    for case, value in CASES.items():
        write(case, value)
        if case not in NOT_LEGACY:
            write(case + "-legacy", value, _use_new_zipfile_serialization=False)
    for protocol in [1, 3, 4, 5]:
        for case in ["views", "containers", "numpy"]:
            write(f"{case}-proto{protocol}", CASES[case], pickle_protocol=protocol)
        write(f"containers-legacy-proto{protocol}", CASES["containers"], pickle_protocol=protocol,
              _use_new_zipfile_serialization=False)
    for case, value in LARGE.items():
        write(case, value, True)
        write(case + "-legacy", value, True, _use_new_zipfile_serialization=False)
