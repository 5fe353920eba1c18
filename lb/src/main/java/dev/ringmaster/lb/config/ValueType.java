package dev.ringmaster.lb.config;

/**
 * What values of a key look like.
 *
 * @param expectation to be read after "is not"
 * @param list whether a file may also give it as a list
 * @param reader from text to value
 */
record ValueType<T>(String expectation, boolean list, Reader<T> reader) {
    /** Reads a text without blanks around it; {@code IllegalArgumentException} if it is not what is expected. */
    @FunctionalInterface
    interface Reader<T> {
        T read(String text);
    }

    ValueType(String expectation, Reader<T> reader) {
        this(expectation, false, reader);
    }
}
