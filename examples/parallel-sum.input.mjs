// The input of parallel-sum.s on standard output: the integers 1 … 20,480, as 64-bit little-endian words.

const bytes = Buffer.alloc(20_480 * 8);
for (let i = 0; i < 20_480; i++) bytes.writeBigInt64LE(BigInt(i + 1), i * 8);
process.stdout.write(bytes);
