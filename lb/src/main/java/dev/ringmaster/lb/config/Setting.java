package dev.ringmaster.lb.config;

/** A key together with the type of its values. */
record Setting<T>(ConfigKey key, ValueType<T> type) {
    String name() {
        return key.name();
    }
}
