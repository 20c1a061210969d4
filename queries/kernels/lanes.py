"""Eight numbers that travel together: one per scenario, side by side in memory and in a register.

A sweep over a network is bound by how fast its relations arrive from memory. Eight scenarios that
share one reading of them cost little more than one. Compiled code works on rows: `take` reads row
`place` of an array of shape (rows, 8), `put` writes it, the others compute lane by lane and in the
order written, so that no lane ever depends on another.
"""

from collections.abc import Callable
from typing import Any, Final

from llvmlite import ir
from numba import types
from numba.extending import intrinsic, models, register_model

WIDTH: Final = 8
"""How many scenarios advance together: as many as one line of cache holds."""

_VECTOR: Final = ir.VectorType(ir.DoubleType(), WIDTH)
_FIRST: Final = ir.Constant(ir.IntType(32), 0)
_EVERYWHERE: Final = ir.Constant(ir.VectorType(ir.IntType(32), WIDTH), [0] * WIDTH)
_NOTHING: Final = ir.Constant(_VECTOR, ir.Undefined)
_BYTES: Final = ir.IntType(8).as_pointer()
_INT: Final = ir.IntType(32)
_ALIGNED: Final = 8

Made = tuple[Any, Callable[..., Any]]


class _Row(types.Type):
    """The type of a row in compiled code."""

    def __init__(self) -> None:
        super().__init__(name=f"Row({WIDTH})")


_ROW: Final = _Row()


@register_model(_Row)
class _RowModel(models.PrimitiveModel):
    """A row is one machine vector."""

    def __init__(self, manager: Any, kind: Any) -> None:  # noqa: ANN401  # numba's own
        super().__init__(manager, kind, _VECTOR)  # type: ignore[no-untyped-call]  # numba's own


def _address(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ANN401  # numba's own
    kind, place_kind = signature.args[:2]
    place = context.cast(builder, args[1], place_kind, types.uint64)
    data = context.make_array(kind)(context, builder, args[0]).data
    first = builder.mul(place, ir.Constant(place.type, WIDTH))
    return builder.bitcast(builder.gep(data, [first]), _VECTOR.as_pointer())


def _take(_typing: Any, array: Any, place: Any) -> Made:  # noqa: ANN401  # numba's own
    """Return row `place` of `array`, contiguous, shape (rows, 8)."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ANN401  # numba's own
        return builder.load(_address(context, builder, signature, args), align=_ALIGNED)

    return _ROW(array, place), code


def _put(_typing: Any, array: Any, place: Any, row: Any) -> Made:  # noqa: ANN401  # numba's own
    """Write `row` to row `place` of `array`, contiguous, shape (rows, 8)."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ANN401  # numba's own
        address = _address(context, builder, signature, args)
        builder.store(args[2], address, align=_ALIGNED)
        return context.get_dummy_value()

    return types.void(array, place, row), code


def _alike(_typing: Any, number: Any) -> Made:  # noqa: ANN401  # numba's own
    """Return a row with `number` in every lane."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ANN401  # numba's own
        value = context.cast(builder, args[0], signature.args[0], types.float64)
        one = builder.insert_element(_NOTHING, value, _FIRST)
        return builder.shuffle_vector(one, _NOTHING, _EVERYWHERE)

    return _ROW(number), code


def _fetch(_typing: Any, array: Any, place: Any) -> Made:  # noqa: ANN401  # numba's own
    """Ask for element `place` of `array`, shape (n,), before it is needed; none need be there."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ANN401  # numba's own
        kind, place_kind = signature.args
        where = context.cast(builder, args[1], place_kind, types.uint64)
        data = context.make_array(kind)(context, builder, args[0]).data
        address = builder.bitcast(builder.gep(data, [where]), _BYTES)
        name, known = "llvm.prefetch.p0", builder.module.globals
        kinds = ir.FunctionType(ir.VoidType(), [_BYTES, _INT, _INT, _INT])
        ask = known.get(name) or ir.Function(builder.module, kinds, name)
        builder.call(ask, [address, _INT(0), _INT(3), _INT(1)])
        return context.get_dummy_value()

    return types.void(array, place), code


def _any_of(_typing: Any, row: Any) -> Made:  # noqa: ANN401  # numba's own
    """Return whether any lane of `row` is not 0."""

    def code(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:  # noqa: ANN401  # numba's own
        nothing = ir.Constant(_VECTOR, [0.0] * WIDTH)
        bits = builder.bitcast(builder.fcmp_unordered("!=", args[0], nothing), ir.IntType(WIDTH))
        return builder.icmp_unsigned("!=", bits, ir.Constant(bits.type, 0))

    return types.boolean(row), code


def _unless(_typing: Any, number: Any, row: Any) -> Made:  # noqa: ANN401  # numba's own
    """Return `row`, or 0 in every lane if `number` has a minus, be it -0.0."""

    def code(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:  # noqa: ANN401  # numba's own
        bits = builder.bitcast(args[0], ir.IntType(64))
        negative = builder.icmp_signed("<", bits, ir.Constant(bits.type, 0))
        return builder.select(negative, ir.Constant(_VECTOR, [0.0] * WIDTH), args[1])

    return _ROW(number, row), code


take: Final[Any] = intrinsic(_take)
put: Final[Any] = intrinsic(_put)
alike: Final[Any] = intrinsic(_alike)
fetch: Final[Any] = intrinsic(_fetch)
any_of: Final[Any] = intrinsic(_any_of)
unless: Final[Any] = intrinsic(_unless)


def _lanewise(combine: Callable[[Any, Any, Any], Any]) -> Any:  # noqa: ANN401  # an intrinsic
    def typed(_typing: Any, one: Any, two: Any) -> Made:  # noqa: ANN401  # numba's own
        def code(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:  # noqa: ANN401  # numba's own
            return combine(builder, args[0], args[1])

        return _ROW(one, two), code

    return intrinsic(typed)


def _extreme(name: str) -> Callable[[Any, Any, Any], Any]:
    """Return what builds the larger or smaller of two rows; there are no NaN."""

    def build(builder: Any, one: Any, two: Any) -> Any:  # noqa: ANN401  # numba's own
        kind = ir.FunctionType(_VECTOR, [_VECTOR, _VECTOR])
        full = f"llvm.{name}.v{WIDTH}f64"
        known = builder.module.globals.get(full) or ir.Function(builder.module, kind, full)
        return builder.call(known, [one, two], fastmath=("nnan", "nsz"))

    return build


add = _lanewise(lambda builder, one, two: builder.fadd(one, two))
less = _lanewise(lambda builder, one, two: builder.fsub(one, two))
times = _lanewise(lambda builder, one, two: builder.fmul(one, two))
over = _lanewise(lambda builder, one, two: builder.fdiv(one, two))
larger = _lanewise(_extreme("maxnum"))
smaller = _lanewise(_extreme("minnum"))
reaches = _lanewise(
    lambda builder, one, two: builder.uitofp(builder.fcmp_ordered(">=", one, two), _VECTOR)
)
"""1 in every lane in which `one` ≥ `two`, else 0."""

equal = _lanewise(
    lambda builder, one, two: builder.uitofp(builder.fcmp_ordered("==", one, two), _VECTOR)
)
"""1 in every lane in which `one` = `two`, else 0."""
