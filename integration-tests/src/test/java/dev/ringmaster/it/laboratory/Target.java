package dev.ringmaster.it.laboratory;

/** What a request's path says: who it is, and which answer it wants. */
record Target(int id, long size, boolean chunked) {
    private static final String PREFIX = "/lab/";

    /** Of a request's head. */
    static Target of(String head) {
        String[] words = path(head).substring(PREFIX.length()).split("/", -1);
        return new Target(Integer.parseInt(words[0]), Long.parseLong(words[1]), words[2].equals("chunked"));
    }

    static String path(String head) {
        return head.substring(head.indexOf(' ') + 1, head.indexOf(" HTTP/1.1"));
    }

    String path() {
        return PREFIX + id + "/" + size + "/" + (chunked ? "chunked" : "length");
    }
}
