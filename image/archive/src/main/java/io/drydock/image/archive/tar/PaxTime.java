package io.drydock.image.archive.tar;

/** A pax time: decimal seconds with an optional sign and fraction. */
final class PaxTime {
    private PaxTime() {}

    static TarEntry.TarTime parse(String text) throws TarException {
        boolean negative = text.startsWith("-");
        String digits = negative ? text.substring(1) : text;
        int dot = digits.indexOf('.');
        long seconds = SparseMap.decimal(dot < 0 ? digits : digits.substring(0, dot));
        int nanos = 0;
        if (dot >= 0) {
            String fraction = (digits.substring(dot + 1) + "000000000").substring(0, 9);
            nanos = (int) SparseMap.decimal(fraction);
        }
        if (!negative) {
            return new TarEntry.TarTime(seconds, nanos);
        }
        return nanos == 0
                ? new TarEntry.TarTime(-seconds, 0)
                : new TarEntry.TarTime(-seconds - 1, 1_000_000_000 - nanos);
    }

    static String format(TarEntry.TarTime time) {
        if (time.nanos() == 0) {
            return Long.toString(time.seconds());
        }
        boolean negative = time.seconds() < 0;
        long seconds = negative ? -(time.seconds() + 1) : time.seconds();
        int nanos = negative ? 1_000_000_000 - time.nanos() : time.nanos();
        String fraction = Integer.toString(1_000_000_000 + nanos).substring(1);
        int end = fraction.length();
        while (fraction.charAt(end - 1) == '0') {
            end--;
        }
        return (negative ? "-" : "") + seconds + "." + fraction.substring(0, end);
    }
}
