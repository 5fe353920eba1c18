package dev.ringmaster.lb.proxy;

import dev.ringmaster.lb.http.MalformedMessage;
import dev.ringmaster.lb.http.Reply;
import dev.ringmaster.lb.telemetry.LoopMetrics.Counter;

/** Why an exchange ended without a replica's answer, as the client is told. */
sealed interface ProxyFailure {
    /** The answer to the client, if nothing has been relayed to it yet. */
    Reply reply();

    /** What is counted. */
    Counter counter();

    /** Whether the client's request is at fault, so that nothing more can be read from it. */
    default boolean clientsFault() {
        return false;
    }

    /** There is no replica to send to, or none came back in time. */
    record NoReplica() implements ProxyFailure {
        @Override
        public Reply reply() {
            return Reply.error(503, "No server replicas available").with("Retry-After", "1");
        }

        @Override
        public Counter counter() {
            return Counter.NO_REPLICA;
        }
    }

    /** Every replica has as many requests in flight as it may have, and none became free in time. */
    record Overloaded() implements ProxyFailure {
        @Override
        public Reply reply() {
            return Reply.error(503, "Server replicas are at their limit").with("Retry-After", "1");
        }

        @Override
        public Counter counter() {
            return Counter.OVERLOADED;
        }
    }

    /** The replica broke off or answered what is no HTTP, and another attempt is not allowed. */
    record ReplicaFailed() implements ProxyFailure {
        @Override
        public Reply reply() {
            return Reply.error(502, "Server replica failed");
        }

        @Override
        public Counter counter() {
            return Counter.REPLICA_FAILED;
        }
    }

    /** The replica took the request and stayed silent. */
    record TimedOut() implements ProxyFailure {
        @Override
        public Reply reply() {
            return Reply.error(504, "Server replica timed out");
        }

        @Override
        public Counter counter() {
            return Counter.TIMED_OUT;
        }
    }

    /** The client stopped in the middle of its request. */
    record ClientTimedOut() implements ProxyFailure {
        @Override
        public Reply reply() {
            return Reply.error(408, "Request was not complete in time");
        }

        @Override
        public Counter counter() {
            return Counter.BAD_REQUEST;
        }

        @Override
        public boolean clientsFault() {
            return true;
        }
    }

    /** The request broke the rules after its head. */
    record Rejected(MalformedMessage fault) implements ProxyFailure {
        @Override
        public Reply reply() {
            return Reply.error(fault.status(), fault.text());
        }

        @Override
        public Counter counter() {
            return Counter.BAD_REQUEST;
        }

        @Override
        public boolean clientsFault() {
            return true;
        }
    }
}
