package peers;

import java.util.Arrays;

/** Distinct people: a HyperLogLog of 4 096 registers, one byte each. */
final class People {
    private static final int BITS = 12;
    private static final int SIZE = 1 << BITS;

    private People() {}

    static byte[] none() {
        return new byte[SIZE];
    }

    static void add(byte[] registers, String person) {
        long hash = 0xCBF29CE484222325L;
        for (int at = 0; at < person.length(); at++) {
            hash = (hash ^ person.charAt(at)) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 32;
        }
        hash = (hash ^ (hash >>> 33)) * 0xFF51AFD7ED558CCDL;
        hash = (hash ^ (hash >>> 33)) * 0xC4CEB9FE1A85EC53L;
        hash ^= hash >>> 33;
        int register = (int) (hash >>> (64 - BITS));
        byte rank = (byte) (Long.numberOfLeadingZeros((hash << BITS) | (1L << (BITS - 1))) + 1);
        if (rank > registers[register]) {
            registers[register] = rank;
        }
    }

    static double estimate(byte[] registers) {
        double sum = 0;
        int empty = 0;
        for (byte rank : registers) {
            sum += Math.scalb(1.0, -rank);
            empty += rank == 0 ? 1 : 0;
        }
        double raw = 0.7213 / (1 + 1.079 / SIZE) * SIZE * SIZE / sum;
        return raw <= 2.5 * SIZE && empty > 0 ? SIZE * Math.log((double) SIZE / empty) : raw;
    }

    static byte[] copy(byte[] registers) {
        return Arrays.copyOf(registers, SIZE);
    }
}
