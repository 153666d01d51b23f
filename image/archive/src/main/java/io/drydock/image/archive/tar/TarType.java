package io.drydock.image.archive.tar;

/** What an entry of a tar archive is. */
public enum TarType {
    FILE('0'),
    HARD_LINK('1'),
    SYMLINK('2'),
    CHAR_DEVICE('3'),
    BLOCK_DEVICE('4'),
    DIRECTORY('5'),
    FIFO('6');

    private final char flag;

    TarType(char flag) {
        this.flag = flag;
    }

    /** The type flag of POSIX. */
    public char flag() {
        return flag;
    }
}
