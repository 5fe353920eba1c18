package dev.ringmaster.it.laboratory;

import dev.ringmaster.it.harness.Balancer;
import dev.ringmaster.it.harness.Client.Answer;
import dev.ringmaster.it.harness.Http;
import dev.ringmaster.it.laboratory.Control.Remote;
import java.io.IOException;
import java.util.List;

/** Where faults happen: the replicas, the balancer, and the account of what may be lost unheard. */
record Site(Control control, Windows windows, Balancer balancer) {
    /** The k-th replica by name, as far as there are that many. */
    Remote replica(int k) {
        List<Remote> live = control.live();
        return live.get(k % live.size());
    }

    /** Whether all so many replicas serve, and that one is still among them. */
    boolean serves(Remote replica, int all) throws IOException {
        try (Http http = balancer.http()) {
            return http.get("/rep").text().contains('"' + replica.name() + '"') && balancer.serving(all);
        }
    }

    /** Sends a signal to a replica, if it still lives. */
    static void signal(Remote replica, String signal) throws IOException, InterruptedException {
        if (replica.process().isAlive()) {
            Commands.tryRun(
                    "kill", "-" + signal, String.valueOf(replica.process().pid()));
        }
    }

    /** Calls {@code /add} or {@code /rm}, which must succeed. */
    void scale(String method, String path, int n) throws IOException {
        try (Http http = balancer.http()) {
            Answer answer = http.call(method, path, "", "{\"n\":" + n + "}");
            if (answer.status() != 200) {
                throw new AssertionError(path + " failed: " + answer.head() + answer.text());
            }
        }
    }
}
