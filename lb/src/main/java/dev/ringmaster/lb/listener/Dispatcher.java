package dev.ringmaster.lb.listener;

import dev.ringmaster.lb.http.RequestHead;
import dev.ringmaster.lb.proxy.Downstream;
import dev.ringmaster.lb.proxy.ProxyLoop;
import dev.ringmaster.lb.proxy.RequestHandler;

/** Decides who takes a request. Called on the client's event loop. */
@FunctionalInterface
public interface Dispatcher {
    RequestHandler handler(ProxyLoop loop, Downstream client, RequestHead head);
}
