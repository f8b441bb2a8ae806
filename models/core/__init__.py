"""Work over columns of plain numbers and bytes in compiled loops: texts, times, hashes, hash tables.

Knows nothing of campaigns or KPIs, and of events only how they are written.

What compiled code is
---------------------
A plain loop over arrays that numba compiles when it is first called (`compiling`): an event costs about a
microsecond, of which reading its JSON is a sixth, where the same in Python and numpy cost four. Read it as
Python: with the compiler off it does the same. Loops that know more than this room are compiled in the rooms
of their rules. What compiled code may do is little, and each rule has its price:

1. *It allocates nothing*: it makes no array, text, list or exception and keeps none; what it fills is handed
   in. `_nrt=False` refuses the rest, and with it go the reference counts of arrays: a scan took 2.5 µs with
   them, 0.17 without.
2. *It returns numbers*, and what is wrong is one of them, by name. Python outside raises, or asks the model,
   which has the last word on whatever is odd.
3. *Every constant has a type* (`U64(7)`, `I64(-1)`): int64 beside uint64 becomes float64, in silence, and a
   key of 64 bits loses eleven of them. Octets are made U64 or I64 before anybody reckons with them: with the
   compiler off they wrap around at 256.
4. *Indices of hot loads are unsigned*: of a signed one numba asks each time whether it counts from the end;
   reading eight bytes at a time took six times as long.
5. *No index leaves its array*: compiled, nobody looks, and what stands there is read or overwritten. Buffers
   go on for PADDING zeros (`octets`), so that loops need not look for the end; every other bound is in the
   loop. So the tests of compiled code run as they are, with NUMBA_BOUNDSCHECK=1 and with
   NUMBA_DISABLE_JIT=1: one wrong index passed all that ran compiled, and was found in three seconds without.
6. *Arrays come in one form*: C-contiguous, writable, each parameter of one type. For any other the function
   would be compiled anew, for seconds, while everybody waits. Columns go in NamedTuples.
7. *A small function that is called once a byte or a field is `inlined`*; any other is `compiled`, and
   called. With numba's own way of inlining, a scan took 1.8 µs and a minute to compile.
8. *It is compiled before work begins*, by a small batch of every kind (`streams.worker.compiling`): whoever
   adds a loop sees to it that such a batch goes through it; a test fails otherwise.
"""
