package dev.ringmaster.lb.listener;

import dev.ringmaster.lb.admin.AdminApi;
import dev.ringmaster.lb.http.RequestHead;
import dev.ringmaster.lb.proxy.Exchange;

/**
 * Who takes a request.
 *
 * <pre>
 *  main port    ─┬─ path is exactly /rep, /add or /rm ──> admin interface, classic calls
 *                └─ any other path ─────────────────────> proxy
 *  second port  ────────────────────────────────────────> admin interface, /api/v1 and the pages for operators
 * </pre>
 */
public final class Dispatchers {
    private Dispatchers() {}

    /** What the main port does. */
    public static Dispatcher main(AdminApi admin) {
        return (loop, client, head) -> isShort(head) && admin.isClassicPath(head.path())
                ? new AdminExchange(loop, client, head, admin::handle)
                : new Exchange(loop, client, head);
    }

    /** Most paths are too long for a classic one: no String is made of them. */
    private static boolean isShort(RequestHead head) {
        return head.pathEnd() - head.targetStart() <= AdminApi.LONGEST_CLASSIC_PATH;
    }

    /** What the second port does. */
    public static Dispatcher second(AdminApi admin) {
        return (loop, client, head) -> new AdminExchange(loop, client, head, admin::handleSecond);
    }
}
