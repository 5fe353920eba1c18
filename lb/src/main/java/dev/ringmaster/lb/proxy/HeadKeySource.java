package dev.ringmaster.lb.proxy;

import dev.ringmaster.lb.balance.KeySource;
import dev.ringmaster.lb.http.Fields;
import dev.ringmaster.lb.http.RequestHead;

/** A request head, and the way it came, as a source of keys. */
record HeadKeySource(RequestHead head, ClientHop hop) implements KeySource {
    @Override
    public byte[] bytes() {
        return head.fields().bytes();
    }

    @Override
    public long header(String lowerCaseName) {
        Fields fields = head.fields();
        int index = fields.find(lowerCaseName, 0);
        return index < 0 ? -1 : place(fields.valueStart(index), fields.valueEnd(index));
    }

    @Override
    public long uri() {
        return place(head.targetStart(), head.targetEnd());
    }

    @Override
    public long path() {
        return place(head.targetStart(), head.pathEnd());
    }

    @Override
    public byte[] clientAddress() {
        return hop.client().getAddress();
    }

    private static long place(int start, int end) {
        return KeySource.place(start, end - start);
    }
}
