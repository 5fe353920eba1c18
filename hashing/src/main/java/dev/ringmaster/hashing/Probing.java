package dev.ringmaster.hashing;

/** How the classic ring looks for a free position when the wanted one is taken. */
public enum Probing {
    /** One position further at a time. */
    LINEAR,
    /** 1, 4, 9, … positions from the wanted one, as many steps as the ring has positions, then linear. */
    QUADRATIC
}
